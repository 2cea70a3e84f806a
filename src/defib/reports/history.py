"""The training history as a table: which columns, which rows, what is best."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from defib.naming import branch_of
from defib.reports.names import unit_of
from defib.reports.quantities import epoch_number
from defib.words import in_unit

if TYPE_CHECKING:
    from defib.records import Case, HistoryRow
    from defib.words import Words

LONGEST = 24
"""Rows that are shown in full; a longer history is cut down to its turning points."""
LAST = 5
TURNS = frozenset({"start", "fell", "fell-on", "back"})
MEASURED_NOTHING = "—"


class Cell(NamedTuple):
    """One value of the table."""

    text: str
    best: bool = False


class Line(NamedTuple):
    """One evaluation."""

    moment: str
    cells: tuple[Cell, ...]
    row: HistoryRow


class Gap(NamedTuple):
    """Evaluations that are not shown."""

    skipped: int


class Table(NamedTuple):
    """The history, ready to be shown."""

    by_step: bool
    heads: tuple[Words, ...]
    lines: tuple[Line | Gap, ...]


def table(case: Case) -> Table:
    """The history of a case: one column a branch, the deciding one first."""
    rows = case.checkup.history
    keys = _keys(case)
    best = {key: _best(case, key) for key in keys}
    by_step = all(row.epoch is None for row in rows)
    lines: list[Line | Gap] = []
    for kept in abridged(rows):
        if isinstance(kept, Gap):
            lines.append(kept)
            continue
        cells = tuple(_cell(case, kept, key, best[key]) for key in keys)
        lines.append(Line(_moment(kept, by_step=by_step), cells, kept))
    return Table(by_step, tuple(branch_of(case.run, key) for key in keys), tuple(lines))


def abridged(rows: tuple[HistoryRow, ...]) -> list[HistoryRow | Gap]:
    """The rows worth reading: all of a short history, the turning points of a long one, with the gaps counted."""
    if len(rows) <= LONGEST:
        return list(rows)
    kept = {0, *range(len(rows) - LAST, len(rows))}
    turns = [index for index, row in enumerate(rows) if row.mark in TURNS]
    for index in turns[-(LONGEST - LAST) // 2 :]:
        kept |= {max(index - 1, 0), index}
    bests = [index for index, row in enumerate(rows) if row.mark == "best"]
    kept |= set(bests[-1:])
    shown: list[HistoryRow | Gap] = []
    skipped = 0
    for index, row in enumerate(rows):
        if index not in kept:
            skipped += 1
            continue
        if skipped:
            shown.append(Gap(skipped))
        shown.append(row)
        skipped = 0
    return shown


def _keys(case: Case) -> tuple[str, ...]:
    found = dict.fromkeys(key for row in case.checkup.history for key in row.values)
    return tuple(sorted(found, key=lambda key: key != case.run.deciding))


def _best(case: Case, key: str) -> float | None:
    series = case.run.get(key)
    if series is not None and series.better is None:
        return None
    lower = series is not None and series.better == "lower"
    found = (row.values.get(key) for row in case.checkup.history)
    known = [value for value in found if value is not None and math.isfinite(value)]
    if not known:
        return None
    return min(known) if lower else max(known)


def _cell(case: Case, row: HistoryRow, key: str, best: float | None) -> Cell:
    value = row.values.get(key)
    if value is None:
        return Cell(MEASURED_NOTHING)
    return Cell(in_unit(value, unit_of(case.run, key)), best=best is not None and value == best)


def _moment(row: HistoryRow, *, by_step: bool) -> str:
    if by_step:
        return MEASURED_NOTHING if row.step is None else str(row.step)
    return epoch_number(row.epoch) or MEASURED_NOTHING
