"""mmcv 0.x and 1.x, the console log `<timestamp>.log`: read where the `.log.json` of the same run is missing.

Step unit: optimiser steps, from the epoch, the iteration within it and the length of an epoch, which every training
line states; where the log counts iterations only, they are the step. Epochs count from 1.
Gives up: on every line that is no `Epoch [..]`, `Iter [..]`, `Epoch(val) [..]` or `Iter(val) [..]`, such as the config
that is printed at the top and the tables of classes. A half-written last line is left for next time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from defib.reading.console import LONGEST, numbers_of
from defib.reading.format import Format
from defib.reading.formats.mmcv import EMPTY, or_nan
from defib.reading.jsonlines import HALF
from defib.reading.ledger import NAN, Ledger
from defib.reading.pace import pace_of_steps
from defib.reading.programs import assembled, in_one_folder
from defib.reading.segments import Session, chain
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defib.reading.source import Source
    from defib.records import Run

_LINE = re.compile(
    r" - INFO - (?:"
    r"Epoch \[(?P<epoch>\d{1,6})\]\[(?P<at>\d{1,9})/(?P<of>\d{1,9})\]"
    r"|Iter \[(?P<iter>\d{1,12})/\d{1,12}\]"
    r"|(?:Epoch\(val\) \[(?P<evaluated>\d{1,6})\]|Iter\(val\) )\[\d{1,9}\]"
    r")(?:\t(?P<rest>.*))?$",
    re.ASCII,
)


def _recognises(source: Source) -> bool:
    lines = source.head.decode("utf-8", "replace").split("\n")
    return any(_matched(line) is not None for line in lines)


def _matched(line: str) -> re.Match[str] | None:
    return _LINE.search(line.rstrip("\r")) if " - INFO - " in line and len(line) <= LONGEST else None


def values_of(rest: str) -> Iterator[tuple[str, object]]:
    """The `key: value` pairs of a line, without those that are no number.

    >>> list(values_of("lr: 1.000e-01, eta: 1 day, 5:34:29, AP (M): 0.5, loss: nan"))
    [('lr', 0.1), ('AP (M)', 0.5), ('loss', nan)]
    """
    return numbers_of(rest.split(", "))


def rows_at(source: Source) -> list[int]:
    """The lines of a log that hold numbers."""
    lines = source.text.split("\n")[:-1]  # the last piece is empty, or half a line
    return [number for number, line in enumerate(lines, start=1) if _matched(line) is not None]


class _Reading:
    """One pass over the logs of a run."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.sessions: list[Session] = []
        self.notes: list[Words] = []

    def log(self, source: Source, file: int) -> None:
        """Read one log; it is one process."""
        begin = len(self.ledger)
        step = per_epoch = NAN
        empty: list[int] = []
        measured: dict[str, None] = {}
        lines = source.text.split("\n")
        if lines.pop().strip():  # the last piece is empty when the file ends with a line's end
            self.notes.append(HALF.fill(file=source.name))
        for number, line in enumerate(lines, start=1):
            match = _matched(line)
            if match is None:
                continue
            values = list(values_of(match["rest"] or ""))
            epoch = NAN
            if match["at"] is not None:
                epoch, per_epoch = float(match["epoch"]), float(match["of"])
                step = max(epoch - 1, 0.0) * per_epoch + float(match["at"])
            elif match["iter"] is not None:
                step = float(match["iter"])
            elif match["evaluated"] is not None:
                epoch = float(match["evaluated"])
                step = epoch * per_epoch
            trains = match["at"] is not None or match["iter"] is not None
            if not trains and not values:
                empty.append(number)
            values = values if trains else or_nan(values, measured)
            self.ledger.add("train" if trains else "val", values, at=(step, epoch), place=(file, number))
        if empty:
            self.notes.append(EMPTY.fill(file=source.name, count=len(empty), line=empty[0]))
        if len(self.ledger) > begin:
            self.sessions.append(Session(begin, source.name))


def _read(sources: Sequence[Source]) -> Run:
    ordered = in_one_folder(sources)
    reading = _Reading()
    for file, source in enumerate(ordered):
        reading.log(source, file)
    names = [source.name for source in ordered]
    whole_run = chain(reading.ledger, reading.sessions)
    run = assembled("mmcv", names, reading.ledger, whole_run, notes=reading.notes)
    return msgspec.structs.replace(run, seconds_per_epoch=pace_of_steps(run.series))


mmcv_text = Format(
    name="mmcv_text",
    framework="mmcv",
    says=Words(en="mmcv's <timestamp>.log", zh="mmcv 的 <timestamp>.log"),
    rank=21,
    recognises=_recognises,
    read=_read,
)
