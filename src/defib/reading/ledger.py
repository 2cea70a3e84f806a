"""Rows are written down in the order in which they were logged; at the end they become series."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from defib import metrics
from defib.records import Column, Series
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from defib.metrics import Meaning

    Numbers = tuple[array[int], array[float]]  # rows, and the value that stands in each
    Places = tuple[
        np.ndarray | slice, Column, tuple[Column, ...]
    ]  # which points count, their records, and where they stand

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


class Ledger:
    """The rows of a run. A row is one record: one line of a log, or one line of a table."""

    def __init__(self) -> None:
        self.step, self.epoch = array("d"), array("d")
        self.train = bytearray()
        self._line, self._file = array("q"), array("q")
        self._values: dict[tuple[str, str], Numbers] = {}

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
            if type(value) is not float and (type(value) is not int or abs(value) > MOST_STEPS):
                continue  # text, lists, true and false, and integers that no metric can be
            column = columns.get((split, name))
            if column is None:
                column = columns[split, name] = (array("q"), array("d"))
            column[0].append(row)
            column[1].append(value)

    def add_alike(
        self,
        split: str,
        columns: Mapping[str, Column],
        *,
        at: tuple[Column, Column],
        place: tuple[int, Sequence[int]],
    ) -> None:
        """Write down rows that have the same names, one column a name; it comes to what `add` makes of each row.

        at: steps and epochs. place: file and lines.
        """
        begin, count = len(self.step), len(place[1])
        for column, numbers in zip((self.step, self.epoch), at, strict=True):
            column.frombytes(numbers.tobytes())
        self.train += bytes([split == "train"]) * count
        self._line.frombytes(np.array(place[1], dtype=np.int64).tobytes())
        self._file.frombytes(np.full(count, place[0], dtype=np.int64).tobytes())
        rows = np.arange(begin, begin + count, dtype=np.int64).tobytes()
        for name, numbers in columns.items():
            if name in BOOKKEEPING:
                continue  # nobody asks for it
            kept = self._values.get((split, name))
            if kept is None:
                kept = self._values[split, name] = (array("q"), array("d"))
            kept[0].frombytes(rows)
            kept[1].frombytes(numbers.tobytes())

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
        where = tuple(np.array(column, dtype=np.float64) for column in (self.step, self.epoch, self._line, self._file))
        places: dict[bytes, Places] = {}  # most metrics stand in the same rows, and then share their columns
        # An mIoU of 0.44 beside an aAcc of 1.31 is in per cent, though it alone might be a fraction.
        mmseg = [numbers for (_, raw), (_, numbers) in self._values.items() if metrics.of_mmseg(raw)]
        in_percent = any(value > 1.0 for numbers in mmseg for value in numbers)
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
            same_rows = rows.tobytes()
            if same_rows not in places:
                places[same_rows] = _places(rows, kept, where)
            one = _series(raw, meant, places[same_rows], np.array(numbers), percent=scaled)
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


def wholes(column: Column) -> bool:
    """Whether each number of a column can be a step or epoch."""
    return bool(((column >= 0) & (column < MOST_STEPS)).all())


def as_numbers(values: Sequence[object]) -> array[float] | None:
    """A column, when all that stands in it are numbers that a metric can be; else None.

    >>> as_numbers((1, 2.5)), as_numbers((1.0, "2")), as_numbers((1.0, True)), as_numbers((1, 2**60))
    (array('d', [1.0, 2.5]), None, None, None)
    """
    if not all(map(_is_number, values)):
        return None
    return array("d", values)  # type: ignore[arg-type]  # floats and integers, as was just seen


def _is_number(value: object) -> bool:
    return type(value) is float or (type(value) is int and abs(value) <= MOST_STEPS)


def _places(rows: array[int], kept: Kept, where: tuple[Column, ...]) -> Places:
    """Of points that stand in these rows: which of them count, their records in the judged run, and where they stand."""
    row = np.array(rows)
    counts = kept.mask[row]
    every = bool(counts.all())
    row = row if every else row[counts]
    shared = ((row - kept.first).astype(np.float64), *(column[row] for column in where))
    for column in shared:
        column.flags.writeable = False  # a change to one series would be a change to all
    return slice(None) if every else counts, shared[0], shared[1:]


def _series(raw: str, meant: Meaning, places: Places, numbers: Column, *, percent: bool) -> Series:
    counts, records, where = places
    numbers = numbers[counts]
    if meant.measure.absent is not None and (numbers == meant.measure.absent).any():
        there = numbers != meant.measure.absent
        numbers, records, where = numbers[there], records[there], tuple(column[there] for column in where)
    highest = [float(np.fmax.reduce(numbers))] if len(numbers) else []  # the highest alone decides
    scale = metrics.scale_to_percent(meant.measure, highest, written_percent=percent)
    step, epoch, line, file = where
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
        value=numbers if scale == 1.0 else numbers * scale,
        record=records,
        line=line,
        file=file,
    )
