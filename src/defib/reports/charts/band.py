"""Where a forecast lies, as an area that opens at the checkpoint that the rescue starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from defib.records import Case
    from defib.reports.charts.axis import Axis

AHEAD = 0.6
"""Of what was run, that the picture looks ahead at most; what happened must stay readable."""


class Band(NamedTuple):
    """Places on the axis with the low and the high end of the forecast, from the start on."""

    rows: tuple[tuple[float, float, float], ...]


def band_of(case: Case, axis: Axis) -> Band | None:
    """The band of the forecast, or its first part; None without a forecast of the deciding metric."""
    plan = case.plan
    if plan is None or plan.forecast is None or axis.by_step or plan.forecast.key != case.run.deciding:
        return None
    begin, value = plan.start_from.epoch, plan.start_from.value
    if begin is None or value is None or not plan.forecast.targets:
        return None
    targets = sorted(plan.forecast.targets, key=lambda one: one.epochs)
    at = np.array([begin, *(begin + one.epochs for one in targets)])
    low, high = (np.array([value, *(getattr(one, end) for one in targets)]) for end in ("low", "high"))
    last = min(float(at[-1]), axis.high + AHEAD * (axis.high - axis.low))
    shown = [*at[at < last].tolist(), last]
    return Band(tuple((x, float(np.interp(x, at, low)), float(np.interp(x, at, high))) for x in shown))
