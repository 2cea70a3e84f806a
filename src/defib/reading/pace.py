"""How long an epoch takes, from the moments at which evaluations were written down."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


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
