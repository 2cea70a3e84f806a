"""How long after the labelled onset something could be known.

`index.csv` states an onset in the file's own counting: `epoch` (which some programs count from 0 and some from 1),
`step`, or `epoch+iter`. The readers count epochs from 1. So that no table of programs has to say who counts how, the
onset is looked up in the file itself: the first line whose own counter has reached it. From there on records are
compared, which are the same in the file and in the run. A `step` means the same in a file and in its run.

A delay is counted in points of the series that the symptom is about: evaluations of a score, logged rows of a training
loss. 0: known at the first point that the onset could touch. 1: one point later. -1: one point earlier.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from defib.records import Run, Symptom

WITHIN = 1
"""Points of the series; the goal is stated so."""

_EPOCH = re.compile(r"epoch\D{0,12}?(\d+)(?:[\]/ ]*\[\s*(\d+)/\d+\])?", re.IGNORECASE)


class Clock(NamedTuple):
    """What a line of the file says about where it stands."""

    line: int
    epoch: float | None
    within: float | None
    """The iteration within the epoch."""


def clocks(text: str) -> Iterator[Clock]:
    r"""The counters of the lines that have one: of JSON lines, of a table with a heading, or of plain text.

    >>> list(clocks("epoch,loss\n0,1.5\n1,1.2\n"))
    [Clock(line=2, epoch=0.0, within=None), Clock(line=3, epoch=1.0, within=None)]
    >>> list(clocks("Epoch(train)  [6][1050/3750]  loss: nan"))
    [Clock(line=1, epoch=6.0, within=1050.0)]
    """
    lines = text.split("\n")
    heading = [name.strip() for name in lines[0].split(",")]
    column = heading.index("epoch") if "epoch" in heading else None
    for number, line in enumerate(lines, start=1):
        if line.startswith("{"):
            try:
                row = json.loads(line)
            except ValueError:
                continue
            yield Clock(number, _number(row.get("epoch")), _number(row.get("iter")))
        elif column is not None:
            cells = next(csv.reader(io.StringIO(line)), [])
            if number > 1 and len(cells) > column:
                yield Clock(number, _number(cells[column]), None)
        elif (said := _EPOCH.search(line)) is not None:
            yield Clock(number, _number(said[1]), _number(said[2]))


def _number(value: object) -> float | None:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def record_of(run: Run, path: Path, unit: str, onset: str) -> int | None:
    """The first record of the run that an onset could touch; None where that cannot be told."""
    if not onset or not unit:
        return None
    if unit == "step":
        return _first(run, "step", float(onset))
    begin, _, within = onset.partition("+")
    text = path.read_bytes().decode("utf-8", "replace")
    for clock in clocks(text):
        if clock.epoch is not None and _reached(clock, float(begin), float(within or 0)):
            return _first(run, "line", clock.line)
    return None


def _reached(clock: Clock, epoch: float, within: float) -> bool:
    if clock.epoch != epoch:
        return clock.epoch is not None and clock.epoch > epoch
    return not within or (clock.within is not None and clock.within >= within)


def _first(run: Run, column: str, least: float) -> int | None:
    """The first record that has a point at or after a step or a line.

    Evaluations stand at the step of the training row before them, so that a step of theirs is reached no earlier.
    """
    found = [one.record[getattr(one, column) >= least] for one in run.series]
    return min((int(records.min()) for records in found if len(records)), default=None)


def delay(run: Run, symptom: Symptom, onset: int) -> int | None:
    """Points of the symptom's own series from the onset to where it was known; None where that series is not there."""
    key = symptom.metric if symptom.branch is None else f"{symptom.metric}/{symptom.branch}"
    series = run.get(key)
    if series is None or not len(series):
        return None
    first = int(np.searchsorted(series.record, onset))
    return int(np.searchsorted(series.record, symptom.record)) - first
