"""Bring the learning rate to the reference recipe's, scaled to the run's batch.

Linear scaling (Goyal et al. 2017, arXiv 1706.02677, section 2.1): the rate goes with the samples per step.
Keeps: the model, the data, the loss, the schedule's shape.
Gives up: at the scaled reference, or when the reference or the batch is not known.

中文：
把学习率改为参考配方的值，并按批大小换算。

线性缩放（Goyal 等 2017，arXiv 1706.02677，第 2.1 节）：学习率与每步样本数成正比。
保持不变：模型、数据、损失、调度的形状。
何时放弃：已等于换算后的参考值，或不知道参考值或批大小。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.playbook.play import Change, Table, play
from defib.playbook.rate import ABOVE, reference_rate
from defib.scaling import total_batch
from defib.settings import plain
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

WHY = Words(
    en="{theirs} at a batch of {base} scales to {new} at {batch}",
    zh="参考配方在批大小 {base} 时为 {theirs}，按线性缩放到 {batch} 即为 {new}",
)


@play(treats="lr_too_high", changes=("lr",), risk="safe", profiles=("minimal", "conservative"))
def lr_to_reference(table: Table) -> Iterator[Change]:
    """Lower the rate to the scaled reference."""
    rate, new = plain(table.old("lr")), reference_rate(table.run)
    if rate is None or new is None or table.run.reference is None or rate <= ABOVE * new:
        return
    words = {
        "theirs": number(float(table.run.reference.settings["lr"])),
        "base": table.run.reference.batch,
        "batch": total_batch(table.run),
        "new": number(new),
    }
    yield Change(key="lr", new=new, why=WHY.fill(**words))
