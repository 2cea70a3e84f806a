"""Single values that break out of a curve."""

from __future__ import annotations

import numpy as np

BESIDE = 5  # values on either side that an outlier is compared with
TIMES = 3.0  # their median; assumed
SCATTER = 10.0  # times the median distance from that median; assumed
ROW = 2  # values in a row at most; more of them are a rise, not an outlier
MOST = 2000  # outliers that are looked for; a curve that has more is noise


def outliers(values: np.ndarray) -> list[int]:
    """Where single values are far above their neighbours, or not finite between finite ones.

    >>> outliers(np.array([1.0, 1.1, 0.9, 1.0, 9.0, 1.0, 1.1, 1.0, float("nan"), 1.0]))
    [4, 8]
    """
    if len(values) < BESIDE:
        return []
    bad = ~np.isfinite(values)
    starts = np.flatnonzero(bad & ~np.concatenate(([True], bad[:-1])))
    broken = [at for at in starts[:MOST].tolist() if not bad[at : at + ROW + 1].all()]
    size = np.where(bad, 0.0, values)
    lower = np.minimum(np.concatenate(([size[1]], size[:-1])), np.concatenate((size[1:], [size[-2]])))
    high = [at for at in np.flatnonzero(~bad & (size > TIMES * lower))[:MOST].tolist() if _stands_out(values, at)]
    kept: list[int] = []
    for at in sorted({*broken, *high}):
        if not kept or at > kept[-1] + 1:  # two in a row are one
            kept.append(at)
    return kept


def _stands_out(values: np.ndarray, at: int) -> bool:
    around = np.concatenate((values[max(at - BESIDE, 0) : at], values[at + 1 : at + 1 + BESIDE]))
    around = around[np.isfinite(around)]
    if len(around) < BESIDE:
        return False
    median = float(np.median(around))
    scatter = float(np.median(np.abs(around - median)))
    return median > 0 and bool(values[at] > TIMES * median and values[at] > median + SCATTER * scatter)
