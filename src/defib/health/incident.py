"""The fall that has not ended.

An incident begins at the first fall after the last new best of the deciding metric, and it ends when that metric makes
a new best, or when the fall has healed: back within the noise of its best. Standing symptoms (fusion below a branch, swings) open none.
A fall of which half was regained before a grave one came is not the beginning of that one: a shaky run dips, comes most of the way back,
and collapses of something else later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.records import Incident, Point, Run, Symptom

if TYPE_CHECKING:
    from collections.abc import Sequence


HALF = 0.5
"""Share of what was lost. Assumed."""


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
    first = _first(falls)
    while (regained := _regained(run, first)) is not None:
        graver = [one for one in falls if one.severity == "act" and later(one.onset, regained)]
        if not any(one.facts and one.facts[0].metric == series.key for one in graver):
            break
        first = _first(graver)
    return Incident(key=series.key, onset=first.onset, rule=first.rule, best=run.fact(series, best))


def _first(falls: Sequence[Symptom]) -> Symptom:
    return min(falls, key=lambda one: (moment(one.onset), one.severity != "act"))


def _regained(run: Run, fall: Symptom) -> Point | None:
    """When the score that fell had regained half of what it lost; None where it never did."""
    series = run.get(fall.facts[0].metric) if fall.facts else None
    if series is None or series.better == "lower":  # half of a loss that exploded is still an explosion
        return None
    signed = series.value
    since = [index for index in range(len(series)) if not later(fall.onset, run.point(series, index))]
    if not since or since[0] == 0 or not np.isfinite(signed[: since[0]]).any():
        return None
    peak, low = float(np.nanmax(signed[: since[0]])), np.inf
    for index in since:
        low = min(low, float(signed[index]))
        if signed[index] >= low + HALF * (peak - low):
            return run.point(series, index)
    return None


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
