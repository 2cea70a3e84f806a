"""The run trains for epochs without being evaluated.

Why it matters: a training loss says nothing about other data. Over-fitting, a fault in the labels and the best checkpoint all
remain unseen.
How it looks: ten epochs of training and not one value that was measured on held-out data. It is a note: the evaluation may
be made by another program, or at the end.
Stays quiet on: shorter runs, runs that are evaluated seldom but within ten epochs, and logs without epochs (listed as not checked).
Size: epochs.
What to do: Turn validation on, or evaluate a saved checkpoint now: it is the only way to know which one to keep.

中文：
训练了许多轮却没有做过评估。

为何重要：训练损失不能说明模型在其他数据上的表现。过拟合、标签错误和最佳检查点都无从得知。
判断依据：训练满十轮，没有任何在留出数据上测得的数值。它只是提示：评估可能由其他程序进行，或安排在最后。
不会报告：更短的训练、评估不频繁但十轮之内有过的训练，以及没有轮数的日志（列为未检查）。
数值含义：轮数。
如何处理：打开验证，或现在就评估一个已保存的检查点：只有这样才知道该保留哪一个。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import Finding, rule
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

EPOCHS = 10.0  # assumed; detectors are evaluated every tenth epoch, hardly less often
NO_EPOCHS = Words(en="the training log counts no epochs", zh="训练日志中没有轮数")


@rule(
    needs=(),
    blind=lambda run: None if _clock(run) is not None else NO_EPOCHS,
    says=Words(
        en="{count} epochs of training, and nothing was measured on held-out data",
        zh="已训练 {count} 轮，却没有在留出数据上做过任何评估",
    ),
)
def no_evaluation(run: Run) -> Iterator[Finding]:
    """Find the first record of the eleventh epoch when there was no evaluation before it."""
    clock = _clock(run)
    if clock is None:
        return
    start = int(np.argmax(np.isfinite(clock.epoch)))
    late = np.flatnonzero(clock.epoch - clock.epoch[start] >= EPOCHS)
    if not len(late):
        return
    known = int(late[0])
    held_out = [float(one.record[0]) for one in run.series if one.key.startswith(("val/", "test/")) and len(one)]
    first = min(held_out, default=np.inf)
    if first < clock.record[known]:
        return
    after = np.flatnonzero(clock.record > first)
    yield Finding(
        series=clock,
        index=start,
        known=known,
        severity="note",
        size=EPOCHS,
        cleared=int(after[0]) if len(after) else None,
        facts=(run.fact(clock, start), run.fact(clock, known)),
        values={"count": f"{EPOCHS:.0f}"},
    )


def _clock(run: Run) -> Series | None:
    """The series of training that was logged first and knows its epoch; the loss before others."""
    found = [one for one in run.series if one.key.startswith("train/") and np.isfinite(one.epoch).any()]
    return min(found, key=lambda one: (one.metric != "train/loss", float(one.record[0])), default=None)
