"""The learning rate is zero, or next to nothing, long before the end.

Why it matters: without a step nothing is learned; what looks like convergence is a schedule that ended too early.
How it looks: five logged values in a row below a ten-thousandth of the highest rate so far, while at least a fifth of
the planned epochs are left.
Stays quiet on: the tail of a cosine or of step decay at the end of the run, warm-ups, which begin low, and runs whose
length is not known (listed as not checked).
Size: the rate, as a share of the highest.
What to do: Check the schedule's length against the planned one (`T_max`, `end`, steps instead of epochs), and go on from
the last checkpoint with a schedule that fits.

中文：
学习率在远未结束时就已为零或接近于零。

为何重要：不更新就学不到东西；看似收敛，其实是学习率调度提前结束了。
判断依据：连续五个记录值低于目前最高学习率的万分之一，而计划的轮数至少还剩五分之一。
不会报告：训练末尾的余弦或阶梯衰减、从低值开始的学习率预热，以及不知道总长度的训练（列为未检查）。
数值含义：学习率占最高值的比例。
如何处理：核对调度长度与计划长度是否一致（`T_max`、`end`、把步数当成了轮数），改正后从最后的检查点继续。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import Finding, rule
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run

NOTHING = 1e-4  # of the highest rate so far; assumed
ROW = 5  # logged values; assumed
LEFT = 0.2  # of the planned epochs; assumed
NO_LENGTH = Words(en="the planned number of epochs is not known", zh="不知道计划训练的轮数")


@rule(
    needs=("train/lr",),
    blind=lambda run: None if isinstance(run.setting("max_epochs"), int) else NO_LENGTH,
    says=Words(
        en="the learning rate is {now} from here on, after a peak of {peak}, with {left} of {all} epochs to go",
        zh="从此处起学习率为 {now}（峰值曾为 {peak}），而 {all} 轮中还剩 {left} 轮",
    ),
)
def lr_dead(run: Run) -> Iterator[Finding]:
    """Find the first five values in a row at next to nothing."""
    series, length = run.branches("train/lr")[0], run.setting("max_epochs")
    highest = np.fmax.accumulate(series.value)
    dead = (series.value <= NOTHING * highest) & (highest > 0)
    for known in range(ROW - 1, len(dead)):
        index = known - ROW + 1
        if not dead[index : known + 1].all():
            continue
        epoch = float(series.epoch[known])
        if np.isnan(epoch) or length - epoch < LEFT * length:
            return
        yield Finding(
            series=series,
            index=index,
            known=known,
            severity="watch",
            size=float(series.value[known] / highest[known]),
            facts=(run.fact(series, index), run.fact(series, known)),
            values={
                "now": number(float(series.value[known])),
                "peak": number(float(highest[known])),
                "left": number(length - epoch),
                "all": length,
            },
        )
        return
