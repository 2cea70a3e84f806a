"""Which charts a case has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from defib.naming import branch_of, metric_name
from defib.reports import phrases
from defib.reports.charts.axis import Axis, axis_of
from defib.reports.charts.band import Band, band_of
from defib.reports.charts.chart import Chart
from defib.reports.charts.line import Line, distinct
from defib.reports.charts.marked import Mark, marks
from defib.reports.charts.picture import MOST_LINES, picture
from defib.reports.charts.thinning import POINTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.records import Case, Run, Series
    from defib.words import Language, Words


def album(case: Case, most: int = POINTS) -> tuple[Chart, ...]:
    """The charts of a case, each for one question; what was not logged has none.

    most: points of a line.
    """
    axis = axis_of(case.run)
    band = band_of(case, axis)
    if band is not None:
        axis = replace(axis, ahead=band.rows[-1][0])
    made = _Album(case.run, axis, marks(case, axis), most, fell=case.checkup.incident is not None)
    found = (made.scores(band), made.rate(), made.losses(), made.gradient())
    return tuple(chart for chart in found if chart is not None)


@dataclass(frozen=True, slots=True)
class _Album:
    """What the charts of one case have in common."""

    run: Run
    axis: Axis
    moments: tuple[Mark, ...]
    most: int
    fell: bool

    def scores(self, band: Band | None) -> Chart | None:
        """All branches of the metric that decides."""
        deciding = self.run.get(self.run.deciding)
        if deciding is None:
            return None
        found = self.run.branches(deciding.metric)
        lines = [self._line(one, branch_of(self.run, one.key), strong=one.key == deciding.key) for one in found]
        measure = metric_name(self.run, deciding.metric)
        asks = phrases.CHART_SCORES if self.fell else phrases.CHART_COURSE
        return self._chart("scores", asks, lines, measure, unit=deciding.unit, band=band)

    def rate(self) -> Chart | None:
        """The learning rate, or the rates of several groups of parameters."""
        lines = [self._line(one) for one in self._measuring("lr")]
        return self._chart("rate", phrases.CHART_RATE, lines, metric_name(self.run, "train/lr"))

    def losses(self) -> Chart | None:
        """Total and parts of training, then what was measured on held-out data."""
        found = [one for one in self.run.series if "loss" in _measure(one)]
        order = sorted(found, key=lambda one: (not one.key.startswith("train"), one.branch is not None))
        lines = [self._line(one, strong=one.key == "train/loss") for one in order]
        return self._chart("losses", phrases.CHART_LOSSES, lines, phrases.CHART_LOSS)

    def gradient(self) -> Chart | None:
        """The norm of the gradient, where it was logged."""
        lines = [self._line(one) for one in self._measuring("grad_norm")]
        return self._chart("gradient", phrases.CHART_GRADIENT, lines, metric_name(self.run, "train/grad_norm"))

    def _measuring(self, measure: str) -> list[Series]:
        return [one for one in self.run.series if _measure(one) == measure]

    def _line(self, series: Series, name: Words | None = None, *, strong: bool = False) -> Line:
        return Line(self.run, self.axis, series, name or metric_name(self.run, series.key), strong, self.most)

    def _chart(  # noqa: PLR0913 (the parts of a chart, by name)
        self,
        name: str,
        asks: Words,
        lines: Sequence[Line],
        measure: Words,
        *,
        unit: str = "",
        band: Band | None = None,
    ) -> Chart | None:
        drawn = [line for line in lines if np.isfinite(line.series.value).any()]
        if not drawn:
            return None
        shown, rest = distinct(drawn[:MOST_LINES]), drawn[MOST_LINES:]

        @cache  # the document and the page show the same
        def build(language: Language) -> dict[str, Any]:
            return picture(self.axis, shown, language, measure=measure, unit=unit, marks=self.moments, band=band)

        keys, left_out = (tuple(line.series.key for line in some) for some in (shown, rest))
        return Chart(name, asks, build, keys, left_out)


def _measure(series: Series) -> str:
    """The second part of a key.

    >>> from defib.samples import run_of
    >>> _measure(run_of({"train/loss/pose": [1.0]}).series[0])
    'loss'
    """
    return series.key.partition("/")[2].partition("/")[0]
