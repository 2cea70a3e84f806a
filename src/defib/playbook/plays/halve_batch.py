"""Halve the batch of a card, and accumulate twice as many of them.

A step then needs about half the memory for its activations, and the optimizer still sees as many samples at the same
rate. An odd batch is divided by the smallest number that divides it.
Keeps: the samples of an optimizer step, the rate, the number of epochs, the model, the data, the loss.
Gives up: at a batch of one, or at one that is smaller already; where no key is known that accumulates; where the program scales the rate to the batch
without counting what is accumulated; where the length is counted in steps, which may count batches.

中文：
把每张卡的批大小减半，并将累积步数加倍。

这样每一步的激活所需显存约为原来的一半，而优化器每次更新仍看到同样多的样本，学习率不变。批大小为奇数时，除以它的最小因数。
保持不变：每次更新的样本数、学习率、训练轮数、模型、数据、损失。
何时放弃：批大小已是 1，或已经更小；没有已知的键可以设置累积步数；程序会按批大小缩放学习率而不计累积步数；训练长度以步数计
（步数可能按批次计）。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib import settings
from defib.playbook.play import Change, Table, play
from defib.records import Site
from defib.scaling import scales_itself
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.settings import Layout

WHY = Words(
    en="memory ran out at {old} per GPU; {count} batches of {new} make one step now, so that the rate still fits. BatchNorm sees the smaller batch",
    zh="每张 GPU {old} 个样本时内存（显存）不足；现在由 {count} 个大小为 {new} 的批次组成一步，学习率因此仍然合适。BatchNorm 看到的是较小的批次",
)
COUNTS_THEM = frozenset({"trainer"})
"""Layouts whose own scaling of the rate counts what is accumulated."""


@play(treats="memory_ran_out", changes=("batch_size",), risk="safe", profiles=("minimal", "conservative"))
def halve_batch(table: Table) -> Iterator[Change]:
    """Divide the batch with which memory ran out."""
    asked, first = _ran_out_at(table), table.old("batch_size")
    layout = None if table.run.config is None else settings.layout_of(table.run.config)
    if asked is None or asked < 2 or not isinstance(first, int) or layout is None or not _fits(table, layout):  # noqa: PLR2004 (one is the least)
        return
    new = asked // next(number for number in range(2, asked + 1) if asked % number == 0)
    gathered = layout.gathered(table.tree)
    if gathered is None or first <= new or first * gathered % new:
        return
    count = first * gathered // new
    path = next((one for one in layout.accumulates if settings.has(table.tree, one)), None)
    old = None if path is None else settings.at(table.tree, path)
    accumulate = Site(
        path=path or layout.accumulates[0], old=old, new=count, action="insert" if path is None else "set"
    )
    held = table.run.settings["batch_size"].paths
    batch = tuple(Site(path=one, old=settings.at(table.tree, one), new=new) for one in held)
    why = WHY.fill(old=asked, new=new, count=count)
    yield Change(key="batch_size", new=new, why=why, sites=(*batch, accumulate))


def _ran_out_at(table: Table) -> int | None:
    """The batch that the cause names: that of the attempt, which may be smaller than the config's."""
    facts = () if table.cause is None else tuple(fact for one in table.cause.for_ for fact in one.facts)
    found = next((fact.value for fact in facts if fact.metric == "batch_size"), None)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _fits(table: Table, layout: Layout) -> bool:
    if not layout.accumulates or "max_steps" in table.run.settings:
        return False
    return layout.name in COUNTS_THEM or not scales_itself(table.run)
