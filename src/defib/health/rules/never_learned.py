"""The run is far below what the recipe that it follows reaches at the same moment.

Why it matters: tuning a run that started wrong polishes the wrong thing; a missing initialisation or a label fault
looks exactly like this, and no learning rate cures it.
How it looks: a reference recipe fits the config and says what the metric should be after so many epochs; the first
evaluation from then on has not half of it.
Stays quiet on: runs that no reference fits (listed as not checked), and values above half of what is expected.
Size: points below the expectation.
What to do: Do not tune yet. Check what was loaded and how many keys matched, then labels and class list; start again from
the initialisation that the recipe has.

中文：
与所依据的配方相比，训练在同一时刻的成绩远远不及。

为何重要：一开始就错了的训练，调参只是在打磨错误的东西；缺少初始化或标签错误正是这种表现，任何学习率都治不好。
判断依据：有与配置相符的参考配方，且它给出了若干轮之后应有的成绩；从那时起的第一次评估还不到一半。
不会报告：没有相符配方的训练（列为未检查），以及超过预期一半的成绩。
数值含义：低于预期的百分点数。
如何处理：先不要调参。检查加载了什么、匹配了多少参数，再查标签和类别表；按配方的初始化重新开始。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import Finding, rule
from defib.records import Fact, Point, Run
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARE = 0.5  # of what the reference reaches; assumed
NO_REFERENCE = Words(
    en="no reference recipe says what this run should reach (none fits its config, or no config was given)",
    zh="没有参考配方说明这次训练应达到多少（没有与配置相符的配方，或没有给出配置）",
)


def _blind(run: Run) -> Words | None:
    if run.reference is None:
        return NO_REFERENCE
    return None if run.reference.expects else run.reference.why or NO_REFERENCE


@rule(
    needs=("deciding",),
    blind=_blind,
    says=Words(
        en="the {metric} is {now} where {reference} has about {expected} ({basis})",
        zh="{metric}为 {now}，而参考配方“{reference}”此时约为 {expected}（{basis}）",
    ),
)
def never_learned(run: Run) -> Iterator[Finding]:
    """Compare the first evaluation after each expected moment with what is expected there."""
    if run.reference is None:
        return
    for expected in run.reference.expects:
        series = run.get(expected.key) or run.get(expected.key.rpartition("/")[0])
        if series is None:
            continue
        after = np.flatnonzero(series.epoch >= expected.epoch)
        if not len(after) or series.epoch[after[0]] > expected.epoch + 1:
            continue  # what happened at that moment was not logged
        index = int(after[0])
        now = float(series.value[index])
        if now < SHARE * expected.value:
            yield Finding(
                series=series,
                index=index,
                known=index,
                severity="watch",
                size=expected.value - now,
                facts=(
                    run.fact(series, index),
                    Fact(metric=f"reference {expected.key}", value=expected.value, at=Point(epoch=expected.epoch)),
                ),
                values={
                    "now": f"{now:.2f}{series.unit}",
                    "expected": f"{expected.value:.1f}{series.unit}",
                    "reference": run.reference.says,
                    "basis": expected.says,
                },
            )
