"""What is known about the moment at which the open incident began."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defib.records import Checkup, Symptom

NEAR = 1.0
"""Epochs between an event and the first evaluation that shows it."""


def at_onset(checkup: Checkup, rule: str) -> tuple[Symptom, ...]:
    """The symptoms of one rule that stand within an epoch of the onset of the open incident."""
    if checkup.incident is None or checkup.incident.onset.epoch is None:
        return ()
    start = checkup.incident.onset.epoch
    return tuple(
        one
        for one in checkup.symptoms
        if one.rule == rule and one.onset.epoch is not None and abs(one.onset.epoch - start) <= NEAR
    )


def branch_falls(checkup: Checkup) -> dict[str, tuple[float, float]]:
    """For each fallen branch: (epoch of its first fall, largest loss in points). The deciding metric is left out."""
    found: dict[str, tuple[float, float]] = {}
    for one in checkup.symptoms:
        if one.rule != "branch_collapse" or one.branch is None or one.onset.epoch is None:
            continue
        epoch, size = found.get(one.branch, (one.onset.epoch, 0.0))
        found[one.branch] = (min(epoch, one.onset.epoch), max(size, one.size or 0.0))
    return found
