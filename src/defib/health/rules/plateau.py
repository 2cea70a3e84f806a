"""The metric that decides has never left the level at which it began.

Why it matters: nothing is being learned; more epochs will not change that. Labels, input or optimizer are wrong, or
parameters are missing from it.
How it looks: eight evaluations of which not one is above guessing by a tenth of the way to 100 % and by 3.5 times the
noise. Where the number of classes is not known: eight evaluations of hits (top-1, mAP, ...) up to 10 points that differ by less than one, or
eight that are equal to the last digit.
Stays quiet on: fewer than eight evaluations, a metric that rose and levelled off, one that is constant at 100 %, a
training accuracy that rises meanwhile (that is over-fitting, or a late start), and losses (listed as not checked).
Size: points of the best of them above guessing, or above the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.chance import chance
from defib.health.rule import NO_DECIDING, Finding, rule
from defib.health.shapes import NOISES, noise_before
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

ROW = 8  # evaluations; assumed
SHARE = 0.1  # of the way from guessing to 100 %; assumed
HITS = frozenset(
    {"top1", "top5", "mean_class", "map", "map50", "miou", "mean_accuracy", "pixel_accuracy", "dice", "fscore"}
)
"""Measures of which a working model reaches far more than a tenth; a text score of 8 % may be a good one."""
LOW, FLAT, FULL = 10.0, 1.0, 99.5  # points; assumed
RISE = 10.0  # points of training accuracy
NO_SCORE = Words(en="the metric that decides is a loss", zh="决定性指标是损失")


def _blind(run: Run) -> Words | None:
    series = run.get(run.deciding)
    if series is None:
        return NO_DECIDING
    return None if series.better == "higher" else NO_SCORE


@rule(
    needs=("deciding",),
    blind=_blind,
    says=Words(
        en="the {metric} has not left the level at which it began in {count} evaluations; its best is {best}",
        zh="{metric}在 {count} 次评估中一直没有离开起始水平，最好为 {best}",
    ),
)
def plateau(run: Run) -> Iterator[Finding]:
    """Look at the first eight evaluations, and whether any rose above guessing."""
    series = run.get(run.deciding)
    if series is None:
        return
    finite = np.flatnonzero(np.isfinite(series.value))
    if len(finite) < ROW:
        return
    known = int(finite[ROW - 1])
    floor = chance(run, series)
    first = series.value[: known + 1]
    best = float(np.nanmax(first))
    if not _stuck(series, known, floor) or _trains(run, int(series.record[known])):
        return
    level = floor or float(first[finite[0]])
    rose = np.flatnonzero(series.value[known + 1 :] - level > SHARE * (100.0 - level))
    yield Finding(
        series=series,
        index=int(finite[0]),
        known=known,
        severity="watch",
        size=best - level,
        cleared=known + 1 + int(rose[0]) if len(rose) else None,
        facts=(run.fact(series, int(finite[0])), run.fact(series, int(np.nanargmax(first)))),
        values={"count": ROW, "best": f"{best:.2f}{series.unit}"},
    )


def _stuck(series: Series, known: int, floor: float) -> bool:
    """Whether the evaluations up to `known` never left the level at which they began."""
    value = series.value
    first = value[: known + 1]
    low, best = float(np.nanmin(first)), float(np.nanmax(first))
    if floor:
        return best - floor <= max(SHARE * (100.0 - floor), NOISES * noise_before(value, known + 1))
    constant = best - low < 1e-9 and best < FULL  # noqa: PLR2004 (equal to the last digit)
    hits = series.metric.rpartition("/")[2] in HITS
    return constant or (hits and best <= LOW and best - low < FLAT)


def _trains(run: Run, record: int) -> bool:
    """Whether a training accuracy rose until then."""
    for series in run.branches("train/top1"):
        seen = series.value[(series.record <= record) & np.isfinite(series.value)]
        if len(seen) and float(seen.max()) - float(seen[0]) > RISE:
            return True
    return False
