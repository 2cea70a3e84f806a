"""Halve the number of epochs, and with it the lengths of the schedule behind it.

A convention: the start is already trained, and a shorter schedule shows sooner whether the restart holds.
Keeps: the rate, the schedule's shape.
Gives up: below 20 epochs, the length of the reference recipe.

中文：
把训练轮数减半，其后调度的长度也随之减半。

这是惯例：起点已经训练过，较短的调度能更早看出重启是否站得住。
保持不变：学习率，以及调度的形状。
何时放弃：少于 20 轮，即参考配方的长度。
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defib import settings
from defib.playbook.play import Change, Table, play
from defib.records import Site
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST = 20
LOWEST = 1
"""The first epoch at which a step can be; 0 means from the start."""
WHY = Words(
    en="convention: half the length from a trained start{theirs}",
    zh="惯例：从已训练的权重出发，轮数减半{theirs}",
)
THEIRS = Words(en=" (the reference has {epochs})", zh="（参考配方为 {epochs} 轮）")


@play(treats=None, changes=("max_epochs",), risk="safe")
def halve_epochs(table: Table) -> Iterator[Change]:
    """Halve the epochs and move what the schedule measures in epochs."""
    epochs = table.old("max_epochs")
    if not isinstance(epochs, int) or isinstance(epochs, bool) or epochs // 2 < LEAST:
        return
    setting = table.run.settings["max_epochs"]
    sites = [Site(path=path, old=settings.at(table.tree, path), new=epochs // 2) for path in setting.paths]
    sites += [site for path, step in settings.schedulers(table.tree) for site in _moved(path, step, epochs)]
    sites += _milestones(table)
    theirs = table.reference("max_epochs")
    said = THEIRS.fill(epochs=theirs) if theirs else ""
    yield Change(key="max_epochs", new=epochs // 2, why=WHY.fill(theirs=said), sites=tuple(sites), convention=True)


def _milestones(table: Table) -> Iterator[Site]:
    """The lists of epochs that stand beside the length in layouts without scheduler objects."""
    layout = None if table.run.config is None else settings.layout_of(table.run.config)
    for path in () if layout is None else layout.milestones:
        old = settings.at(table.tree, path) if settings.has(table.tree, path) else None
        if isinstance(old, list) and old and all(isinstance(one, int) for one in old):
            new = [one // 2 if one < LOWEST else max(1, one // 2) for one in old]  # a first step at 0 stays at 0
            if new != old:
                yield Site(path=path, old=old, new=new)


def _moved(path: str, step: dict[str, Any], epochs: int) -> Iterator[Site]:
    """The lengths of one scheduler at half the run; a warm-up keeps its own length."""
    if step.get("type") in settings.WARMUPS or step.get("by_epoch", True) is not True:
        return
    begin, end, new = step.get("begin", 0), step.get("end"), epochs // 2
    if not isinstance(begin, int):
        return
    if end == epochs:
        yield Site(path=f"{path}.end", old=end, new=new)
    if step.get("T_max") in (epochs, epochs - begin) and new > begin:
        yield Site(path=f"{path}.T_max", old=step["T_max"], new=step["T_max"] - epochs + new)
    milestones = step.get("milestones")
    if isinstance(milestones, list) and all(isinstance(one, int) for one in milestones):
        halved = [max(1, one // 2) for one in milestones]
        if halved != milestones:
            yield Site(path=f"{path}.milestones", old=milestones, new=halved)
