"""What is known about the moment at which the open incident began."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from defib.words import Words, number

if TYPE_CHECKING:
    from defib.records import Checkup, Point, Symptom

AT_EPOCH = Words(en="epoch {at}", zh="第 {at} 轮")
AT_STEP = Words(en="step {at}", zh="第 {at} 步")
NEAR = 1.0
"""Epochs between an event and the first evaluation that shows it."""


def at_onset(checkup: Checkup, rule: str) -> tuple[Symptom, ...]:
    """The symptoms of one rule that stand within an epoch of the onset of the open incident.

    Where the run counts steps and no epochs, within the steps from the evaluation before it.
    """
    if checkup.incident is None:
        return ()
    onset = checkup.incident.onset
    gap = _gap(checkup, onset)
    return tuple(one for one in checkup.symptoms if one.rule == rule and _apart(one.onset, onset) <= gap)


def _apart(one: Point, other: Point) -> float:
    if one.epoch is not None and other.epoch is not None:
        return abs(one.epoch - other.epoch)
    alike = one.epoch is None and other.epoch is None and one.step is not None and other.step is not None
    return abs(one.step - other.step) if alike else math.inf  # type: ignore[operator]


def _gap(checkup: Checkup, onset: Point) -> float:
    """What is near the onset, in epochs, or in steps where there are none."""
    if onset.epoch is not None:
        return NEAR
    before = [
        row.step for row in checkup.history if row.step is not None and onset.step is not None and row.step < onset.step
    ]
    return onset.step - max(before) if before and onset.step is not None else -1.0


def branch_falls(checkup: Checkup) -> dict[str, tuple[float, float]]:
    """For each fallen branch: (epoch of its first fall, largest loss in points). The deciding metric is left out."""
    found: dict[str, tuple[float, float]] = {}
    for one in checkup.symptoms:
        if one.rule != "branch_collapse" or one.branch is None or one.onset.epoch is None:
            continue
        epoch, size = found.get(one.branch, (one.onset.epoch, 0.0))
        found[one.branch] = (min(epoch, one.onset.epoch), max(size, one.size or 0.0))
    return found


def when(at: Point) -> Words:
    """A moment: the epoch where it is known, else the step.

    >>> from defib.records import Point
    >>> when(Point(epoch=9.0, step=300)).zh, when(Point(step=300)).en
    ('第 9 轮', 'step 300')
    """
    return AT_EPOCH.fill(at=number(at.epoch)) if at.epoch is not None else AT_STEP.fill(at=number(at.step))
