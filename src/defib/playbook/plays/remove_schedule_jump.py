"""Take the upward step, or the ramp, out of the learning-rate schedule.

The factor at the onset becomes 1, so that the rate at which the run was healthy goes on.
Keeps: the model, the data, the loss, the rate itself, every other part of the schedule.
Gives up: when no step of the schedule raises the rate.

中文：
去掉学习率调度中上调的一步或爬升段。

崩溃点处的倍率改为 1，让训练正常时的学习率延续下去。
保持不变：模型、数据、损失、学习率本身，以及调度的其他部分。
何时放弃：调度中没有任何一步上调学习率。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib import settings
from defib.playbook.play import Change, Table, like, play
from defib.records import Site
from defib.settings import plain
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIMBS = Words(
    en="along this ramp the rate climbed beyond all that the run had learned with; 1 keeps the rate at which it was healthy",
    zh="学习率沿这段爬升超出了训练此前经历过的水平；改为 1 即保持训练正常时的学习率",
)
WHY = Words(
    en="this step multiplied the rate by {factor} at the onset; 1 keeps the rate at which the run was healthy",
    zh="该步在崩溃点把学习率乘以 {factor}；改为 1 即保持训练正常时的学习率",
)


@play(
    treats="schedule_event",
    changes=("schedule_factor",),
    risk="safe",
    profiles=("minimal", "conservative"),
)
def remove_schedule_jump(table: Table) -> Iterator[Change]:
    """Set the factors above 1 that the cause names to 1; all of them where no cause is given."""
    named = None if table.cause is None else {fact.metric for one in table.cause.for_ for fact in one.facts}
    for site, old, gradual in _factors(table):
        factor = plain(old)
        if factor is None or factor <= 1.0 or (named is not None and site not in named):
            continue
        new = like(old, 1.0)
        yield Change(
            key="schedule_factor",
            old=old,
            new=new,
            why=CLIMBS if gradual else WHY.fill(factor=number(factor)),
            sites=(Site(path=site, old=old, new=new),),
        )


def _factors(table: Table) -> Iterator[tuple[str, object, bool]]:
    """Where factors of the schedule stand, what they are, and whether the rate gets there gradually."""
    for path, step in settings.schedulers(table.tree):
        yield f"{path}.gamma", step.get("gamma"), False
    layout = None if table.run.config is None else settings.layout_of(table.run.config)
    for one in () if layout is None or layout.stepped is None else layout.stepped(table.tree):
        yield one.path, settings.at(table.tree, one.path), one.gradual
