"""The moments of a case that every chart marks: where it fell, the best before, the start of the rescue, phases."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from defib.reports import phrases
from defib.reports.charts.schedule import rate_steps
from defib.reports.quantities import when

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Case
    from defib.reports.charts.axis import Axis
    from defib.words import Words

ONSET, BEST, START, RESTART = "#d0402b", "#23915b", "#2f6fde", "#8a8f98"
MOST_RESTARTS = 6
"""More of them would hide the curves; the notes tell of all."""


class Mark(NamedTuple):
    """A moment that is marked in every chart."""

    x: float
    says: Words
    colour: str


def marks(case: Case, axis: Axis) -> tuple[Mark, ...]:
    """Every marked moment that has a place on the axis, in order of time."""
    found = [*_incident(case, axis), *_restarts(case, axis), *_steps(case, axis)]
    return tuple(sorted(found, key=lambda mark: mark.x))


def _incident(case: Case, axis: Axis) -> Iterator[Mark]:
    incident, plan = case.checkup.incident, case.plan
    begin = None if plan is None else plan.start_from.step if axis.by_step else plan.start_from.epoch
    if incident is not None:
        best, onset = axis.at(incident.best.at), axis.at(incident.onset)
        if best is not None:
            says = phrases.CHART_BEST_START if begin == best else phrases.CHART_BEST
            yield Mark(best, says.fill(when=when(incident.best.at)), BEST)
        if onset is not None:
            yield Mark(onset, phrases.CHART_ONSET.fill(when=when(incident.onset)), ONSET)
        if begin == best:
            return
    if begin is not None and not axis.by_step:
        yield Mark(begin, phrases.CHART_START.fill(epoch=begin), START)


def _restarts(case: Case, axis: Axis) -> Iterator[Mark]:
    later = [segment for segment in case.run.segments if segment.record > 0]
    if len(later) > MOST_RESTARTS:
        return
    for segment in later:
        x = axis.at(segment.start)
        if x is not None:
            says = phrases.CHART_RESUMED if segment.resumed else phrases.CHART_RESTARTED
            yield Mark(x, says, RESTART)


def _steps(case: Case, axis: Axis) -> Iterator[Mark]:
    for x, says in rate_steps(case.run, axis):
        yield Mark(x, says, RESTART)
