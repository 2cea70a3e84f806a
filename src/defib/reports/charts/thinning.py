"""Long series become short enough for a page, and lose none of their extremes."""

from __future__ import annotations

import numpy as np

POINTS = 400
"""Of a line in a chart; a screen has not many more columns."""


def thinned(values: np.ndarray, most: int = POINTS) -> np.ndarray:
    """Which points of a series to draw, ascending: of each stretch the first, the smallest, the largest and NaN.

    values: float64 [N]. What is not finite counts as an extreme: the first of each stretch is kept.

    >>> thinned(np.array([0.0, 1.0, 9.0, 1.0, 0.0, 1.0, -9.0, 1.0]), most=4).tolist()
    [0, 2, 6, 7]
    >>> thinned(np.arange(3.0)).tolist()
    [0, 1, 2]
    """
    count = len(values)
    if count <= most:
        return np.arange(count)
    kept = {0, count - 1}
    for part in np.array_split(np.arange(count), max(most // 2 - 1, 1)):
        inside = values[part]
        finite = np.flatnonzero(np.isfinite(inside))
        if len(finite):
            kept |= {int(part[finite[inside[finite].argmin()]]), int(part[finite[inside[finite].argmax()]])}
        odd = np.flatnonzero(~np.isfinite(inside))
        kept |= set(part[odd[:1]].tolist())
    return np.array(sorted(kept))
