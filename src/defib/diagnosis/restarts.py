"""Where a run went on from a checkpoint, and what is known about how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from defib.diagnosis.onset import NEAR
from defib.records import Fact, Place

if TYPE_CHECKING:
    from defib.records import Checkup, Column, Event, Run, Segment, Series

ROW = 5  # logged values on either side of a restart, of which medians are compared; assumed
LATER = 2.0  # epochs after a restart within which a fall may come of it; what a restart spoils shows soon. Assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """One start of a process that carried on from something earlier."""

    segment: Segment
    events: tuple[Event, ...]
    """What the console said between the last record before it and the first after it."""
    end: float
    """The first record that no longer belongs to it; infinite for the last one."""

    @property
    def epoch(self) -> float | None:
        """The first epoch after it."""
        return self.segment.start.epoch

    @property
    def loaded(self) -> Event | None:
        """A checkpoint that was loaded there."""
        return next((one for one in self.events if one.kind == "loaded"), None)

    @property
    def resumed(self) -> Event | None:
        """The framework said that it resumed, which is more than that it loaded weights."""
        return next((one for one in self.events if one.kind == "resumed"), None)

    def fact(self) -> Fact:
        """It, as evidence."""
        return Fact(
            metric="resumed", value=self.epoch, at=self.segment.start, place=Place(file=self.segment.file, line=None)
        )

    def before(self, series: Series) -> Column:
        """Which points of a series lie before it."""
        chosen: Column = series.record < self.segment.record
        return chosen

    def after(self, series: Series) -> Column:
        """Which points of a series lie after it, and before the next one."""
        chosen: Column = (series.record >= self.segment.record) & (series.record < self.end)
        return chosen


def restarts(run: Run) -> tuple[Restart, ...]:
    """Every resume that the logs show, the one with which they begin included."""
    ends = [float(one.record) for one in run.segments[1:]] + [float("inf")]
    found = []
    for segment, end in zip(run.segments, ends, strict=False):
        if segment.resumed:
            events = tuple(one for one in run.events if one.record == segment.record)
            found.append(Restart(segment=segment, events=events, end=end))
    return tuple(found)


def leads_to(restart: Restart, checkup: Checkup) -> bool:
    """Whether the open incident begins at a restart or soon after it."""
    onset = None if checkup.incident is None else checkup.incident.onset.epoch
    if onset is None or restart.epoch is None:
        return False
    return -NEAR <= onset - restart.epoch <= LATER


def steps_per_epoch(run: Run) -> float | None:
    """Optimiser steps in one epoch: at the end of epoch n, n times as many were done. None when the log does not tell.

    Evaluations stand at the ends of epochs; without them the last step that was logged in each epoch is nearly as good,
    but nothing may be computed from nearly.
    """
    for series in run.series:
        good = ~np.isnan(series.step) & ~np.isnan(series.epoch) & (series.epoch > 0)
        if series.metric.startswith("val/") and good.any():
            steps = series.step[good] / series.epoch[good]
            return float(steps[-1]) if np.ptp(steps) <= 0.01 * steps[-1] else None
    return None
