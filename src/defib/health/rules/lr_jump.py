"""The learning rate jumped far above anything the run had used.

Why it matters: a step size that was never tried on these weights can throw them out of the region that they found, in
one epoch and without a NaN.
How it looks: from one logged value to the next the rate at least triples and exceeds by half the highest rate so far,
after it had held or fallen for at least three logged values.
Stays quiet on: warm-up ramps, which rise every time; warm restarts, which return to a rate already used; the first
three logged values.
Size: the factor.
What to do: Find the step of the schedule, the resume or the change of batch that raised it. If the score fell with it, go
back to before the jump (`defib rescue`).

中文：
学习率突然跳到远高于此前所有取值的水平。

为何重要：这组权重从未经历过这样大的步长，一轮之内就可能被甩出原来的区域，而且不一定出现 NaN。
判断依据：相邻两个记录值之间学习率至少变为三倍，并比此前最高值高出一半，而在此之前至少三个记录值持平或下降。
不会报告：逐步上升的学习率预热、回到曾用过的学习率的热重启，以及最初三个记录值。
数值含义：倍数。
如何处理：找出提高它的调度步骤、恢复训练或批大小变化。若成绩随之下跌，就回到跳变之前（`defib rescue`）。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import Finding, rule
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run

FACTOR = 3.0  # times the value before; assumed
ABOVE = 1.5  # times the highest rate so far; assumed
HELD = 3  # logged values; assumed


@rule(
    needs=("train/lr",),
    fall=True,
    says=Words(
        en="the learning rate jumped from {before} to {now}, {factor}-fold",
        zh="学习率从 {before} 跳到 {now}，为原来的 {factor} 倍",
    ),
)
def lr_jump(run: Run) -> Iterator[Finding]:
    """Find jumps above every rate so far."""
    series = run.branches("train/lr")[0]
    rate = series.value
    highest = np.fmax.accumulate(rate)
    candidates = np.flatnonzero((rate[1:] >= FACTOR * rate[:-1]) & (rate[1:] > ABOVE * highest[:-1])) + 1
    for index in candidates.tolist():
        if index < HELD or rate[index - 1] <= 0:
            continue
        held = np.diff(rate[index - HELD : index])
        if (held > 0).any():
            continue
        factor = float(rate[index] / rate[index - 1])
        yield Finding(
            series=series,
            index=index,
            known=index,
            severity="watch",
            size=factor,
            facts=(run.fact(series, index - 1), run.fact(series, index)),
            values={
                "before": number(float(rate[index - 1])),
                "now": number(float(rate[index])),
                "factor": number(factor, 3),
            },
        )
