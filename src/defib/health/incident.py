"""The fall that has not ended.

An incident begins at the first fall after the last new best of the deciding metric, and it ends when that metric makes
a new best, or when the fall has healed: back within the noise of its best. Standing symptoms (fusion below a branch, swings) open none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.records import Incident, Point, Run, Symptom

if TYPE_CHECKING:
    from collections.abc import Sequence


def incident(run: Run, symptoms: Sequence[Symptom]) -> Incident | None:
    """The open incident of a run, or None.

    symptoms: what the rules found, in any order.
    """
    series = run.get(run.deciding)
    if series is None or not np.isfinite(series.value).any():
        return None
    signed = series.value if series.better != "lower" else -series.value
    best = int(np.nanargmax(np.where(np.isfinite(signed), signed, np.nan)))
    at_best = run.point(series, best)
    falls = [one for one in symptoms if one.fall and one.cleared is None and later(one.onset, at_best)]
    if not falls:
        return None
    first = min(falls, key=lambda one: (moment(one.onset), one.severity != "act"))
    return Incident(key=series.key, onset=first.onset, rule=first.rule, best=run.fact(series, best))


def later(one: Point, other: Point) -> bool:
    """Whether one moment lies after another; by step where both are known, else by epoch."""
    if one.step is not None and other.step is not None and one.step != other.step:
        return one.step > other.step
    if one.epoch is not None and other.epoch is not None:
        return one.epoch > other.epoch
    return False


def moment(point: Point) -> tuple[float, float]:
    """A key to order moments by: epoch, then step; what is unknown comes last."""
    return (
        np.inf if point.epoch is None else point.epoch,
        np.inf if point.step is None else float(point.step),
    )
