"""Halve the largest gradient norm.

A convention: it bounds the steps of a restart, and no measurement says that half is right; without a logged gradient
norm it is not even known whether the limit was ever reached.
Keeps: the model, the data, the loss, the rate.
Gives up: at or below 1.

中文：
把梯度裁剪的最大范数减半。

这是惯例：它限制重启时的步长，但没有测量表明减半恰好合适；没有记录梯度范数时，甚至不知道阈值是否起过作用。
保持不变：模型、数据、损失、学习率。
何时放弃：已不大于 1。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.playbook.play import Change, Table, like, play
from defib.settings import plain
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

LOWEST = 1.0
WHY = Words(
    en="convention: half of the limit bounds the first steps of a restart{theirs}",
    zh="惯例：阈值减半，限制重启初期的步长{theirs}",
)
THEIRS = Words(en=" (the reference has {clip})", zh="（参考配方为 {clip}）")


@play(treats=None, changes=("clip",), risk="safe")
def halve_clip(table: Table) -> Iterator[Change]:
    """Halve the limit."""
    clip = plain(table.old("clip"))
    if clip is None or clip / 2 < LOWEST:
        return
    theirs = plain(table.reference("clip"))
    said = THEIRS.fill(clip=number(theirs)) if theirs else ""
    yield Change(key="clip", new=like(table.old("clip"), clip / 2), why=WHY.fill(theirs=said), convention=True)
