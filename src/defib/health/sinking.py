"""Where a curve has come down from its best and stays lower, judged by medians of five.

A median of five does not see a dip of two evaluations, and it scatters about half as much as they do.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from defib.health.shapes import noise_before

WINDOW = 5
"""Evaluations of one median; assumed."""
NOISES = 3.5
"""Times the noise of single evaluations: more than six times that of a median of five, whose best is the luckiest of many.
Assumed."""
LASTS = 0.05
"""Share of the evaluations so far for which the median must have lain that low; in a long log a few say nothing. Assumed."""
BACK = 0.5
"""Share of the descent below which it is over; assumed."""


class Descent(NamedTuple):
    """A stretch in which the medians lay below their best."""

    best: int
    """Position of the middle evaluation of the best median."""
    level: float
    """The best median."""
    known: int
    drop: float
    """How far the median lay below the best when it was known."""
    noise: float
    cleared: int | None


def descents(curve: np.ndarray, least: np.ndarray) -> list[Descent]:
    """The descents of a higher-is-better curve, each once.

    curve: one value an evaluation; NaN is passed over.
    least: how far below a best at this position the medians must lie to be worth a word, whatever the noise.
    """
    at = np.flatnonzero(~np.isnan(curve))
    if len(at) < WINDOW + 1:
        return []
    medians = np.median(np.lib.stride_tricks.sliding_window_view(curve[at], WINDOW), axis=1)
    ends = at[WINDOW - 1 :]
    found: list[Descent] = []
    best, since, noise, sinking = 0, -1, -1.0, False
    for index in range(1, len(medians)):
        drop = float(medians[best] - medians[index])
        if drop <= 0:
            if sinking:
                found[-1] = found[-1]._replace(cleared=int(ends[index]))
            best, since, noise, sinking = index, -1, -1.0, False
        elif sinking:
            if drop < BACK * found[-1].drop:
                found[-1] = found[-1]._replace(cleared=int(ends[index]))
                since, sinking = -1, False
        elif drop < least[ends[best]]:
            since = -1
        else:
            since = index if since < 0 else since
            if index - best < WINDOW or index - since < LASTS * index:
                continue
            noise = noise if noise >= 0 else noise_before(curve, int(ends[best]) + 1)
            if drop >= NOISES * noise:
                middle = int(at[best + WINDOW // 2])
                found.append(Descent(middle, float(medians[best]), int(ends[index]), drop, noise, None))
                sinking = True
    return found
