"""Set back what was changed when the run was restarted.

The value is the one with which the run was going well, as an earlier part of it, or a checkpoint, wrote it down.
Keeps: everything else.
Gives up: when the change is not named by the cause, or was already decided upon.

中文：
把训练重启时改动的设置改回去。

数值取自训练进展良好的那一部分（或当时的检查点）留下的配置。
保持不变：其他一切。
何时放弃：原因没有指出改动，或已对该设置作出决定。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.playbook.play import Change, Table, play
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

WHY = Words(
    en="the run was going well with it ({file}), and fell when it was changed",
    zh="训练在使用该值时进展良好（{file}），改动之后下跌",
)


@play(
    treats="setting_changed",
    changes=("lr", "momentum", "clip", "loss_weight", "batch_size"),
    risk="safe",
    profiles=("minimal", "conservative"),
    after=("lr_to_reference", "lr_one_notch_down", "halve_clip", "branch_weight_to_reference"),
)
def setting_back(table: Table) -> Iterator[Change]:
    """Give the settings that the cause names their earlier values."""
    if table.cause is None:
        return
    decided = {edit.key for edit in table.before}
    for one in table.cause.for_:
        was = one.facts[0]
        if was.metric in decided or was.metric not in table.run.settings or table.old(was.metric) == was.value:
            continue
        yield Change(key=was.metric, new=was.value, why=WHY.fill(file=was.place.file if was.place else "-"))
