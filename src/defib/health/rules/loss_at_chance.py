"""The training loss has never gone below that of guessing.

Why it matters: a cross-entropy of ln K is what a head pays that gives each of K classes the same probability. A head that
stays there has learned nothing: its input, its labels or its rate is wrong, or its parameters are not in the optimizer.
How it looks: for five epochs and twenty logged values, or two hundred values where epochs are not known, the median of ten
never lay more than 5 % below ln K, and the last one lies within 5 % of it. Each branch's loss is looked at; a total only where it is alone.
Stays quiet on: losses that start at ln K and fall, sums of several losses and weighted ones, which lie elsewhere, and heads that
learned and forgot. Where the number of classes is not known it cannot look.
Size: how far the loss lies from ln K, in per cent of it.
What to do: Let it over-fit one batch. If it can not, the input, the labels or the optimizer's parameter list is wrong; if
it can, the learning rate is.

中文：
训练损失从未低于随机猜测的水平。

为何重要：对 K 个类别给出相同概率时，交叉熵就是 ln K。停在这里的分类头什么也没学到：输入、标签或学习率有误，或它
的参数没有交给优化器。
判断依据：至少五轮且二十个记录值（不知道轮数时为二百个值），十值中位数从未比 ln K 低 5% 以上，且最后一个与 ln K
相差不超过 5%。逐个分支检查；只有单独一项损失时才看总损失。
不会报告：从 ln K 开始下降的损失、多项之和或加权的损失（它们不在 ln K 处），以及学会后又遗忘的分类头。不知道类别
数时无法检查。
数值含义：损失与 ln K 的差距，占 ln K 的百分比。
如何处理：让它在一个批次上过拟合。做不到，说明输入、标签或优化器的参数列表有误；做得到，则是学习率的问题。
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import Finding, rule
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

NEAR = 0.05  # of ln K; assumed
BLOCK = 10  # logged values under one median; a mini-batch alone scatters. Assumed
ROW = 20  # logged values; assumed
EPOCHS = 5.0  # of training; assumed
ROW_WITHOUT_EPOCHS = 200  # logged values; assumed
NO_CLASSES = Words(
    en="the number of classes is not known, so that the loss of guessing is not known either",
    zh="不知道类别数，因此也不知道随机猜测对应的损失",
)


@rule(
    needs=("train/loss",),
    blind=lambda run: None if run.classes and run.classes > 1 else NO_CLASSES,
    says=Words(
        en="the {metric} is {now} after all that training and never went below: guessing among {classes} classes costs {guess}",
        zh="{metric}训练至今仍为 {now}，从未更低：在 {classes} 个类别中随机猜测的损失就是 {guess}",
    ),
)
def loss_at_chance(run: Run) -> Iterator[Finding]:
    """Find heads whose loss has stood at that of guessing since the start."""
    if not run.classes:
        return
    guess = math.log(run.classes)
    losses = run.branches("train/loss")
    sums = len(losses) > 1 or len(run.branches("train/loss_part")) > 1
    for loss in losses:
        if loss.branch is not None or not sums:
            yield from _standing(run, loss, guess)


def _standing(run: Run, loss: Series, guess: float) -> Iterator[Finding]:
    finite = np.flatnonzero(np.isfinite(loss.value))
    blocks = len(finite) // BLOCK
    if not blocks:
        return
    ends = finite[BLOCK - 1 : blocks * BLOCK : BLOCK]  # a block is known when its last value is
    medians = np.median(loss.value[finite[: blocks * BLOCK]].reshape(blocks, BLOCK), axis=1)
    first = int(finite[0])
    span = loss.epoch[ends] - loss.epoch[first] + 1.0
    values = BLOCK * np.arange(1, blocks + 1)
    long = np.where(np.isnan(span), values >= ROW_WITHOUT_EPOCHS, (span >= EPOCHS) & (values >= ROW))
    below = np.flatnonzero(medians < (1.0 - NEAR) * guess)
    there = np.flatnonzero(long & (medians <= (1.0 + NEAR) * guess))
    if not len(there) or (len(below) and below[0] <= there[0]):
        return
    known, median = int(ends[there[0]]), float(medians[there[0]])
    yield Finding(
        series=loss,
        index=first,
        known=known,
        severity="watch",
        size=100.0 * abs(median / guess - 1.0),
        cleared=int(ends[below[0]]) if len(below) else None,
        facts=(run.fact(loss, first), run.fact(loss, known)),
        values={"now": number(median), "classes": run.classes, "guess": number(guess)},
    )
