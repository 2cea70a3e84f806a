"""Crop no more than the reference recipe does.

Keeps: the model, the loss, every other transform.
Gives up: at the reference's area, or without a reference.

中文：
随机裁剪的范围不超过参考配方。

保持不变：模型、损失、其他所有变换。
何时放弃：已等于参考配方的面积，或没有参考配方。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.playbook.play import Change, Table, play
from defib.settings import plain
from defib.words import Words, shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator

WHY = Words(
    en="the reference takes {theirs}; smaller crops of a person's box cut off hands and feet",
    zh="参考配方为 {theirs}；对人体框更小的裁剪会切掉手脚",
)


@play(treats="augmentation_too_strong", changes=("crop_area",), risk="ask")
def crop_area_to_reference(table: Table) -> Iterator[Change]:
    """Set the crop's area to the reference's when it may take less."""
    area, theirs = table.old("crop_area"), table.reference("crop_area")
    if not isinstance(area, list) or not isinstance(theirs, list) or not area:
        return
    smallest = plain(area[0])
    if smallest is not None and smallest < theirs[0]:
        yield Change(key="crop_area", new=theirs, why=WHY.fill(theirs=shown_value(theirs)))
