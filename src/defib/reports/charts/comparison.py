"""Several runs in one picture, epoch beside epoch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from defib.naming import metric_name
from defib.reports import phrases
from defib.reports.charts.axis import axis_of
from defib.reports.charts.chart import Chart
from defib.reports.charts.line import Line
from defib.reports.charts.picture import MOST_LINES, picture
from defib.words import same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.records import Case
    from defib.words import Language


def comparison(cases: Sequence[Case]) -> Chart | None:
    """The metric that decides, of every run that has the same one; None when fewer than two have.

    The first run says which metric it is and whether epochs or steps are counted.
    """
    lines = _lines(cases)
    shown = [line for line in lines if _alike(line, lines[0])][:MOST_LINES]
    if len(shown) < 2:  # noqa: PLR2004 (one run is compared with nothing)
        return None
    axis = replace(shown[0].axis, low=min(line.axis.low for line in shown), high=max(line.axis.high for line in shown))
    first = shown[0]

    def build(language: Language) -> dict[str, Any]:
        measure = metric_name(first.run, first.series.metric)
        return picture(axis, shown, language, measure=measure, unit=first.series.unit)

    drawn = {line.run.path for line in shown}
    left_out = tuple(case.run.path for case in cases if case.run.path not in drawn)
    return Chart("comparison", phrases.CHART_COMPARISON, build, (), left_out)


def _lines(cases: Sequence[Case]) -> list[Line]:
    found = []
    names = _names([case.run.path for case in cases])
    for case, name in zip(cases, names, strict=True):
        series = case.run.get(case.run.deciding)
        if series is not None and np.isfinite(series.value).any():
            found.append(Line(case.run, axis_of(case.run), series, same(name)))
    return found


def _alike(line: Line, first: Line) -> bool:
    same_metric = (line.series.metric, line.series.unit) == (first.series.metric, first.series.unit)
    return same_metric and line.axis.by_step == first.axis.by_step


def _names(paths: Sequence[str]) -> list[str]:
    """The shortest endings of the paths that tell them apart.

    >>> _names(["/a/x/run", "/a/y/run", "/a/z"])
    ['x/run', 'y/run', 'z']
    """
    parts = [PurePath(path).parts for path in paths]
    found = []
    for index, own in enumerate(parts):
        count = 1
        while count < len(own) and any(
            other[-count:] == own[-count:] for place, other in enumerate(parts) if place != index
        ):
            count += 1
        found.append("/".join(own[-count:]) or paths[index])
    return found
