"""The deciding metric falls and recovers again and again.

Why it matters: a run that keeps losing a tenth of its score has no steady place to improve from; the step size is too
large for it, or the evaluation is too noisy to choose a checkpoint by.
How it looks: at least two separate falls, each of more than a tenth of the learned range and more than 4.5 times the
run's noise, with a recovery of at least half between them.
Stays quiet on: one fall, noise of the usual size, the first three evaluations.
Size: points, the largest of the falls when the second one was seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import Finding, no_score, rule
from defib.health.scores import score
from defib.health.shapes import LEARNED, noise_before
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run

SHARE = 0.10
NOISES = 4.5  # about from the top of the noise to its bottom over twenty evaluations; assumed
SWINGS = 2


@rule(
    needs=("deciding",),
    blind=no_score,
    says=Words(
        en="the {metric} has fallen {count} times by up to {size} points and recovered in between: it swings",
        zh="{metric}已 {count} 次下跌（最多 {size} 个百分点）并在其间回升：训练在振荡",
    ),
)
def oscillation(run: Run) -> Iterator[Finding]:
    """Find the moment at which a second large fall is seen."""
    series = run.get(run.deciding)
    scored = None if series is None else score(run, series)
    if series is None or scored is None:
        return
    curve, floor = scored
    swings: list[tuple[int, int, float]] = []  # (top, first evaluation of the fall, points)
    top, low, falling = -1, -1, False
    noise = 0.0
    for index, now in enumerate(curve):
        if np.isnan(now):
            continue
        if top < 0 or (not falling and now >= curve[top]):
            top = index
            continue
        learned = float(curve[top]) - floor
        if not falling:
            noise = noise_before(curve, index)
            drop = float(curve[top] - now)
            if learned >= LEARNED and drop > max(SHARE * learned, NOISES * noise):
                falling, low = True, index
                swings.append((top, index, drop))
                if len(swings) == SWINGS:
                    size = max(points for *_, points in swings)
                    yield Finding(
                        series=series,
                        index=swings[0][1],
                        known=index,
                        severity="watch",
                        size=size,
                        noise=noise,
                        facts=tuple(run.fact(series, at) for first, second, _ in swings for at in (first, second)),
                        values={"count": len(swings), "size": f"{size:.1f}"},
                    )
                    return
        else:
            low = index if now < curve[low] else low
            if now - curve[low] >= (curve[top] - curve[low]) / 2:
                falling, top = False, index
