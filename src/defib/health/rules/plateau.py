"""The metric that decides has never left the level of guessing.

Why it matters: nothing is being learned; more epochs will not change that. Labels, input or optimizer are wrong, or
parameters are missing from it.
How it looks: at least eight evaluations, of which not one is above guessing by more than a tenth of the way to 100 %,
and by more than 3.5 times the noise.
Stays quiet on: a slow start of fewer than eight evaluations, a metric that rose and levelled off high, and runs whose
number of classes is not known (listed as not checked): without it nobody knows what guessing scores.
Size: points of the best evaluation above guessing.
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

    from defib.records import Run

ROW = 8  # evaluations; assumed
SHARE = 0.1  # of the way from guessing to 100 %; assumed
NO_CHANCE = Words(
    en="the number of classes is not known, and so neither is what guessing scores",
    zh="不知道类别数，因此也不知道随机猜测的得分",
)


def _blind(run: Run) -> Words | None:
    series = run.get(run.deciding)
    if series is None:
        return NO_DECIDING
    return None if series.better == "higher" and chance(run, series) > 0 else NO_CHANCE


@rule(
    needs=("deciding",),
    blind=_blind,
    says=Words(
        en="the {metric} has not left the level of guessing ({chance}%) in {count} evaluations; its best is {best}%",
        zh="{metric}在 {count} 次评估中一直没有离开随机水平（{chance}%），最好为 {best}%",
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
    if best - floor > max(SHARE * (100.0 - floor), NOISES * noise_before(series.value, known + 1)):
        return
    rose = np.flatnonzero(series.value[known + 1 :] - floor > SHARE * (100.0 - floor))
    yield Finding(
        series=series,
        index=int(finite[0]),
        known=known,
        severity="watch",
        size=best - floor,
        cleared=known + 1 + int(rose[0]) if len(rose) else None,
        facts=(run.fact(series, int(finite[0])), run.fact(series, int(np.nanargmax(first)))),
        values={"chance": f"{floor:.1f}", "count": ROW, "best": f"{best:.2f}"},
    )
