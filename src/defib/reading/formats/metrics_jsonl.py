"""defib's own log, `metrics.jsonl`: a start line, then one JSON object for each training row, validation or event.

Step unit: optimiser steps from the start of the run; `epoch` counts from 1. Names are canonical keys.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from defib.reading.format import Format
from defib.reading.lines import number_of, objects
from defib.reading.rows import Pieces, Row
from defib.records import Event, Launch, Place, Point
from defib.words import Words

if TYPE_CHECKING:
    from defib.reading.source import Source

SPLITS = ("train", "val", "test")
SKIPPED = Words(en="{file}: {count} lines were not understood and skipped", zh="{file}：有 {count} 行无法理解，已跳过")


def _recognises(source: Source) -> bool:
    first = next(objects(source.sample), None)
    return first is not None and first.value is not None and first.value.get("kind") in ("start", "event", *SPLITS)


def _read(source: Source) -> Pieces:
    pieces = Pieces()
    bad = 0
    for line in objects(source.text):
        pieces.lines = line.number
        value = line.value or {}
        step, epoch = number_of(value.get("step")), number_of(value.get("epoch"))
        kind, values = value.get("kind"), value.get("values")
        if kind == "start":
            gpus, work_dir = value.get("gpus"), value.get("work_dir")
            pieces.launch = Launch(
                gpus=gpus if isinstance(gpus, int) else None, work_dir=work_dir if isinstance(work_dir, str) else None
            )
        elif kind in SPLITS and isinstance(values, dict):
            numbers = {str(name): number_of(one) for name, one in values.items()}
            pieces.rows.append(
                Row(
                    split=str(kind),
                    values={name: one for name, one in numbers.items() if one is not None},
                    step=math.nan if step is None else step,
                    epoch=math.nan if epoch is None else epoch,
                    line=line.number,
                )
            )
        elif kind == "event":
            text = str(value.get("text") or value.get("name") or "")
            at = Point(step=None if step is None else int(step), epoch=epoch)
            name = str(value.get("name") or "event")
            pieces.events.append(Event(kind=name, at=at, text=text, place=Place(file=source.name, line=line.number)))
        else:
            bad += 1
    half = bool(source.text) and not source.text.endswith("\n")
    if bad - half > 0:
        pieces.notes.append(SKIPPED.fill(file=source.name, count=bad - half))
    return pieces


metrics_jsonl = Format(
    name="metrics_jsonl",
    framework="defib",
    says=Words(en="defib's metrics.jsonl", zh="defib 的 metrics.jsonl"),
    recognises=_recognises,
    read=_read,
)
