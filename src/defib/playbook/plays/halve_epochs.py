"""Halve the length of the run, and with it the lengths of the schedule behind it.

A convention: the start is already trained, and a shorter schedule shows sooner whether the restart holds. A run that is
measured in steps has its steps halved, with the milestones that count them.
Keeps: the rate, the schedule's shape, the length of a warm-up.
Gives up: below 20 epochs, the length of the reference recipe, or 1000 steps.

中文：
把训练长度减半，其后调度的长度也随之减半。

这是惯例：起点已经训练过，较短的调度能更早看出重启是否站得住。以步数计长的训练，其步数以及按步数计的里程碑一并减半。
保持不变：学习率、调度的形状、预热的长度。
何时放弃：减半后少于 20 轮（即参考配方的长度）或 1000 步。
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from defib import settings
from defib.playbook.play import Change, Table, play
from defib.records import Site
from defib.settings import plain
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST = {"max_epochs": 20, "max_steps": 1000}
"""What is left at least. Epochs: the length of the reference recipe; steps: assumed."""
LOWEST = 1
"""The first epoch at which a step can be; 0 means from the start."""
WHY = Words(
    en="convention: half the length from a trained start{theirs}",
    zh="惯例：从已训练的权重出发，轮数减半{theirs}",
)
WHY_STEPS = Words(
    en="convention: half the length from a trained start",
    zh="惯例：从已训练的权重出发，步数减半",
)
THEIRS = Words(en=" (the reference has {epochs})", zh="（参考配方为 {epochs} 轮）")
_PAIR = re.compile(r"\(\s*\d{1,12}\s*(?:,\s*\d{1,12}\s*)*,?\s*\)")
"""A tuple as detectron2 writes it in YAML, where it is a text."""


@play(treats=None, changes=("max_epochs", "max_steps"), risk="safe")
def halve_epochs(table: Table) -> Iterator[Change]:
    """Halve the epochs, or the steps, and move what the schedule measures in them."""
    known = [key for key in LEAST if key in table.run.settings]
    if len(known) != 1:  # of two limits it is not known which one ends the run
        return
    (key,) = known
    old, new = table.old(key), _half(table.old(key))
    if not isinstance(new, int | float) or new < LEAST[key]:
        return
    by_epoch = key == "max_epochs"
    setting = table.run.settings[key]
    sites = [Site(path=path, old=settings.at(table.tree, path), new=new) for path in setting.paths]
    schedulers = settings.schedulers(table.tree)
    sites += [site for path, step in schedulers for site in _moved(path, step, int(old), by_epoch=by_epoch)]
    sites += _lengths(table)
    theirs = table.reference("max_epochs") if by_epoch else None
    said = THEIRS.fill(epochs=theirs) if theirs else ""
    why = WHY.fill(theirs=said) if by_epoch else WHY_STEPS
    yield Change(key=key, new=new, why=why, sites=tuple(sites), convention=True)


def _lengths(table: Table) -> Iterator[Site]:
    """What stands beside the length and counts as it does, in layouts without scheduler objects."""
    layout = None if table.run.config is None else settings.layout_of(table.run.config)
    for path in () if layout is None or layout.lengths is None else layout.lengths(table.tree):
        old = settings.at(table.tree, path) if settings.has(table.tree, path) else None
        new = _halved(old)
        if new is not None and new != old:
            yield Site(path=path, old=old, new=new)


def _halved(old: object) -> object:
    """Half of a length, of a list of them, or of a tuple that is a text; None for anything else.

    >>> _halved([0, 94, 1]), _halved("(60000, 80000)"), _halved(30.0), _halved([2.5]), _halved("cosine")
    ([0, 47, 1], '(30000, 40000)', 15.0, None, None)
    """
    if isinstance(old, list):
        new = [_half(one) for one in old]
        return new if new and None not in new else None
    if isinstance(old, str) and _PAIR.fullmatch(old):
        return re.sub(r"\d+", lambda found: str(_half(int(found[0]))), old)
    return _half(old)


def _half(old: object) -> float | int | None:
    """Half of a whole number, in its own kind; 0 stays 0 and 1 stays 1. None for anything else."""
    if plain(old) is None or not isinstance(old, int | float) or old < 0 or old != int(old):
        return None
    new = int(old) // 2 if old < LOWEST else max(1, int(old) // 2)
    return float(new) if isinstance(old, float) else new


def _moved(path: str, step: dict[str, Any], length: int, *, by_epoch: bool) -> Iterator[Site]:
    """The lengths of one scheduler at half the run; a warm-up keeps its own length."""
    if step.get("type") in settings.WARMUPS or step.get("by_epoch", True) is not by_epoch:
        return
    begin, end, new = step.get("begin", 0), step.get("end"), length // 2
    if not isinstance(begin, int):
        return
    if end == length:
        yield Site(path=f"{path}.end", old=end, new=new)
    if step.get("T_max") in (length, length - begin) and new > begin:
        yield Site(path=f"{path}.T_max", old=step["T_max"], new=step["T_max"] - length + new)
    milestones = step.get("milestones")
    if isinstance(milestones, list) and all(isinstance(one, int) for one in milestones):
        halved = [max(1, one // 2) for one in milestones]
        if halved != milestones:
            yield Site(path=f"{path}.milestones", old=milestones, new=halved)
