"""mmcv 0.x and 1.x, `<timestamp>.log.json`: one object a line, each with a mode; before OpenMMLab moved to mmengine.

Step unit: optimiser steps, from the epoch and the iteration within it. How long an epoch is no line says: it is the
highest iteration that was logged, so a step is too low by less than one log interval for each epoch before it. Where
the iteration goes on growing from epoch to epoch it is the step itself. Epochs count from 1.
An evaluation that holds no metric at all, though one before it did, is read as NaN for each of them: nothing could be
measured, and leaving it out would make the run look as it looked before.
Gives up: on lines that are not JSON, and on lines without a mode, such as the first one with the environment.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from defib.reading.format import Format
from defib.reading.jsonlines import JsonLines, first_rows
from defib.reading.ledger import NAN, Ledger, whole
from defib.reading.programs import assembled, in_one_folder
from defib.reading.segments import Session, chain
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defib.reading.jsonlines import Row
    from defib.reading.source import Source
    from defib.records import Run

EMPTY = Words(
    en="{file}: {count} evaluations hold no metric, the first at line {line}; mmdet writes that when the model detects nothing, as after NaN; after an evaluation with metrics they are read as NaN",
    zh="{file}：有 {count} 次评估没有任何指标，首次出现在第 {line} 行；模型检测不到任何目标时（例如出现 NaN 之后）mmdet 会这样写；若之前的评估有指标，则按 NaN 读取",
)

_MODES = ("train", "val")
_PLACES = frozenset({"mode", "epoch", "iter"})


class _Line(NamedTuple):
    number: int
    row: Row
    epoch: float
    iter: float

    @property
    def trains(self) -> bool:
        return bool(self.row["mode"] == "train")


def _recognises(source: Source) -> bool:
    return any(_is_row(row) for row in first_rows(source))


def _is_row(row: Row) -> bool:
    return row.get("mode") in _MODES and whole(row.get("epoch")) is not None and whole(row.get("iter")) is not None


def _starts(rows: Sequence[tuple[int, Row]]) -> Iterator[list[_Line]]:
    """The lines of each start: a new one begins with another environment, or where training goes back."""
    lines: list[_Line] = []
    last = (0.0, 0.0)
    for number, row in rows:
        if not _is_row(row):
            fresh = "mode" not in row  # the environment, written once by every process
        else:
            line = _Line(number, row, float(row["epoch"]), float(row["iter"]))
            at = (line.epoch, line.iter if line.trains else last[1])
            fresh = at[0] < last[0] if not line.trains else at < last
        if fresh and lines:
            yield lines
            lines, last = [], (0.0, 0.0)
        if _is_row(row):
            lines.append(line)
            last = at if line.trains or line.epoch > last[0] else last
    if lines:
        yield lines


def _steps(lines: Sequence[_Line]) -> Iterator[float]:
    """The step of each line; of an evaluation that of the training line before it."""
    trains = [line for line in lines if line.trains]
    across = [(one.iter, two.iter) for one, two in pairwise(trains) if two.epoch > one.epoch]
    by_iteration = bool(across) and all(later > earlier for earlier, later in across)
    longest = max((line.iter for line in trains), default=0.0)
    # An evaluation after the epoch names the epoch's last iteration, which lies between two logged ones.
    interval = min((two.iter - one.iter for one, two in pairwise(trains) if two.epoch == one.epoch), default=0.0)
    ends = [line.iter for line in lines if not line.trains and longest <= line.iter < longest + interval]
    per_epoch = max([longest, *ends])
    step = NAN
    for line in lines:
        if line.trains:
            step = line.iter if by_iteration else (line.epoch - 1) * per_epoch + line.iter
        elif not by_iteration and trains:
            step = line.epoch * per_epoch
        yield step


def or_nan(values: list[tuple[str, object]], measured: dict[str, None]) -> list[tuple[str, object]]:
    """The values of an evaluation; where it holds none, NaN for each name that an earlier one held.

    measured: the names of the evaluations so far; this one's are added.
    """
    measured.update(dict.fromkeys(name for name, value in values if type(value) in (int, float)))
    return values or [(name, NAN) for name in measured]


def _read(sources: Sequence[Source]) -> Run:
    ordered = in_one_folder(sources)
    ledger, sessions, notes = Ledger(), [], []
    for file, source in enumerate(ordered):
        lines = JsonLines(source)
        empty: list[int] = []
        for start in _starts(list(lines)):
            sessions.append(Session(len(ledger), source.name))
            measured: dict[str, None] = {}
            for line, step in zip(start, _steps(start), strict=True):
                # Every evaluation repeats the learning rate of the training.
                skipped = _PLACES if line.trains else _PLACES | {"lr"}
                values = [(name, value) for name, value in line.row.items() if name not in skipped]
                if not line.trains and not values:
                    empty.append(line.number)
                if not line.trains:
                    values = or_nan(values, measured)
                ledger.add(line.row["mode"], values, at=(step, line.epoch), place=(file, line.number))
        if empty:
            notes.append(EMPTY.fill(file=source.name, count=len(empty), line=empty[0]))
        notes.extend(lines.notes())
    names = [source.name for source in ordered]
    return assembled("mmcv", names, ledger, chain(ledger, sessions), notes=notes)


mmcv = Format(
    name="mmcv",
    framework="mmcv",
    says=Words(en="mmcv's <timestamp>.log.json", zh="mmcv 的 <timestamp>.log.json"),
    rank=20,
    recognises=_recognises,
    read=_read,
)
