"""One line of a chart: a series of a run, where its points stand on the axis, and how it is called."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from defib.reports.charts.thinning import POINTS, thinned
from defib.reports.inert import clean
from defib.reports.quantities import place_text
from defib.words import Words, number, same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.records import Run, Series
    from defib.reports.charts.axis import Axis
    from defib.words import Language


class Line(NamedTuple):
    """A series, and how it is called in the legend."""

    run: Run
    axis: Axis
    series: Series
    name: Words
    strong: bool = False
    most: int = POINTS
    """Points that are drawn of it."""

    def title(self, language: Language) -> str:
        """The name in the legend, visible characters only."""
        return clean(self.name.said(language))

    def rows(self, language: Language) -> list[dict[str, Any]]:
        """The points as the chart holds them: thinned, with the place of each in the log; what is no number has no y."""
        x = self.axis.of(self.series)
        return [
            {
                "x": rounded(x[index]),
                "y": rounded(self.series.value[index]),
                "of": self.title(language),
                "value": number(float(self.series.value[index])) + self.series.unit,
                "where": "" if (place := self.run.place(self.series, index)) is None else place_text(place),
            }
            for index in thinned(self.series.value, self.most).tolist()
            if np.isfinite(x[index])
        ]


def distinct(lines: Sequence[Line]) -> list[Line]:
    """The same lines; those that would be called alike are called by their keys."""
    names = [line.name for line in lines]
    return [line if names.count(line.name) == 1 else line._replace(name=same(line.series.key)) for line in lines]


def rounded(value: float) -> float | None:
    """Six digits are more than a screen has; None for what is no number.

    >>> rounded(1 / 3), rounded(float("nan"))
    (0.333333, None)
    """
    return float(f"{value:.6g}") if math.isfinite(value) else None
