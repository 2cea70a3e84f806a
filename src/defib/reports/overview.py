"""Several runs in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.text import Text

from defib.naming import metric_name
from defib.reports import phrases, story
from defib.reports.names import SHORT_VERDICTS, unit_of
from defib.reports.quantities import when
from defib.reports.screen.blocks import line, table
from defib.reports.terminal import VERDICT_STYLES
from defib.words import in_unit, same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from defib.records import Case, Series
    from defib.words import Language, Words

NOTHING = same("—")
HEADS = (
    phrases.RUN,
    phrases.VERDICT,
    phrases.OVERVIEW_SINCE,
    phrases.OVERVIEW_BEST,
    phrases.OVERVIEW_LAST,
    phrases.OVERVIEW_CAUSE,
)


def overview(cases: Sequence[Case], language: Language) -> RenderableType:
    """One row a run: verdict, since when, best and last value of the metric that decides, likeliest cause."""
    if not cases:
        return line(phrases.NO_RUNS, language)
    grid = table(line(head, language) for head in HEADS)
    for column in (3, 4):
        grid.columns[column].justify = "right"
        grid.columns[column].no_wrap = True
    for case in cases:
        best, last = ends(case)
        grid.add_row(
            line(case.run.path, language),
            line(SHORT_VERDICTS[case.verdict], language, VERDICT_STYLES[case.verdict]),
            line(since(case), language),
            Text(best),
            Text(last),
            line(top_cause(case), language),
        )
    keys = {case.run.deciding for case in cases}
    if len(keys) == 1 and (key := keys.pop()) is not None:
        grid.caption = line(metric_name(cases[0].run, key), language, "dim")
        grid.caption_justify = "left"
    return grid


def since(case: Case) -> Words:
    """When the open incident began; a dash without one."""
    return NOTHING if case.checkup.incident is None else when(case.checkup.incident.onset)


def ends(case: Case) -> tuple[str, str]:
    """Best and last value of the deciding metric, with unit."""
    series = case.run.get(case.run.deciding)
    if series is None or not len(series):
        return NOTHING.en, NOTHING.en
    unit = unit_of(case.run, series.key)
    return in_unit(_best(series), unit), in_unit(float(series.value[-1]), unit)


def top_cause(case: Case) -> Words:
    """The first cause that is not ruled out; a dash when there is none."""
    groups = story.groups(case)
    return groups[0].causes[0].says if groups else NOTHING


def _best(series: Series) -> float | None:
    finite = series.value[np.isfinite(series.value)]
    if not len(finite):
        return None
    return float(finite.min() if series.better == "lower" else finite.max())
