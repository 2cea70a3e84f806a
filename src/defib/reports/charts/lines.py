"""The layers that charts are built from: lines of several series, marked moments, a band."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import altair as alt
import numpy as np

from defib.reports import phrases
from defib.reports.charts.thinning import thinned
from defib.reports.inert import clean
from defib.reports.quantities import place_text
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from defib.records import Run, Series
    from defib.reports.charts.axis import Axis
    from defib.reports.charts.band import Band
    from defib.words import Language

WIDTH, HEIGHT = 760, 260
MOST_LINES = 8
"""In one chart; nobody can tell more colours apart."""
COLOURS = ("#3b7dd8", "#e07b28", "#2f9e78", "#b4519f", "#8c7a2b", "#6d6bd0", "#c0504d", "#3fa0b5")
"""Read on white and on black."""
STRONG, THIN = 2.8, 1.5  # pixels
DOTTED = 60
"""Points of a line, up to which each is shown."""
LOG_FROM = 50.0
"""Times the smallest value that the largest must be for a logarithmic scale."""
INK = "currentColor"
"""The colour of the text around the picture: it follows light and dark."""


class Line(NamedTuple):
    """A series, and how it is called in the legend."""

    series: Series
    name: Words
    strong: bool = False


class Mark(NamedTuple):
    """A moment that is marked in every chart."""

    x: float
    says: Words
    colour: str


def picture(  # noqa: PLR0913 (what a chart consists of, by name)
    run: Run,
    axis: Axis,
    lines: Sequence[Line],
    marks: Sequence[Mark],
    language: Language,
    *,
    measure: Words,
    unit: str = "",
    band: Band | None = None,
) -> dict[str, Any]:
    """A whole chart as Vega-Lite. At most `MOST_LINES` lines."""
    rows = [row for line in lines for row in _rows(run, axis, line, language)]
    time = alt.Scale(domain=[axis.low, axis.end], nice=False)
    x = alt.X("x:Q", title=axis.title.said(language), scale=time, axis=alt.Axis(tickMinStep=1))
    said = measure.said(language) + (f" ({unit})" if unit else "")
    low, high = _extremes(rows, band)
    scale = alt.Scale(type="log") if low > 0 and high / low > LOG_FROM else alt.Scale(zero=False)
    y = alt.Y("y:Q", title=said, scale=scale)
    names = [clean(line.name.said(language)) for line in lines]
    colour = alt.Color(
        "of:N",
        scale=alt.Scale(domain=names, range=list(COLOURS[: len(names)])),
        legend=alt.Legend(title=None, orient="bottom", columns=4, symbolType="stroke") if len(names) > 1 else None,
    )
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=colour)
    layers: list[alt.Chart] = [] if band is None else [_band(band, x, y)]
    layers += _marks(marks, axis, language)
    layers += [
        *_drawn_lines(base, lines, rows, language),
        _points(base, rows, lines, axis, language),
        _cursor(time),
    ]
    cursor = alt.param(name="cursor", value=False)  # a number once somebody points
    chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, autosize=alt.AutoSizeParams(type="fit-x"))
    return dict(_dressed(chart.add_params(cursor)).to_dict())


def _rows(run: Run, axis: Axis, line: Line, language: Language) -> list[dict[str, Any]]:
    series = line.series
    x = axis.of(series)
    kept = thinned(series.value)
    return [
        {
            "x": _rounded(x[index]),
            "y": _rounded(series.value[index]),
            "of": clean(line.name.said(language)),
            "value": number(float(series.value[index])) + series.unit,
            "where": "" if (place := run.place(series, index)) is None else place_text(place),
        }
        for index in kept.tolist()
        if np.isfinite(x[index])
    ]


def _drawn_lines(
    base: alt.Chart, lines: Sequence[Line], rows: Sequence[dict[str, Any]], language: Language
) -> list[alt.Chart]:
    """Thin lines, then strong ones above them."""
    strong = {clean(line.name.said(language)) for line in lines if line.strong}
    found = []
    for width, wanted in ((THIN, False), (STRONG, True)):
        chosen = [row for row in rows if (row["of"] in strong) == wanted]
        if chosen:
            found.append(base.mark_line(strokeWidth=width).properties(data=alt.InlineData(values=chosen)))
    return found


def _rounded(value: float) -> float | None:
    """Six digits are more than a screen has; what is no number breaks the line."""
    return float(f"{value:.6g}") if math.isfinite(value) else None


def _extremes(rows: Iterable[dict[str, Any]], band: Band | None) -> tuple[float, float]:
    known = [row["y"] for row in rows if row["y"] is not None]
    known += [value for _, low, high in (band.rows if band else ()) for value in (low, high)]
    return (min(known), max(known)) if known else (0.0, 0.0)


def _points(
    base: alt.Chart, rows: Sequence[dict[str, Any]], lines: Sequence[Line], axis: Axis, language: Language
) -> alt.Chart:
    """The points themselves, and what is told of each under the pointer; of long lines they are seen only there."""
    shown = len(rows) <= DOTTED * len(lines)
    told = [
        alt.Tooltip("of:N", title=phrases.CHART_OF.said(language)),
        alt.Tooltip("x:Q", title=axis.title.said(language), format=".6~g"),
        alt.Tooltip("value:N", title=phrases.CHART_VALUE.said(language)),
        alt.Tooltip("where:N", title=phrases.CHART_WHERE.said(language)),
    ]
    return base.mark_point(filled=True, size=34 if shown else 60, opacity=1 if shown else 0).encode(tooltip=told)


def _band(band: Band, x: alt.X, y: alt.Y) -> alt.Chart:
    rows = [{"x": at, "y": low, "high": high} for at, low, high in band.rows]
    area = alt.Chart(alt.InlineData(values=rows)).mark_area(opacity=0.22, color="#2f6fde")
    return area.encode(x=x, y=y, y2="high:Q")


def _marks(marks: Sequence[Mark], axis: Axis, language: Language) -> list[alt.Chart]:
    """A dashed line for each moment; the labels stand above the picture, the later ones higher."""
    found = []
    shown = [mark for mark in marks if axis.low <= mark.x]
    for row, mark in enumerate(shown):
        data = alt.InlineData(values=[{"x": _rounded(mark.x), "says": clean(mark.says.said(language))}])
        at = alt.Chart(data).encode(x="x:Q")
        found.append(at.mark_rule(color=mark.colour, strokeDash=[5, 4], strokeWidth=1.5))
        turned = "right" if mark.x > (axis.low + axis.end) / 2 else "left"
        label = at.mark_text(align=turned, dx=-4 if turned == "right" else 4, baseline="bottom", color=mark.colour)
        found.append(label.encode(text="says:N", y=alt.value(-4 - 15 * (len(shown) - 1 - row))))
    return found


def _cursor(time: alt.Scale) -> alt.Chart:
    """The moment that the reader points at, in every chart of the page at once."""
    at = (
        alt.Chart(alt.InlineData(values=[{"of": 0}]))
        .transform_calculate(x="cursor")
        .transform_filter("isNumber(datum.x)")
    )
    return at.mark_rule(color=INK, strokeWidth=1, opacity=0.55).encode(x=alt.X("x:Q", scale=time))


def _dressed(chart: alt.LayerChart) -> alt.LayerChart:
    quiet = {"labelColor": INK, "titleColor": INK, "domainColor": INK, "tickColor": INK, "gridColor": INK}
    return (
        chart.configure(
            font="system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif", background="transparent"
        )
        .configure_axis(
            gridOpacity=0.12, domainOpacity=0.4, tickOpacity=0.4, labelFontSize=12, titleFontSize=12, **quiet
        )
        .configure_legend(labelColor=INK, labelFontSize=12, labelLimit=260)
        .configure_text(fontSize=12, fontWeight="bold")
        .configure_view(stroke=None)
    )
