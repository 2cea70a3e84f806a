"""How long an epoch takes, from the moments at which evaluations were written down, or from the time of a step."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from defib.records import Series


def pace(logs: Iterable[Sequence[tuple[float, float]]]) -> float | None:
    """Seconds per epoch, the median over neighbouring evaluations: training, evaluation and saving together.

    logs: for each log the (epoch, seconds on the log's own clock) of its evaluations; one log is never compared with
    another. None without two evaluations between which both epoch and time go on.

    >>> pace([[(1.0, 100.0), (2.0, 160.0), (4.0, 300.0)], [(5.0, 7.0)]]), pace([[(1.0, 100.0), (1.0, 160.0)]])
    (65.0, None)
    """
    gaps = [
        (next_seconds - seconds) / (next_epoch - epoch)
        for evaluated in logs
        for (epoch, seconds), (next_epoch, next_seconds) in pairwise(evaluated)
        if next_epoch > epoch and next_seconds > seconds
    ]
    return median(gaps) if gaps else None


def pace_of_steps(series: Sequence[Series]) -> float | None:
    """Seconds per epoch from the time that one step takes and the steps of an epoch; evaluation is not in it."""
    time = next((one for one in series if one.key == "train/time"), None)
    if time is None:
        return None
    # The last step that was logged in each epoch; without epochs there are none.
    known = ~np.isnan(time.epoch)
    epoch, step = time.epoch[known], time.step[known]
    epochs, backwards = np.unique(epoch[::-1], return_index=True)
    lasts = dict(zip(epochs.tolist(), step[::-1][backwards].tolist(), strict=True))
    steps = [(at - lasts[epoch - 1]) for epoch, at in lasts.items() if epoch - 1 in lasts]
    each = float(np.median(time.value)) if len(time) else math.nan
    return each * median(steps) if steps and math.isfinite(each) and median(steps) > 0 else None
