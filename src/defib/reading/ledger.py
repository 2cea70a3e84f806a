"""Rows are written down in the order in which they were logged; at the end they become series."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from defib import metrics
from defib.records import Column, Series
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from defib.metrics import Meaning

NAN = float("nan")
MOST_STEPS = 2**53  # beyond it a float no longer holds every step

TWO_NAMES = Words(
    en="both {used} and {left_out} mean {key}; {used} was taken because it has at least as many values",
    zh="{used} 和 {left_out} 都表示 {key}；采用了数值个数不更少的 {used}",
)

BOOKKEEPING = frozenset({"step", "epoch", "iter", "eta", "base_lr"})
"""Names that say where a row stands, or repeat another; they are neither metrics nor unknown."""


class Kept(NamedTuple):
    """Which rows belong to the run that is judged, and the number of the first of them."""

    mask: np.ndarray
    first: int

    def points(self, rows: list[int], values: list[float]) -> tuple[Column, Column, Column]:
        """Of a metric's points those that count: their rows, their records in the judged run, their values."""
        row, value = np.array(rows), np.array(values)
        counts = self.mask[row]
        row = row[counts]
        return row, (row - self.first).astype(np.float64), value[counts]


class Ledger:
    """The rows of a run. A row is one record: one line of a log, or one line of a table."""

    def __init__(self) -> None:
        self.step: list[float] = []
        self.epoch: list[float] = []
        self.train: list[bool] = []
        self._line: list[int] = []
        self._file: list[int] = []
        self._values: dict[tuple[str, str], tuple[list[int], list[float]]] = {}

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.step)

    def add(
        self,
        split: str,
        values: Iterable[tuple[str, object]],
        *,
        at: tuple[float, float],
        place: tuple[int, int],
    ) -> None:
        """Write down one row; what is no number in it is left out.

        at: step and epoch, NaN where they are not known. place: file and line.
        """
        row = len(self.step)
        step, epoch = at
        file, line = place
        self.step.append(step)
        self.epoch.append(epoch)
        self.train.append(split == "train")
        self._line.append(line)
        self._file.append(file)
        columns = self._values
        for name, value in values:
            if type(value) is not float:
                if type(value) is not int or abs(value) > MOST_STEPS:
                    continue  # text, lists, true and false, and integers that no metric can be
                value = float(value)  # noqa: PLW2901 (the number itself, in the type of a column)
            column = columns.get((split, name))
            if column is None:
                column = columns[split, name] = ([], [])
            column[0].append(row)
            column[1].append(value)

    def all_kept(self) -> Kept:
        """Every row, as when nothing was started twice."""
        return Kept(np.ones(len(self), dtype=bool), 0)

    def series(
        self,
        kept: Kept,
        *,
        meaning: Callable[[str, str], Meaning | None] = metrics.recognise,
        percent: Callable[[str], bool] = lambda raw: False,  # noqa: ARG005 (a format that never writes a sign)
        single_batch: frozenset[str] = frozenset(),
    ) -> tuple[tuple[Series, ...], tuple[str, ...], tuple[Words, ...]]:
        """The series, the names that were not understood, and notes.

        kept: the rows that count. meaning: what a name means in a split. percent: whether a name's shares are in per
        cent already. single_batch: metrics whose values describe one batch.
        """
        where = [np.array(column, dtype=np.float64) for column in (self.step, self.epoch, self._line, self._file)]
        # An mIoU of 0.44 beside an aAcc of 1.31 is in per cent, though it alone might be a fraction.
        mmseg = [value for (_, raw), (_, numbers) in self._values.items() if metrics.of_mmseg(raw) for value in numbers]
        in_percent = any(value > 1.0 for value in mmseg)
        found: dict[str, Series] = {}
        unknown: dict[str, None] = {}
        notes: list[Words] = []
        for (split, raw), (rows, numbers) in self._values.items():
            if raw in BOOKKEEPING:
                continue
            meant = meaning(raw, split)
            if meant is None:
                unknown[raw] = None
                continue
            scaled = percent(raw) or (in_percent and metrics.of_mmseg(raw))
            one = _series(raw, meant, where, kept.points(rows, numbers), percent=scaled)
            if meant.metric in single_batch:
                one = msgspec.structs.replace(one, single_batch=True)
            other = found.get(one.key)
            if other is not None and len(other) and len(one):
                one, left_out = (other, one) if len(other) >= len(one) else (one, other)
                notes.append(TWO_NAMES.fill(used=one.raw, left_out=left_out.raw, key=one.key))
            if len(one):
                found[one.key] = one
        return tuple(found.values()), tuple(unknown), tuple(notes)


def whole(value: object) -> float | None:
    """A step or epoch as a row may state it, or None when it can be none.

    >>> whole(12), whole(2.5), whole(True), whole(-1), whole(float("nan")), whole("12")
    (12.0, 2.5, None, None, None, None)
    """
    if type(value) is int or type(value) is float:
        return float(value) if 0 <= value < MOST_STEPS else None
    return None


def _series(
    raw: str,
    meant: Meaning,
    where: list[Column],
    points: tuple[Column, Column, Column],
    *,
    percent: bool,
) -> Series:
    rows, records, numbers = points
    if meant.measure.absent is not None:
        there = numbers != meant.measure.absent
        rows, records, numbers = rows[there], records[there], numbers[there]
    scale = metrics.scale_to_percent(meant.measure, numbers.tolist(), written_percent=percent)
    step, epoch, line, file = (column[rows] for column in where)
    return Series(
        key=meant.key,
        metric=meant.metric,
        branch=meant.branch,
        raw=raw,
        unit=meant.measure.unit,
        better=meant.measure.better,
        scale=scale,
        step=step,
        epoch=epoch,
        value=numbers * scale,
        record=records,
        line=line,
        file=file,
    )
