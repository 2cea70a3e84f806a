"""Take colour jitter out of the training pipeline.

Keeps: the model, the loss, every other transform.
Gives up: when there is none, or when the reference uses it too.

中文：
从训练流水线中去掉颜色扰动。

保持不变：模型、损失、其他所有变换。
何时放弃：本来就没有，或参考配方也在使用。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.playbook.play import Change, Table, play, removed
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

WHY = Words(en="the reference has no colour jitter", zh="参考配方不使用颜色扰动")


@play(treats="augmentation_too_strong", changes=("color_jitter",), risk="ask")
def drop_color_jitter(table: Table) -> Iterator[Change]:
    """Remove the transform wherever the training pipeline is written."""
    if table.old("color_jitter") is None or table.run.reference is None or table.reference("color_jitter") is not None:
        return
    yield Change(key="color_jitter", new=None, why=WHY, sites=removed(table.run, "color_jitter"))
