"""A CSV or TSV that a program wrote: one heading, then rows of numbers, apart by commas, tabs or semicolons.

Step unit: as the columns count: epochs or rounds, steps or timesteps. Where neither is there, as in the progress.csv of
OpenAI's baselines, each row counts as one, and a note says so; only a table of returns, or of training and validation
losses and nothing else, is read like that, because a table of trials looks the same. A column that says `train` or `val`
tells what its row is about. Cells may be empty, `3/20`, `83.2%` or, apart by semicolons or tabs, `0,5`.
Names of the exports of W&B (`run - val/acc`) are read without the run, and their `__MIN` and `__MAX` twins are left out.
Gives up: on rows that do not have the columns of the heading, on a clock that mostly goes back, and on a name that occurs
again (the first column is read). A half-written last line is left for next time.
"""

from __future__ import annotations

import csv
from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

from defib.reading import headings
from defib.reading.cells import clock_of, decimal
from defib.reading.format import Format
from defib.reading.jsonlines import HALF
from defib.reading.ledger import NAN, Ledger
from defib.reading.programs import LONGEST, ODD, only, run_from
from defib.understanding import split_of
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.metrics import Meaning
    from defib.reading.source import Source
    from defib.records import Run

COUNTED = Words(
    en="{file}: there is no column of epochs or steps; the rows are counted instead",
    zh="{file}：没有轮次或步数列；改为按行计数",
)
TWICE = Words(
    en="{file}: the column {name} occurs more than once; the first one was read",
    zh="{file}：列 {name} 重复出现；采用第一个",
)
OTHERS = Words(
    en="{file}: holds several runs ({names}); the first one was read",
    zh="{file}：包含多次训练（{names}）；读取第一个",
)

LOOKED_AT = 40  # rows by which a table is recognised
FORWARD = 0.6  # of the moves from row to row the share that must not go back; assumed
FEWEST = 2  # rows

_DELIMITERS = (",", "\t", ";")
_EPOCHS = frozenset(
    {"round", "rounds", "comm round", "communication round", "server round", "epoch idx", "current epoch"}
)
_STEPS = (
    *("step", "global step", "trainer global step", "train global step", "steps", "iter", "iteration", "iterations"),
    *(
        "total timesteps",
        "misc total timesteps",
        "time total timesteps",
        "timesteps total",
        "num timesteps",
        "timesteps",
    ),
    *("timestepssofar", "timesteps so far", "totalenvinteracts", "total env interacts", "serial timesteps"),
    *("misc serial timesteps", "env steps", "environment steps", "total steps", "total env steps", "frames", "frame"),
    *("time iterations", "training iteration", "nupdates", "misc nupdates", "updates", "update", "episode", "episodes"),
    *("total step", "train step", "total episodes", "batches", "batch idx", "trial step", "gradient steps"),
)
_SPLITS = frozenset({"split", "phase", "mode", "stage", "set", "subset", "dataset split"})
_ASIDE = frozenset({"", "time", "index", "unnamed: 0", "timestamp", "runtime", "wall time", "date", "relative time"})


class _Columns(NamedTuple):
    """What the columns of a heading are for."""

    names: list[str]
    delimiter: str
    epoch: int | None
    step: int | None
    split: int | None
    values: dict[int, str]
    notes: tuple[Words, ...]


def _columns(line: str, name: str) -> _Columns | None:
    """The columns of a heading, or None for a line that is none."""
    delimiter = max(_DELIMITERS, key=line.count)
    cells = _cells(line.lstrip("#"), delimiter)
    if len(cells) < 2 or any(decimal(cell) is not None for cell in cells):  # noqa: PLR2004 (a clock and a value)
        return None
    runs = list(dict.fromkeys(cell.rpartition(" - ")[0] for cell in cells if " - " in cell))
    notes = []
    if len(runs) > 1:
        notes.append(OTHERS.fill(file=name, names=", ".join(runs[:5])))
    names = [_bare(cell, runs) for cell in cells]
    clean = [headings.plain(one) for one in names]
    epoch = next((at for at, one in enumerate(clean) if headings.is_epoch(names[at]) or one in _EPOCHS), None)
    step = next((clean.index(word) for word in _STEPS if word in clean), None)
    if step is None:
        step = next((at for at, one in enumerate(names) if headings.is_step(one)), None)
    split = next((at for at, one in enumerate(clean) if one in _SPLITS), None)
    values: dict[int, str] = {}
    for at, one in enumerate(names):
        if not one or at in (epoch, step, split) or clean[at] in _ASIDE:
            continue
        if one in values.values():
            notes.append(TWICE.fill(file=name, name=one))
            continue
        values[at] = one
    return _Columns(names, delimiter, epoch, step, split, values, tuple(notes))


def _bare(cell: str, runs: Sequence[str]) -> str:
    """A name without its run; empty for the twins of an export, and for columns of other runs."""
    if cell.endswith(("__MIN", "__MAX")):
        return ""
    run, dash, name = cell.rpartition(" - ")
    return cell if not dash else (name if run == runs[0] else "")


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line.rstrip("\r")], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _moment(columns: _Columns, cells: Sequence[str]) -> tuple[float, float]:
    step = None if columns.step is None else clock_of(cells[columns.step])
    epoch = None if columns.epoch is None else clock_of(cells[columns.epoch])
    return NAN if step is None else step, NAN if epoch is None else epoch


