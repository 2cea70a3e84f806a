"""The page of a case with the scripts that make its charts live: the room that draws knows no files, the cache no charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib import cache
from defib.reports import charts
from defib.reports.page import html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.records import Case
    from defib.reports.charts import Chart
    from defib.words import Language


def livepage(cases: Sequence[Case], language: Language, albums: Sequence[Sequence[Chart]] | None = None) -> str:
    """One self-contained HTML file. Putting its scripts together takes seconds, so it is done once for each version of them.

    albums: the charts of each case, where they are built already.
    """
    return html(cases, language, scripts=cache.kept(charts.bundle_name(), charts.bundle), albums=albums)
