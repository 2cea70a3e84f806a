"""What is wrong with a run, and what could not be looked at."""

from __future__ import annotations

from typing import Literal

from defib.records.facts import Fact, Point, Record
from defib.words import Words

Severity = Literal["act", "watch", "note"]


class Symptom(Record, frozen=True, kw_only=True):
    """One thing that is wrong, on one metric, since one moment."""

    rule: str
    metric: str
    """The metric that it was seen on, or the kind of the event (`traceback`, ...) that told of it."""
    branch: str | None = None
    severity: Severity
    onset: Point
    record: int
    """The record at which it could first be known; -1 for what was known before the first."""
    cleared: Point | None = None
    size: float | None = None
    """How large, in the metric's unit unless the rule's page says otherwise."""
    noise: float | None = None
    """The run's own noise before the onset, in the same unit; null where there was too little to judge."""
    fall: bool = False
    """It opens an incident: something that worked stopped working."""
    says: Words
    facts: tuple[Fact, ...] = ()


class Unseen(Record, frozen=True, kw_only=True):
    """A rule that could not look, and why. Silence is not health."""

    rule: str
    reason: Words


class Incident(Record, frozen=True, kw_only=True):
    """The fall that has not ended: nothing since has made a new best of the deciding metric."""

    key: str
    onset: Point
    rule: str
    best: Fact
    """The best value of the deciding metric before the onset."""


class HistoryRow(Record, frozen=True, kw_only=True):
    """One evaluation of the run, and what it was."""

    epoch: float | None
    step: int | None = None
    values: dict[str, float | None]
    mark: Literal["start", "up", "best", "flat", "down", "fell", "fell-on", "back", "low", "lost"]
    change: float | None = None
    """Of the deciding metric against the row before."""
    says: Words


class Checkup(Record, frozen=True, kw_only=True):
    """What was found, and what could not be looked at."""

    symptoms: tuple[Symptom, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    checked: tuple[str, ...] = ()
    incident: Incident | None = None
    history: tuple[HistoryRow, ...] = ()

    @property
    def falls(self) -> tuple[Symptom, ...]:
        """What the open incident is made of: the falls from its onset on that have not healed."""
        if self.incident is None:
            return ()
        onset = self.incident.onset
        return tuple(one for one in self.symptoms if one.fall and one.cleared is None and _since(one.onset, onset))


def _since(one: Point, start: Point) -> bool:
    if one.epoch is not None and start.epoch is not None:
        return one.epoch >= start.epoch
    return one.step is not None and start.step is not None and one.step >= start.step