def _begins(lines: Sequence[str]) -> int:
    """The first line that is no comment; a heading may stand in one."""
    at = 0
    while at < len(lines) - 1 and lines[at].startswith("#") and "{" in lines[at]:
        at += 1
    return at


def _recognises(source: Source) -> bool:
    if source.binary:
        return False
    lines = source.head.decode("utf-8", "replace").split("\n")[:-1]
    begin = _begins(lines)
    if len(lines) < begin + 1 + FEWEST or len(lines[begin]) > LONGEST:
        return False
    columns = _columns(lines[begin], source.name)
    if columns is None:
        return False
    known = _meanings(columns)
    judged = any(meaning is not None and meaning.measure.better is not None for meaning in known.values())
    rows = [_cells(line, columns.delimiter) for line in lines[begin + 1 : begin + 1 + LOOKED_AT] if line.strip()]
    rows = [row for row in rows if len(row) == len(columns.names)]
    comma = columns.delimiter != ","
    filled = any(
        decimal(row[at], comma=comma) is not None for row in rows for at in columns.values if known[columns.values[at]]
    )
    if not judged or len(rows) < FEWEST or not filled:
        return False
    if columns.epoch is None and columns.step is None:
        return _may_be_counted(known)
    return any(_goes_forward([_moment(columns, row)[of] for row in rows]) for of in (0, 1))


def _goes_forward(clock: Sequence[float]) -> bool:
    there = [at for at in clock if not isnan(at)]
    moves = list(pairwise(there))
    if len(set(there)) < 2:  # noqa: PLR2004 (a clock moves)
        return False
    forward = sum(later >= earlier for earlier, later in moves) >= FORWARD * len(moves)
    return forward or all(later < earlier for earlier, later in moves)  # or the latest stands on top


def _may_be_counted(known: dict[str, Meaning | None]) -> bool:
    keys = {meaning.key for meaning in known.values() if meaning is not None}
    if any(key.endswith("/reward") for key in keys):
        return True
    return None not in known.values() and "train/loss" in keys and bool(keys & {"val/loss", "test/loss"})


def _meanings(columns: _Columns) -> dict[str, Meaning | None]:
    names = list(columns.values.values())
    return dict(zip(names, headings.meanings(names), strict=True))


class _Row(NamedTuple):
    line: int
    split: str
    values: list[tuple[str, float]]
    at: tuple[float, float]

    @property
    def clock(self) -> float:
        """The epoch, else the step."""
        step, epoch = self.at
        return step if isnan(epoch) else epoch


class _Reading:
    """One pass over a table."""

    def __init__(self, source: Source) -> None:
        lines = source.text.split("\n")
        begin = _begins(lines)
        columns = _columns(lines[begin], source.name)
        assert columns is not None
        self.columns = columns
        self.known = _meanings(columns)
        self.percent = {name for name in columns.values.values() if headings.in_percent(name)}
        self.rows: list[_Row] = []
        self.odd: list[int] = []
        self._lines = lines[begin + 1 : -1]
        self._first = begin + 2

    @property
    def counted(self) -> bool:
        """Whether the rows are the clock."""
        return self.columns.epoch is None and self.columns.step is None

    def go_through(self) -> None:
        """Take in every row."""
        for number, line in enumerate(self._lines, start=self._first):
            cells = _cells(line, self.columns.delimiter) if len(line) <= LONGEST else []
            if len(cells) == len(self.columns.names):
                self._row(number, cells)
            elif line.strip():
                self.odd.append(number)
        clock = [row.clock for row in self.rows]
        if len(clock) > 1 and all(later < earlier for earlier, later in pairwise(clock)):
            self.rows.reverse()  # the latest stands on top

    def _row(self, number: int, cells: Sequence[str]) -> None:
        values = []
        for at, name in self.columns.values.items():
            value = decimal(cells[at], comma=self.columns.delimiter != ",")
            if value is not None:
                values.append((name, value))
                if cells[at].endswith("%"):
                    self.percent.add(name)
        if not values:
            return  # the heading again, or a row of words
        at_row = float(len(self.rows) + 1)
        where = (at_row, NAN) if self.counted else _moment(self.columns, cells)
        split = "" if self.columns.split is None else split_of(cells[self.columns.split])
        self.rows.append(_Row(number, split, values, where))

    def meaning(self, raw: str, split: str) -> Meaning | None:
        """What a column means in a row of a split."""
        return headings.in_split(raw, split) if split else self.known.get(raw)


def _read(sources: Sequence[Source]) -> Run:
    source = only(sources)
    reading = _Reading(source)
    reading.go_through()
    ledger = Ledger()
    for row in reading.rows:
        ledger.add(row.split, row.values, at=row.at, place=(0, row.line))
    notes = list(reading.columns.notes)
    if source.unfinished:
        notes.append(HALF.fill(file=source.name))
    if reading.counted:
        notes.append(COUNTED.fill(file=source.name))
    if reading.odd:
        notes.append(ODD.fill(file=source.name, count=len(reading.odd), line=reading.odd[0]))
    return run_from(
        "table",
        source,
        ledger,
        meaning=reading.meaning,
        percent=reading.percent.__contains__,
        notes=notes,
        tabular=True,
    )


delimited = Format(
    name="delimited",
    framework="table",
    says=Words(en="a CSV or TSV with a history of training", zh="含训练历史的 CSV 或 TSV"),
    rank=60,
    recognises=_recognises,
    read=_read,
)
