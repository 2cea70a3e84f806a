"""Where the schedule had raised the learning rate again: a score at a high rate is not compared with one at a low rate.

A warm restart costs a part of the score until the rate has come down. That part is no fall. A rate that went up because the process
was resumed is no warm restart: its schedule began from nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from defib.records import Run, Series

RAISED = 1.5
"""Times the rate at which the best was made, from which two scores are not comparable; assumed."""
USED = 1.05
"""Times the highest rate before the best, up to which a rate had been used before; a rate above is no restart. Assumed."""
WAIT = 5
"""Evaluations for which a raised rate that does not come down excuses anything; assumed."""

PATIENCE = 10
"""Evaluations for which a score may make no progress at a raised rate before the rate excuses nothing more; assumed."""


def raised(run: Run, series: Series, curve: np.ndarray) -> np.ndarray:
    """For each evaluation, whether its rate is one that was used before and above that of the best so far.

    curve: the series as a score, higher is better. Where no rate was logged, nothing is excused. A rate that stays up for
    more than five evaluations is no restart either, and a score that has not moved for ten is not healing: both count. So does a
    rate that stands higher at the first evaluation after a resume than right before it.
    """
    rates = run.branches("train/lr")
    excused = np.zeros(len(curve), dtype=bool)
    if not rates or not len(rates[0]):
        return excused
    rate = rates[0]
    seen = np.searchsorted(rate.record, series.record, side="right") - 1
    now = np.where(seen >= 0, rate.value[np.maximum(seen, 0)], np.nan)
    highest = np.fmax.accumulate(rate.value)[np.maximum(seen, 0)]
    resumed = _by_resumes(run, series, rate, now)
    best, since, top, high, moved = -1, 0, 0.0, -np.inf, 0
    for index, value in enumerate(curve):
        if best >= 0 and RAISED * now[best] < now[index] <= USED * highest[best]:
            since, top = since + 1, max(top, float(now[index]))
            if value > high:
                high, moved = float(value), since
            by_resume = any(best < first <= index for first in resumed)
            excused[index] = (since <= WAIT or now[index] < top) and since - moved < PATIENCE and not by_resume
        else:
            since, top, high, moved = 0, 0.0, -np.inf, 0
        if not np.isnan(value) and (best < 0 or value > curve[best]):
            best = index
    return excused


def _by_resumes(run: Run, series: Series, rate: Series, now: np.ndarray) -> list[int]:
    """The first evaluations after resumes that raised the rate."""
    found = []
    for segment in run.segments:
        first = int(np.searchsorted(series.record, segment.record))
        before = np.flatnonzero(rate.record < segment.record)
        if segment.resumed and len(before) and first < len(now) and now[first] > RAISED * rate.value[before[-1]]:
            found.append(first)
    return found
