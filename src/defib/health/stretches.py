"""Stretches of a curve: where its moving mean rose above one level, until it fell below another."""

from __future__ import annotations

import numpy as np

FIRST = 3  # stretches that are told; a curve that crosses the level for ever adds nothing new. Assumed


def moving(values: np.ndarray, count: int) -> np.ndarray:
    """The mean of each value and the `count` - 1 before it; NaN where there are not so many.

    >>> moving(np.array([0.0, 1.0, 1.0, 0.0]), 2).tolist()
    [nan, 0.5, 1.0, 0.5]
    """
    mean = np.full(len(values), np.nan)
    if len(values) >= count:
        total = np.concatenate(([0.0], np.cumsum(values)))
        mean[count - 1 :] = (total[count:] - total[:-count]) / count
    return mean


def stretches(mean: np.ndarray, *, above: float, until: float) -> list[tuple[int, int | None]]:
    """(where it was known, where it was over or None) of the first stretches; two levels, so that it does not flicker.

    >>> stretches(np.array([0.1, 0.6, 0.4, 0.2, 0.7]), above=0.5, until=0.25)
    [(1, 3), (4, None)]
    """
    high, low = np.flatnonzero(mean > above), np.flatnonzero(mean < until)
    found: list[tuple[int, int | None]] = []
    at = 0
    while len(found) < FIRST:
        start = int(np.searchsorted(high, at))
        if start == len(high):
            return found
        known = int(high[start])
        end = int(np.searchsorted(low, known))
        over = int(low[end]) if end < len(low) else None
        found.append((known, over))
        if over is None:
            break
        at = over
    return found
