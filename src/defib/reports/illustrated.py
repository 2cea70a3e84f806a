"""The Markdown document with the pictures that lie beside it, and the one picture that is asked for by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.reports import charts
from defib.reports.charts.legible import legible
from defib.reports.markdown import MARK, markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.records import Case
    from defib.reports.charts import Chart
    from defib.words import Language


def document(
    cases: Sequence[Case], language: Language, folder: str, albums: Sequence[Sequence[Chart]] | None = None
) -> tuple[str, dict[str, str]]:
    """The document about one case or several, and the pictures that it shows: SVG on white, by the names of their files.

    folder: the name of the folder beside the document in which it looks for them.
    albums: the charts of each case, where they are built already.
    """
    texts, pictures = [MARK], dict[str, str]()
    albums = [charts.album(case) for case in cases] if albums is None else albums
    for number, (case, album) in enumerate(zip(cases, albums, strict=True), 1):
        shown = []
        for chart in album:
            file = f"{chart.name}-{number}.svg" if len(cases) > 1 else f"{chart.name}.svg"
            pictures[file] = _standing(chart, language)
            shown.append((f"{folder}/{file}", chart.asks))
        texts.append(markdown(case, language, pictures=shown))
    return "\n".join(texts), pictures


def first_svg(cases: Sequence[Case], language: Language) -> str | None:
    """The picture that answers first: the comparison of several runs, or how the score of one went; None without any."""
    chart = _first(cases)
    return None if chart is None else _standing(chart, language)


def first_png(cases: Sequence[Case]) -> bytes | None:
    """The same as PNG. Its text is English, whatever the language of the answer: see `legible`."""
    chart = _first(cases)
    return None if chart is None else charts.png(legible(chart.build("en")))


def _first(cases: Sequence[Case]) -> Chart | None:
    together = charts.comparison(cases)
    return together if together is not None else next(iter(charts.album(cases[0])), None)


def _standing(chart: Chart, language: Language) -> str:
    """A picture that is opened by itself: on white, since nothing around it says whether the page is dark."""
    return f"{MARK}\n{charts.svg({**chart.build(language), 'background': 'white'})}\n"
