"""PySlowFast, `json_stats:` lines in `json_stats.log` or among the text of `stdout.log`.

Step unit: epochs, counted from 1, as in `"epoch": "3/20"`; steps are not logged with the summary of an epoch. Lines of
single iterations are read only where no epoch was summarised: then the step is made of the epoch and the iteration.
Errors are in per cent and better when lower; the best error so far repeats another value and is left out.
Gives up: on lines without `json_stats:`, and on those of a test, which come after the training.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defib.reading.format import Format
from defib.reading.jsonlines import BROKEN, HALF, decoded
from defib.reading.ledger import NAN, Ledger
from defib.reading.programs import only, run_from
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.reading.jsonlines import Row
    from defib.reading.source import Source
    from defib.records import Run

_MARK = b"json_stats: "
_COUNT = re.compile(r"\s*(\d{1,9})\s*/\s*(\d{1,9})\s*")
_SPLITS = {"train_epoch": "train", "val_epoch": "val", "train_iter": "train"}
_PLACES = frozenset({"iter", "dt", "dt_data", "dt_net", "time_diff", "min_top1_err", "min_top5_err"})


def _recognises(source: Source) -> bool:
    lines = (line for line in source.head.split(b"\n") if _MARK in line)
    return any(row is not None and _is_row(row) for row in map(_row, lines))


def _row(line: bytes) -> Row | None:
    return decoded(line.partition(_MARK)[2].strip())


def _is_row(row: Row) -> bool:
    kind = row.get("_type")
    return isinstance(kind, str) and kind in _SPLITS and _counted(row.get("epoch")) is not None


def _counted(text: object) -> tuple[int, int] | None:
    """`3/20` as two numbers."""
    match = _COUNT.fullmatch(text) if isinstance(text, str) and text.isascii() else None
    return None if match is None else (int(match[1]), int(match[2]))


def _read(sources: Sequence[Source]) -> Run:
    source = only(sources)
    lines = source.data.split(b"\n")
    rows: list[tuple[int, Row]] = []
    broken, notes = [], []
    for number, line in enumerate(lines, start=1):
        if _MARK not in line:
            continue
        row = _row(line)
        if row is not None:
            rows.append((number, row))
        elif number < len(lines):
            broken.append(number)
        else:
            notes.append(HALF.fill(file=source.name))
    if broken:
        notes.append(BROKEN.fill(file=source.name, count=len(broken), line=broken[0]))
    return run_from("pyslowfast", source, _ledger(rows), percent=lambda raw: raw.endswith("_err"), notes=notes)


def _ledger(rows: Sequence[tuple[int, Row]]) -> Ledger:
    summed = any(row.get("_type") == "train_epoch" for _, row in rows)
    ledger = Ledger()
    for number, row in rows:
        epoch = _counted(row.get("epoch"))
        if epoch is None or not _is_row(row) or (summed and row["_type"] == "train_iter"):
            continue
        step = NAN
        if row["_type"] == "train_iter":
            within = _counted(row.get("iter"))
            step = NAN if within is None else float(max(epoch[0] - 1, 0) * within[1] + within[0])
        values = ((name, value) for name, value in row.items() if name not in _PLACES)
        ledger.add(_SPLITS[row["_type"]], values, at=(step, float(epoch[0])), place=(0, number))
    return ledger


pyslowfast = Format(
    name="pyslowfast",
    framework="pyslowfast",
    says=Words(en="PySlowFast's json_stats lines", zh="PySlowFast 的 json_stats 行"),
    rank=23,
    recognises=_recognises,
    read=_read,
)
