"""Where a logged training value is back at its start, and the next one does not turn.

A spike turns at once: the value after the first is already on its way back. What is back at the start twice in a row, the
second time hardly less, has been forgotten. One logged row later than the fault is the earliest that this can be told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from defib.health.chance import chance
from defib.health.shapes import EVERYTHING, FEW, LEAST_NOISE

if TYPE_CHECKING:
    from defib.records import Run, Series

START = 5
"""Values whose median is the start, and of whose medians the best is taken: one lucky batch is no best. Assumed."""
BEFORE = 2 * START
"""Values that must have come before; assumed."""
WIDE = 60
"""Values before, from whose changes the noise of single values is judged; assumed."""
MUCH = 20.0
"""Points that must have been learned; assumed."""
RANGE = 8.0
"""Times the noise that must have been learned. Logged values remember the ones before: they wander further than their
changes say, and over a long log further than over a few evaluations. Assumed."""
STAYS = 0.8
"""Share of the first loss that the second must still show: a spike that turns has less. Assumed."""
HEALED = 0.15
"""Share of the loss below which it is over; assumed."""
MOST = 100
"""Relapses that are told of one curve; one that swings for ever adds nothing new. Assumed"""


class Relapse(NamedTuple):
    """A value that went back to the start."""

    onset: int
    known: int
    best: float
    """The best median before, in the metric's own unit."""
    cleared: int | None


def relapses(run: Run, series: Series) -> list[Relapse]:
    """The relapses of a training loss or a training accuracy, in order.

    Lost is measured between the best median of five so far and the start: the level of guessing where that is known of an
    accuracy, else the median of the first five values. What had been learned must be far more than the noise of single
    values, so that batches of a few samples say nothing here.
    """
    finite = np.flatnonzero(np.isfinite(series.value))
    if len(finite) <= BEFORE:
        return []
    value = series.value[finite]
    sign = -1.0 if series.better == "lower" else 1.0
    start = float(np.median(value[:START]))
    if series.better == "lower" and start <= 0:
        return []
    unit = start / 100.0 if series.better == "lower" else 1.0  # points: per cent of the loss at the start
    guess = chance(run, series) or start
    curve, floor = sign * value / unit, sign * (guess if sign > 0 else start) / unit
    medians = medians_of_five(curve)
    best = np.concatenate((np.full(START, np.nan), np.maximum.accumulate(medians)))[: len(curve)]  # before each value
    with np.errstate(invalid="ignore", divide="ignore"):
        lost = (best - curve) / (best - floor)
    deep = (best - floor >= MUCH) & (lost >= EVERYTHING)
    deep[:BEFORE] = False
    twice = np.flatnonzero(deep[1:] & deep[:-1] & (lost[1:] >= STAYS * lost[:-1])) + 1
    found, over = list[Relapse](), 0
    for known in twice.tolist():
        if known <= over or len(found) == MOST:
            continue
        onset = known - 1
        while onset > over and deep[onset - 1]:
            onset -= 1
        if best[onset] - floor < RANGE * scatter(curve, onset):
            continue
        back = np.flatnonzero(lost[known:] < HEALED)
        end = known + int(back[0]) if len(back) else None
        cleared = None if end is None else int(finite[end])
        found.append(Relapse(int(finite[onset]), int(finite[known]), float(best[onset] * unit * sign), cleared))
        if end is None:
            break
        over = end
    return found


def scatter(curve: np.ndarray, index: int) -> float:
    """The noise of single logged values, in points, from the kinks among up to sixty values before `index`.

    A kink is how far a value lies off the line through its neighbours, so that a steep rise is no noise.

    >>> round(scatter(np.array([50.0, 60.0] * 30), 60), 1)
    12.7
    """
    kinks = np.diff(curve[max(index - WIDE, 0) : index], 2)
    if not len(kinks):
        return LEAST_NOISE
    seen = 1.4826 * float(np.median(np.abs(kinks))) / np.sqrt(6.0)
    return max(LEAST_NOISE, float(seen) * (1.0 + FEW / len(kinks)))


def medians_of_five(curve: np.ndarray) -> np.ndarray:
    """The median of each five values in a row; a million of them take a fraction of a second.

    >>> medians_of_five(np.array([1.0, 9.0, 2.0, 8.0, 3.0, 0.0])).tolist()
    [3.0, 3.0]
    """
    one, two, three, four, five = (curve[at : len(curve) - 4 + at] for at in range(5))
    low = np.maximum(np.minimum(one, two), np.minimum(three, four))
    high = np.minimum(np.maximum(one, two), np.maximum(three, four))
    middle: np.ndarray = np.maximum(np.minimum(low, high), np.minimum(np.maximum(low, high), five))
    return middle
