"""Several starts of one run: what was resumed, what was begun again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from defib.records import Point, Segment
from defib.words import Words, number

if TYPE_CHECKING:
    from defib.reading.rows import Row

RESTARTED = Words(
    en="{file} begins again at step 1: the {count} earlier records belong to another run and were left out",
    zh="{file} 从第 1 步重新开始：此前的 {count} 条记录属于另一次训练，已略去",
)
OVERLAP = Words(
    en="{file} resumes at step {step}: {count} earlier records from that step on were trained again and were left out",
    zh="{file} 从第 {step} 步恢复：此前该步之后的 {count} 条记录已被重新训练覆盖，已略去",
)


def joined(stretches: list[tuple[str, list[Row]]]) -> tuple[list[Row], tuple[Segment, ...], list[Words]]:
    """The rows of one run from its stretches in order of time, as the last chain of resumes tells it.

    stretches: (file name, rows) for each process that logged. A stretch whose first training step lies beyond the end
    of what came before, or within it but not at the beginning, carries on; one that begins at the beginning is another
    run. What was trained again after a resume replaces what was there.
    """
    rows: list[Row] = []
    segments: list[Segment] = []
    notes: list[Words] = []
    for file, stretch in stretches:
        if not stretch:
            continue
        first = _first(stretch)
        resumed = bool(rows) and first is not None and _begins_late(first, stretch)
        if rows and not resumed:
            notes.append(RESTARTED.fill(file=file, count=len(rows)))
            rows, segments = [], []
        elif resumed and first is not None:
            kept = [row for row in rows if not row.step >= first.step]
            if len(kept) < len(rows):
                notes.append(OVERLAP.fill(file=file, step=number(first.step), count=len(rows) - len(kept)))
            rows = kept
        start = stretch[0] if first is None else first
        point = Point(
            step=None if math.isnan(start.step) else int(start.step),
            epoch=None if math.isnan(start.epoch) else float(start.epoch),
        )
        segments.append(Segment(start=point, record=len(rows), file=file, resumed=resumed))
        rows = rows + stretch
    return rows, tuple(segments), notes


def _first(stretch: list[Row]) -> Row | None:
    return next((row for row in stretch if row.split == "train" and not math.isnan(row.step)), None)


def _begins_late(first: Row, stretch: list[Row]) -> bool:
    """Whether the first training row lies beyond one logging interval: then its process did not begin at step 0."""
    steps = [row.step for row in stretch if row.split == "train" and not math.isnan(row.step)]
    interval = min((b - a for a, b in zip(steps, steps[1:], strict=False) if b > a), default=first.step)
    return first.step > 1.5 * max(interval, 1.0)
