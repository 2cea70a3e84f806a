"""Texts that repeat a log row for row: mmcv writes `<name>.log` for people and `<name>.log.json` with the same numbers.

Where both have the same rows, a message in the text stands behind the record of the row above it.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.reading.formats.mmcv_text import rows_at
from defib.records import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.reading.source import Source
    from defib.records import Event, Run

TWIN = ".json"  # how the name of the log goes on where that of the text ends
APART = 1  # rows; one of the two files may not be written to its end yet


def alongside(run: Run, source: Source, events: Sequence[Event]) -> list[Event] | None:
    """The events of a text at their records; None when the text does not repeat one of the run's logs row for row."""
    twin = f"{source.name}{TWIN}"
    if twin not in run.files or not events:
        return None
    file = run.files.index(twin)
    lines = np.concatenate([one.line[one.file == file] for one in run.series])
    _, first = np.unique(lines, return_index=True)
    records = np.concatenate([one.record[one.file == file] for one in run.series])[first]
    rows = rows_at(source)
    if not len(records) or abs(len(rows) - len(records)) > APART:
        return None
    placed = []
    for event in events:
        line = event.place.line if event.place is not None else None
        above = min(bisect_left(rows, line or 0), len(records))
        record = int(records[above - 1]) + 1 if above else 0
        here = run.moment(record - 1)
        at = Point(
            step=here.step if event.at.step is None else event.at.step,
            epoch=here.epoch if event.at.epoch is None else event.at.epoch,
        )
        placed.append(msgspec.structs.replace(event, record=record, at=at))
    return placed
