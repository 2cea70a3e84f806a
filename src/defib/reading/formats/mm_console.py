"""The console log of an mmengine run: `Epoch(train) [3][20/100] lr: ...`, `Epoch(val) [5][11/11] acc/top1: ...`.

Step unit: iterations, counted over epochs from the numbers in brackets; validation lines carry the epoch, and only
the line whose two counters agree carries metrics. Keys contain spaces (`coco/AP (M)`), so fields are split at two or
more spaces. The config printed at the top is never read as metrics.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from defib import metrics
from defib.reading.console import events, launch, tracked
from defib.reading.format import Format
from defib.reading.rows import Pieces, Row
from defib.words import Words

if TYPE_CHECKING:
    from defib.reading.source import Source

HEAD = re.compile(
    r"(?P<time>\d{4}[/-]\d\d[/-]\d\d \d\d:\d\d:\d\d) - mmengine - INFO - "
    r"(?P<by>Epoch|Iter)\((?P<split>train|val|test)\)\s*(?P<counts>(?:\[[^\]]*\]\s*)+)(?P<rest>.*)"
)
COUNT = re.compile(r"\[\s*(\d+)(?:\s*/\s*(\d+))?\s*\]")
FIELD = re.compile(r"(?P<name>\S.*?):\s+(?P<value>[-+]?(?:nan|inf|\d[\d.]*(?:e[-+]?\d+)?))$", re.IGNORECASE)
BOOKKEEPING = frozenset({"eta"})


def _recognises(source: Source) -> bool:
    return re.search(r"^\d{4}[/-]\d\d[/-]\d\d \d\d:\d\d:\d\d - mmengine - ", source.sample, re.MULTILINE) is not None


def _read(source: Source) -> Pieces:
    pieces = Pieces(single_batch=True, ignored=BOOKKEEPING)
    step, ends, per_epoch = math.nan, list[tuple[float, datetime]](), 0.0
    texts = source.text.split("\n")
    pieces.lines = len(texts)
    if texts and texts[-1]:
        texts.pop()  # a half-written last line is left for next time
    for line, text in enumerate(texts, start=1):
        match = HEAD.match(text)
        if match is None:
            continue
        counts = [(int(one), int(of) if of else None) for one, of in COUNT.findall(match["counts"])]
        values = _values(match["rest"])
        if match["split"] == "train":
            if match["by"] == "Epoch" and len(counts) > 1:
                per_epoch = float(counts[1][1] or 0)
                step = (counts[0][0] - 1) * per_epoch + counts[1][0]
                epoch = float(counts[0][0])
            elif counts:
                step, epoch = float(counts[0][0]), math.nan
            else:
                continue
            pieces.rows.append(Row(split="train", values=values, step=step, epoch=epoch, line=line))
        elif match["split"] == "val" and counts and counts[-1][0] == counts[-1][1] and values:
            epoch = float(counts[0][0]) if match["by"] == "Epoch" and len(counts) > 1 else math.nan
            pieces.rows.append(Row(split="val", values=values, step=step, epoch=epoch, line=line))
            ends.append((epoch, datetime.strptime(match["time"].replace("-", "/"), "%Y/%m/%d %H:%M:%S")))  # noqa: DTZ007 (only differences count)
    pieces.events = events(source.name, texts)
    pieces.launch = launch(texts)
    pieces.tracked = tracked(pieces.events, texts, metrics.recognise)
    pieces.seconds_per_epoch = _pace(ends)
    return pieces


def _values(rest: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in re.split(r"\s{2,}", rest.strip()):
        match = FIELD.match(part)
        if match is not None and match["name"] not in BOOKKEEPING:
            try:
                found[match["name"]] = float(match["value"])
            except ValueError:
                continue
    return found


def _pace(ends: list[tuple[float, datetime]]) -> float | None:
    """Median seconds from one epoch's validation to the next one's."""
    gaps = [
        (later - earlier).total_seconds() / (epoch - before)
        for (before, earlier), (epoch, later) in zip(ends, ends[1:], strict=False)
        if epoch > before and later > earlier
    ]
    return float(np.median(gaps)) if gaps else None


mm_console = Format(
    name="mm_console",
    framework="mmengine",
    says=Words(en="mmengine console log", zh="mmengine 控制台日志"),
    recognises=_recognises,
    read=_read,
)
