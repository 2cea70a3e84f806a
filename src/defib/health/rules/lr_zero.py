"""The learning rate is exactly zero while training goes on.

Why it matters: without a rate no step does anything: the run burns hours and its curve is a straight line.
How it looks: the first ten logged rates are all zero; or, where the planned length is not known and `lr_dead` cannot look, zeros
for ten values in a row and for at least a fifth of what was logged before them. All parameter groups must be zero.
Stays quiet on: a warm-up whose first row is zero, the end of a schedule, groups that are frozen on purpose, a rate that was only
printed as zero (the loss falls meanwhile). Without a loss it is a note.
Size: how many logged values in a row were zero when it was known.
What to do: Stop it, and look at the schedule and at what was resumed: an optimizer state whose schedule had ended gives
this.

中文：
训练仍在继续，学习率却恰好为零。

为何重要：没有学习率，任何一步都不起作用：白白消耗时间，曲线是一条直线。
判断依据：最初十个学习率全部为零；或者在不知道计划长度、`lr_dead` 无法检查时，连续十个值为零，且至少达到此前记录
数的五分之一。所有参数组都必须为零。
不会报告：首行为零的学习率预热、调度的末尾、有意冻结的参数组，以及只是打印成零的学习率（损失仍在下降）。没有损失
时只作提示。
数值含义：能够确认时，连续为零的记录值个数。
如何处理：停止训练，检查调度以及恢复了什么：恢复到已结束的调度状态就会这样。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import Finding, rule
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Column, Run, Series

ROW = 10  # logged values; warm-ups and skipped first steps log fewer zeros. Assumed
BEFORE = 0.2  # of what was logged before; the end of a schedule is shorter. Assumed
FELL = 0.05  # of the loss; a model whose loss falls by more is learning. Assumed
FEW = 5  # losses on either side, of which the medians are compared; assumed


@rule(
    needs=("train/lr",),
    says=Words(
        en="the learning rate has been zero for {count} logged values, and training goes on",
        zh="学习率已连续 {count} 个记录值为零，而训练仍在继续",
    ),
)
def lr_zero(run: Run) -> Iterator[Finding]:
    """Find stretches in which every group's rate is zero."""
    series = run.branches("train/lr")[0]
    zero = _all_groups_zero(run, series)
    if not zero.any():
        return
    known_length = isinstance(run.setting("max_epochs"), int)
    positive = np.concatenate(([False], np.logical_or.accumulate(series.value > 0)))
    start, told, look = 0, False, ROW
    for index in range(len(zero)):
        if not zero[index]:
            start, told, look = index + 1, False, ROW
            continue
        count = index - start + 1
        if told or count < look:
            continue
        look *= 2  # each look twice as late, so that a long log stays quick
        if positive[start] and (known_length or count < BEFORE * start):
            continue
        falls = _falls(run, series, start, index)
        if falls:
            continue
        told = True
        over = np.flatnonzero(~zero[index:])
        yield Finding(
            series=series,
            index=start,
            known=index,
            severity="note" if falls is None else "watch",
            size=float(count),
            cleared=index + int(over[0]) if len(over) else None,
            facts=(run.fact(series, start), run.fact(series, index)),
            values={"count": count},
        )


def _all_groups_zero(run: Run, series: Series) -> Column:
    """For each value of the first group whether every group that was logged beside it is zero."""
    zero: Column = series.value == 0
    for other in run.branches("train/lr")[1:]:
        zero &= ~np.isin(series.record, other.record[other.value != 0])
    return zero


def _falls(run: Run, series: Series, start: int, index: int) -> bool | None:
    """Whether the loss fell in a stretch; None when it was not logged there."""
    loss = next(iter(run.branches("train/loss")), None)
    if loss is None:
        return None
    within = loss.value[(loss.record >= series.record[start]) & (loss.record <= series.record[index])]
    within = within[np.isfinite(within)]
    if len(within) < ROW:
        return None
    return bool(np.median(within[-FEW:]) < (1.0 - FELL) * np.median(within[:FEW]))
