"""Every curve as a score: higher is better, 0 is where learning began, in points.

Falls are judged on scores. An accuracy is one already. An error in per cent becomes what is missing to 100. A loss
becomes the share of its first value that has been unlearned, in per cent: 100 is a loss of zero, 0 the loss at the
start, below 0 worse than at the start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.chance import chance

if TYPE_CHECKING:
    from defib.records import Run, Series

FIRST = 1
"""Values from which the loss at the start is taken; assumed."""


def loss_like(series: Series) -> bool:
    """Whether lower is better without a ceiling; an error in per cent is an accuracy told from the other end.

    >>> from defib.samples import run_of
    >>> run = run_of({"val/loss": [1.0], "val/error1": [50.0], "val/top1": [50.0]})
    >>> [loss_like(run.get(key)) for key in ("val/loss", "val/error1", "val/top1")]
    [True, False, False]
    """
    return series.better == "lower" and series.unit != "%"


def score(run: Run, series: Series) -> tuple[np.ndarray, float] | None:
    """(values as a score in points, the score of guessing or of the start), or None when there is no telling.

    There is none for a loss that does not begin above zero, and for a metric whose direction is not known.

    >>> from defib.samples import run_of
    >>> run = run_of({"val/loss": [4.0, 2.0, 1.0, 8.0]})
    >>> values, floor = score(run, run.get("val/loss"))
    >>> values.tolist(), floor
    ([0.0, 50.0, 75.0, -100.0], 0.0)
    """
    if series.better == "higher":
        return series.value, chance(run, series)
    if series.better != "lower":
        return None
    if series.unit == "%":
        return 100.0 - series.value, 0.0
    finite = series.value[np.isfinite(series.value)]
    if not len(finite) or finite[0] <= 0:
        return None
    return 100.0 * (1.0 - series.value / finite[0]), 0.0
