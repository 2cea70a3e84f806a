"""Exact binomial intervals (Clopper and Pearson 1934)."""

from __future__ import annotations

from scipy.stats import binomtest


def exact(hits: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """The interval for a share of `hits` in `of`; (0, 1) when nothing was counted.

    >>> [round(end, 3) for end in exact(8, 10)]
    [0.444, 0.975]
    >>> exact(0, 0)
    (0.0, 1.0)
    """
    if not of:
        return 0.0, 1.0
    found = binomtest(hits, of).proportion_ci(confidence_level=level, method="exact")
    return float(found.low), float(found.high)
