"""Which charts a case has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from defib.naming import branch_of, metric_name
from defib.reports import phrases
from defib.reports.charts.axis import Axis, axis_of
from defib.reports.charts.band import Band, band_of
from defib.reports.charts.chart import Chart
from defib.reports.charts.lines import MOST_LINES, Line, picture
from defib.reports.charts.marked import marks
from defib.words import Words, same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.records import Case, Series


def album(case: Case) -> tuple[Chart, ...]:
    """The charts of a case, each for one question; what was not logged has none."""
    axis = axis_of(case.run)
    band = band_of(case, axis)
    if band is not None:
        axis = replace(axis, ahead=band.rows[-1][0])
    found = (_scores(case, axis, band), _rate(case, axis), _losses(case, axis), _gradient(case, axis))
    return tuple(chart for chart in found if chart is not None)


def _scores(case: Case, axis: Axis, band: Band | None) -> Chart | None:
    run = case.run
    deciding = run.get(run.deciding)
    if deciding is None:
        return None
    lines = [
        Line(one, branch_of(run, one.key), strong=one.key == deciding.key) for one in run.branches(deciding.metric)
    ]
    measure = metric_name(run, deciding.metric)
    return _chart(case, axis, "scores", phrases.CHART_SCORES, lines, measure, deciding.unit, band)


def _rate(case: Case, axis: Axis) -> Chart | None:
    found = [one for one in case.run.series if _measure(one) == "lr"]
    lines = [Line(one, _name(case, one)) for one in found]
    return _chart(case, axis, "rate", phrases.CHART_RATE, lines, metric_name(case.run, "train/lr"))


def _losses(case: Case, axis: Axis) -> Chart | None:
    """Total and parts of training, then what was measured on held-out data."""
    found = [one for one in case.run.series if _measure(one).endswith("loss") or _measure(one).startswith("loss")]
    order = sorted(found, key=lambda one: (not one.key.startswith("train"), one.branch is not None))
    lines = [Line(one, _name(case, one), strong=one.key == "train/loss") for one in order]
    return _chart(case, axis, "losses", phrases.CHART_LOSSES, lines, phrases.CHART_LOSS)


def _gradient(case: Case, axis: Axis) -> Chart | None:
    found = [one for one in case.run.series if _measure(one) == "grad_norm"]
    lines = [Line(one, _name(case, one)) for one in found]
    return _chart(case, axis, "gradient", phrases.CHART_GRADIENT, lines, metric_name(case.run, "train/grad_norm"))


def _chart(  # noqa: PLR0913, PLR0917 (the parts of a chart)
    case: Case,
    axis: Axis,
    name: str,
    asks: Words,
    lines: Sequence[Line],
    measure: Words,
    unit: str = "",
    band: Band | None = None,
) -> Chart | None:
    drawn = [line for line in lines if np.isfinite(line.series.value).any()]
    if not drawn:
        return None
    shown, rest = _distinct(drawn[:MOST_LINES]), drawn[MOST_LINES:]
    moments = marks(case, axis)

    def build(language: str) -> dict[str, object]:
        return picture(case.run, axis, shown, moments, language, measure=measure, unit=unit, band=band)  # type: ignore[arg-type]

    return Chart(name, asks, build, tuple(line.series.key for line in shown), tuple(line.series.key for line in rest))


def _distinct(lines: Sequence[Line]) -> list[Line]:
    """Lines that would be called alike are called by their keys."""
    names = [line.name for line in lines]
    return [line if names.count(line.name) == 1 else line._replace(name=same(line.series.key)) for line in lines]


def _measure(series: Series) -> str:
    return series.key.split("/")[1] if "/" in series.key else series.key


def _name(case: Case, series: Series) -> Words:
    return metric_name(case.run, series.key)
