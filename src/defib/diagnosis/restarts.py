"""Where a run went on from a checkpoint, and what is known about how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from defib.diagnosis.onset import NEAR
from defib.diagnosis.rates import schedule
from defib.records import Fact, Place

if TYPE_CHECKING:
    from defib.records import Checkup, Column, Event, Run, Segment, Series

ROW = 5  # logged values on either side of a restart, of which medians are compared; assumed
EXACT = 0.01  # relative; a run that was evaluated in the middle of an epoch does not tell
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
    """Optimiser steps in one epoch; None when the log does not tell exactly.

    At an evaluation after epoch n, n times as many were done. Without evaluations: what lies between the first logged
    steps of epochs, where that is always the same.
    """
    for series in run.series:
        good = ~np.isnan(series.step) & ~np.isnan(series.epoch) & (series.epoch > 0)
        if series.metric.startswith("val/") and good.any():
            steps = series.step[good] / series.epoch[good]
            return float(steps[-1]) if np.ptp(steps) <= EXACT * steps[-1] else None
    loss = next(iter(run.branches("train/loss")), None)
    if loss is None:
        return None
    good = ~np.isnan(loss.step) & (loss.epoch == np.floor(loss.epoch))
    epochs, first = np.unique(loss.epoch[good], return_index=True)
    if len(epochs) < 3:  # noqa: PLR2004 (two distances that agree)
        return None
    distances = np.diff(loss.step[good][first]) / np.diff(epochs)
    return float(distances[0]) if np.ptp(distances) == 0 and distances[0] > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Off:
    """How the logged rates of a stretch compare with what the config asks for."""

    by: float
    """The median relative difference, from 0 to 1."""
    from_anew: float
    """The same, had the schedule begun from nothing at the restart."""
    index: int
    """A point of the stretch at which they are compared, and what they are there."""
    logged: float
    asked: float

    @property
    def agrees(self) -> bool:
        """The rates are the config's."""
        return self.by <= AGREES

    @property
    def differs(self) -> bool:
        """The rates are not the config's."""
        return self.by >= DIFFERS


AGREES = 0.05  # relative; a printed rate has four digits, and a warm-up's length is off by a step between versions
DIFFERS = 0.2  # relative; assumed
LOOKS = 50  # rates that are compared at most, spread over the stretch


def off_schedule(run: Run, rate: Series, restart: Restart, *, before: bool = False) -> Off | None:
    """Compare the rates after a restart (or before it) with the config's schedule; None where that is not known."""
    first = restart.segment.start
    gone = (float("nan") if first.step is None else first.step, float("nan") if first.epoch is None else first.epoch)
    return _off(run, rate, np.flatnonzero(restart.before(rate) if before else restart.after(rate)), gone)


def off_from_the_start(run: Run) -> Off | None:
    """Compare the rates of a run that begins anew with its config's schedule; None where either is not known."""
    rate = run.get("train/lr")
    return None if rate is None else _off(run, rate, np.arange(len(rate)), (1.0, 1.0))


def _off(run: Run, rate: Series, rows: np.ndarray, gone: tuple[float, float]) -> Off | None:
    """gone: the step and epoch at which a schedule that begins anew would begin."""
    found = schedule(run, steps_per_epoch(run))
    if found is None or len(rows) < ROW:
        return None
    chosen = rows[np.unique(np.linspace(0, len(rows) - 1, LOOKS).astype(int))]
    by, anew = list[float](), list[float]()
    asked = 0.0
    for index in chosen.tolist():
        now, step, epoch = (float(column[index]) for column in (rate.value, rate.step, rate.epoch))
        wanted, restarted = found.at(step, epoch), found.at(step - gone[0] + 1.0, epoch - gone[1] + 1.0)
        if wanted is None or not np.isfinite(now):
            return None
        by.append(_difference(now, wanted))
        anew.append(1.0 if restarted is None else _difference(now, restarted))
        asked = wanted
    index = int(chosen[-1])
    return Off(
        by=float(np.median(by)),
        from_anew=float(np.median(anew)),
        index=index,
        logged=float(rate.value[index]),
        asked=asked,
    )


def _difference(one: float, other: float) -> float:
    """How far two rates are apart, as a share of the larger one."""
    larger = max(abs(one), abs(other))
    return 0.0 if larger == 0.0 else abs(one - other) / larger
