"""`results.txt` of YOLOv3, v4, v5 and v7: a row of fifteen numbers an epoch, and no heading.

Step unit: epochs, written as `3/299` and counted from 0; here they count from 1. The columns are epoch, memory, the
losses of box, object and class and their sum, the number of targets, the size of the image, precision, recall, mAP50,
mAP50-95, and the validation losses of box, object and class. In the place of mAP50-95 early versions wrote F1; a row in
which it is above mAP50 can hold no mAP50-95.
Gives up: on rows of another length. Epochs that were not validated (0 in every column of it) are left out. A
half-written last line is left for next time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defib.metrics import MEASURES, Meaning
from defib.reading.format import Format
from defib.reading.formats.ultralytics import UNVALIDATED
from defib.reading.jsonlines import HALF
from defib.reading.ledger import NAN, Ledger
from defib.reading.programs import meant, number, only, run_from
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.reading.source import Source
    from defib.records import Run

_EPOCH = re.compile(r"\s*(\d{1,6})/(\d{1,6})\s+(\d[\d.]{0,12}[GMK]?)\s+([-+.\deEnaif\s]{1,400})")
_COLUMNS = (
    *("train box", "train obj", "train cls", "train loss", "", "", "precision", "recall", "map50", "map"),
    *("val box", "val obj", "val cls"),
)
_SCORED = _COLUMNS.index("precision")
_MAP50, _MAP = _COLUMNS.index("map50"), _COLUMNS.index("map")

Row = tuple[int, float, list[float]]


def _row(line: str) -> tuple[float, list[float]] | None:
    """(epoch, numbers) of a line, or None."""
    match = _EPOCH.fullmatch(line.rstrip())
    if match is None or int(match[1]) > int(match[2]):
        return None
    cells = [number(cell) for cell in match[4].split()]
    values = [cell for cell in cells if cell is not None]
    return (float(match[1]), values) if len(values) == len(cells) == len(_COLUMNS) else None


def _recognises(source: Source) -> bool:
    lines = [line for line in source.head.decode("utf-8", "replace").split("\n")[:20] if line.strip()]
    return bool(lines) and _row(lines[0]) is not None


def _meaning(raw: str, _split: str) -> Meaning | None:
    split, _, part = raw.rpartition(" ")
    if split:
        return meant(split, "loss", part if part != "loss" else None)
    return Meaning(f"val/{raw}", f"val/{raw}", None, MEASURES[raw])


def _read(sources: Sequence[Source]) -> Run:
    source = only(sources)
    lines = source.text.split("\n")
    notes = [HALF.fill(file=source.name)] if lines.pop().strip() else []
    rows: list[Row] = [(at, *row) for at, line in enumerate(lines, start=1) if (row := _row(line)) is not None]
    f1 = any(values[_MAP] > values[_MAP50] for *_, values in rows)
    names = [name if name != "map" or not f1 else "fscore" for name in _COLUMNS]
    unvalidated = 0
    ledger = Ledger()
    for line, epoch, values in rows:
        held_out = any(values[_SCORED:])
        unvalidated += not held_out
        shown = values if held_out else values[:_SCORED]
        named = [(name, value) for name, value in zip(names, shown, strict=False) if name]
        ledger.add("", named, at=(NAN, epoch + 1), place=(0, line))
    if unvalidated:
        notes.append(UNVALIDATED.fill(file=source.name, count=unvalidated))
    return run_from("ultralytics", source, ledger, meaning=_meaning, notes=notes, tabular=True)


yolo_text = Format(
    name="yolo_text",
    framework="ultralytics",
    says=Words(en="YOLO's results.txt", zh="YOLO 的 results.txt"),
    rank=45,
    recognises=_recognises,
    read=_read,
)
