"""Where the schedule stepped: sudden changes of the learning rate, which a chart marks so that nobody has to look twice.

A slope is no step: warm-up, cosine and linear decay change a little from record to record, and so do both neighbours of
any record in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.reports import phrases
from defib.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run
    from defib.reports.charts.axis import Axis
    from defib.words import Words

LEAST = 1.8
"""Times by which the rate must change from one record to the next. Assumed: halving is a step, a tenth less is not."""
ALONE = 0.25
"""Share of a step's change, in logarithms, that the records around it may have at most. Assumed."""
MOST = 3
"""Steps that are marked; more of them would hide the curves, and the chart of the rate shows them all."""


def rate_steps(run: Run, axis: Axis) -> Iterator[tuple[float, Words]]:
    """Each step of the learning rate that has a place on the axis: where, and from which rate to which.

    None are told where several groups of parameters have rates of their own and no overall rate was logged.

    >>> from defib.samples import run_of
    >>> from defib.reports.charts.axis import axis_of
    >>> run = run_of({"train/lr": [0.1, 0.1, 0.1, 0.01, 0.01, 0.01]})
    >>> [(at, says.en) for at, says in rate_steps(run, axis_of(run))]
    [(4.0, 'learning rate 0.1 → 0.01')]
    """
    series = run.get("train/lr")
    if series is None:
        return
    known = np.isfinite(series.value) & (series.value > 0)
    rates, places = series.value[known], axis.of(series)[known]
    change = np.abs(np.diff(np.log(rates)))
    around = np.pad(change, 1)
    before, after = around[:-2], around[2:]
    steps = np.flatnonzero((change > np.log(LEAST)) & (np.maximum(before, after) < ALONE * change))
    steps = steps[(steps > 0) & (steps < len(change))]  # the first record has no neighbour to be compared with
    if len(steps) > MOST:
        return
    for step in steps.tolist():
        at = float(places[step + 1])
        if np.isfinite(at):
            yield at, phrases.CHART_RATE_STEP.fill(old=number(rates[step]), new=number(rates[step + 1]))
