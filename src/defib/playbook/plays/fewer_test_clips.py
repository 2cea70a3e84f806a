"""Draw fewer clips a video at test time: one step down on 10, 3, 1. For cost only.

A convention: clips at test time are not used in training and cannot have caused anything.
Keeps: everything about training.
Gives up: at one clip.

中文：
测试时每个视频少取一些片段：按 10、3、1 降一档。只为节省时间。

这是惯例：训练不使用测试时的片段，它们不可能造成任何问题。
保持不变：训练的一切。
何时放弃：已是一个片段。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.playbook.play import Change, Table, play
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = (10, 3, 1)
WHY = Words(
    en="convention, for cost only: one step down on 10, 3, 1; it does not touch training{theirs}",
    zh="惯例，仅为节省测试时间：按 10、3、1 下调一档；不影响训练{theirs}",
)
THEIRS = Words(en=" (the reference reports 1 and {clips})", zh="（参考配方公布 1 片段与 {clips} 片段两种结果）")


@play(treats=None, changes=("test_clips",), risk="safe")
def fewer_test_clips(table: Table) -> Iterator[Change]:
    """Go one step down."""
    clips = table.old("test_clips")
    lower = [step for step in STEPS if isinstance(clips, int) and step < clips]
    if lower:
        theirs = table.reference("test_clips")
        said = THEIRS.fill(clips=theirs) if theirs else ""
        yield Change(key="test_clips", new=max(lower), why=WHY.fill(theirs=said), convention=True)
