"""Cases as one self-contained HTML file: charts that answer to the pointer, light and dark, for print and for phones.

Everything that comes from a run passes through jinja's escaping as text, or through `_data` as JSON. The page may load
nothing: its content policy forbids every request.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from defib import naming
from defib.records import Point
from defib.reports import changes, charts, history, inert, names, outlook, phrases, predicted, quantities, shell, story
from defib.reports.anchors import anchors, moment
from defib.reports.charts.axis import axis_of
from defib.reports.charts.thinning import POINTS
from defib.reports.overview import HEADS, ends, since, top_cause
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from defib.records import Case
    from defib.reports.charts import Chart
    from defib.words import Language

FEWEST = 40
"""Points of a line that a page of very many runs still shows."""
LANGUAGES = {"en": "en", "zh": "zh-CN"}


class Picture(NamedTuple):
    """One chart of the page."""

    id: str
    asks: Words
    svg: str
    """As it was drawn beforehand: for print, and for readers without scripts."""
    left_out: tuple[str, ...]


class Section(NamedTuple):
    """One case of the page."""

    id: str
    case: Case
    pictures: tuple[Picture, ...]
    anchors: dict[str, str]
    """Which picture shows which series: key -> id."""
    by_step: bool


def html(
    cases: Sequence[Case],
    language: Language,
    *,
    scripts: str | None = None,
    albums: Sequence[Sequence[Chart]] | None = None,
    zone: tzinfo | None = None,
) -> str:
    """The page for one case or several, in one language.

    scripts: those that make the charts live, where they are put together already.
    albums: the charts of each case, where they are built already.
    zone: in which to tell the time; the machine's own by default.
    """
    sections: list[Section] = []
    definitions: dict[str, Mapping[str, Any]] = {}
    most = max(POINTS // len(cases), FEWEST)
    albums = [charts.album(case, most) for case in cases] if albums is None else albums
    for number, (case, album) in enumerate(zip(cases, albums, strict=True), 1):
        pictures = []
        for chart in album:
            name = f"{chart.name}-{number}"
            definitions[name] = chart.build(language)
            pictures.append(_picture(chart, name, definitions))
        sections.append(
            Section(f"case-{number}", case, tuple(pictures), anchors(album, number), axis_of(case.run).by_step)
        )
    together = charts.comparison(cases)
    if together is not None:
        definitions[together.name] = together.build(language)
    return (
        _environment(language)
        .get_template("page/page.html.j2")
        .render(
            sections=sections,
            together=together and _picture(together, together.name, definitions),
            lang=LANGUAGES[language],
            zone=zone,
            definitions=_data(definitions),
            bundle=Markup((scripts or charts.bundle()).replace("</script", "<\\/script")),  # noqa: S704 (the libraries' own text)
        )
    )


def _picture(chart: Chart, name: str, definitions: Mapping[str, Mapping[str, Any]]) -> Picture:
    return Picture(name, chart.asks, charts.svg(definitions[name]), chart.left_out)


def _data(value: object) -> Markup:
    r"""JSON inside a script element: no character in it can end the element or open another one.

    >>> str(_data({"a": "</script><!--"}))
    '{"a": "\\u003c/script>\\u003c!--"}'
    """
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704 (no tag is left in it)


@cache
def _environment(language: Language) -> Environment:
    def shown(value: object) -> Markup:
        """What a pair of braces prints: a sentence in the language, visible characters only, no markup."""
        if isinstance(value, Markup):
            return value
        text = value.said(language) if isinstance(value, Words) else str(value)
        return escape(inert.clean(text))

    made = Environment(
        loader=PackageLoader("defib.reports"),
        autoescape=True,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters |= {
        "block": lambda lines: Markup("\n").join(escape(inert.clean(line)) for line in lines),
        "drawing": Markup,  # what vl-convert drew from escaped data
        "launched": lambda case: shell.launch(case, case.plan, language),
        "table": history.table,
        "difference": lambda plan: (plan.diff or "").splitlines(),
    }
    made.globals |= cast(
        "dict[str, Any]",
        {
            "p": phrases,
            "names": names,
            "naming": naming,
            "story": story,
            "outlook": outlook,
            "overview": {"heads": HEADS, "ends": ends, "since": since, "top_cause": top_cause},
            "predicted": predicted,
            "moment": moment,
            "quantities": quantities,
            "changes": changes,
            "shell": shell,
            "Point": Point,
            "marks": names.VERDICT_MARKS,
        },
    )
    return made
