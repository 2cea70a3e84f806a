"""Halve the largest gradient norm.

A convention: it bounds the steps of a restart, and no measurement says that half is right; without a logged gradient
norm it is not even known whether the limit was ever reached.
Keeps: the model, the data, the loss, the rate.
Gives up: at or below 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.playbook.play import Change, Table, like, plain, play
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
