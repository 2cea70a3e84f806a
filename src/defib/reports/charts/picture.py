"""Lines, marked moments and a band become one picture, defined in Vega-Lite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import altair as alt

from defib.reports import phrases
from defib.reports.charts.line import rounded
from defib.reports.inert import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from defib.reports.charts.axis import Axis
    from defib.reports.charts.band import Band
    from defib.reports.charts.line import Line
    from defib.reports.charts.marked import Mark
    from defib.words import Language, Words

WIDTH, HEIGHT = 760, 260
MOST_LINES = 8
"""In one chart; nobody can tell more colours apart."""
COLOURS = ("#3b7dd8", "#e07b28", "#2f9e78", "#b4519f", "#8c7a2b", "#6d6bd0", "#c0504d", "#3fa0b5")
"""Read on white and on black."""
LABELS = 44
"""Pixels for the numbers on the left, so that all charts of a page begin in one line."""
STRONG, THIN = 2.8, 1.5  # pixels
DOTTED = 60
"""Points of a line, up to which each is shown."""
LOG_FROM, LOG_TO = 50.0, 1e6
"""Times the smallest value that the largest must be for a logarithmic scale; beyond the second it would show nothing."""
UNSEEN = 0.0
"""The opacity of a layer that is only there to be pointed at; drawings leave it out."""
INK = "currentColor"
"""The colour of the text around the picture: it follows light and dark."""

_INKED = dict.fromkeys(("labelColor", "titleColor", "domainColor", "tickColor", "gridColor"), INK)
LOOKS = {
    "font": "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
    "background": "transparent",
    "axis": _INKED
    | {"gridOpacity": 0.12, "domainOpacity": 0.4, "tickOpacity": 0.4, "labelFontSize": 12, "titleFontSize": 12},
    "legend": {"labelColor": INK, "labelFontSize": 12, "labelLimit": 260},
    "text": {"fontSize": 12, "fontWeight": "bold"},
    "view": {"stroke": None},
}


def picture(  # noqa: PLR0913 (what a chart consists of, by name)
    axis: Axis,
    lines: Sequence[Line],
    language: Language,
    *,
    measure: Words,
    unit: str = "",
    marks: Sequence[Mark] = (),
    band: Band | None = None,
) -> dict[str, Any]:
    """A whole chart as Vega-Lite. At most `MOST_LINES` lines."""
    rows = [row for line in lines for row in line.rows(language)]
    time = alt.Scale(domain=[axis.low, axis.end], nice=False)
    x = alt.X("x:Q", title=axis.title.said(language), scale=time, axis=alt.Axis(tickMinStep=1))
    said = measure.said(language) + (f" ({unit})" if unit else "")
    low, high = _extremes(rows, band)
    wide = low > 0 and LOG_FROM < high / low < LOG_TO
    scale = alt.Scale(type="log") if wide else alt.Scale(zero=False)
    y = alt.Y("y:Q", title=said, scale=scale, axis=alt.Axis(minExtent=LABELS))
    names = [line.title(language) for line in lines]
    colour = alt.Color(
        "of:N",
        scale=alt.Scale(domain=names, range=list(COLOURS[: len(names)])),
        legend=alt.Legend(title=None, orient="bottom", columns=4, symbolType="stroke") if len(names) > 1 else None,
    )
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, color=colour)
    layers: list[alt.Chart] = [] if band is None else [_band(band, x, y)]
    layers += _marks(marks, axis, language)
    layers += [
        *_drawn_lines(base, lines, language),
        _points(base, rows, lines, axis, language),
        _cursor(time),
    ]
    cursor = alt.param(name="cursor", value=False)  # a number once somebody points
    chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, autosize=alt.AutoSizeParams(type="fit-x"))
    return {**chart.add_params(cursor).to_dict(), "config": LOOKS}


def _drawn_lines(base: alt.Chart, lines: Sequence[Line], language: Language) -> list[alt.Chart]:
    """Thin lines, then strong ones above them."""
    found = []
    for width, wanted in ((THIN, False), (STRONG, True)):
        chosen = [line.title(language) for line in lines if line.strong == wanted]
        if chosen:
            drawn = base.mark_line(strokeWidth=width)
            found.append(drawn.transform_filter(alt.FieldOneOfPredicate("of", chosen)))
    return found


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
    found: alt.Chart = base.mark_point(
        filled=True, aria=False, size=34 if shown else 60, opacity=1 if shown else 0
    ).encode(tooltip=told)
    return found


def _band(band: Band, x: alt.X, y: alt.Y) -> alt.Chart:
    rows = [{"x": at, "y": low, "high": high} for at, low, high in band.rows]
    area = alt.Chart(alt.InlineData(values=rows)).mark_area(opacity=0.22, color="#2f6fde")
    found: alt.Chart = area.encode(x=x, y=y, y2="high:Q")
    return found


def _marks(marks: Sequence[Mark], axis: Axis, language: Language) -> list[alt.Chart]:
    """A dashed line for each moment; the labels stand above the picture, the earliest at the top."""
    found = []
    shown = [mark for mark in marks if axis.low <= mark.x]
    for row, mark in enumerate(shown):
        data = alt.InlineData(values=[{"x": rounded(mark.x), "says": clean(mark.says.said(language))}])
        at = alt.Chart(data).encode(x="x:Q")
        found.append(at.mark_rule(color=mark.colour, strokeDash=[5, 4], strokeWidth=1.5))
        turned: Literal["left", "right"] = "right" if mark.x > (axis.low + axis.end) / 2 else "left"
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
    found: alt.Chart = at.mark_rule(color=INK, strokeWidth=1, opacity=0.55).encode(x=alt.X("x:Q", scale=time))
    return found
