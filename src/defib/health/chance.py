"""The level of guessing: below it nothing can be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defib.records import Run, Series

TOP5 = 5  # guesses, by definition


def chance(run: Run, series: Series) -> float:
    """What guessing scores on this metric, in its own unit; 0 where the number of classes is not known.

    >>> from defib.samples import run_of
    >>> run = run_of({"val/top1": [30.0]}, classes=60)
    >>> round(chance(run, run.get("val/top1")), 2)
    1.67
    """
    if not run.classes or not series.metric.endswith(("/top1", "/mean_class", "/top5")):
        return 0.0
    guesses = TOP5 if series.metric.endswith("/top5") else 1
    return min(100.0, 100.0 * guesses / run.classes)
