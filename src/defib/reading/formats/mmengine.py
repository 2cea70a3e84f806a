"""mmengine's scalars: JSON lines in `vis_data/scalars.json` and `vis_data/TIMESTAMP.json`, duplicates of each other.

Step unit: on training rows `step` is the global iteration, on validation rows of epoch-based runs it is the epoch; in
iteration-based runs (no `epoch` on training rows) it is the iteration on both. Training accuracies are those of the
last batch: mmengine smooths only the loss, the times and the gradient norm.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from defib.reading.format import Format
from defib.reading.lines import number_of, objects
from defib.reading.rows import Pieces, Row
from defib.words import Words

if TYPE_CHECKING:
    from defib.reading.source import Source

POSITION = frozenset({"step", "epoch", "iter"})
TRAIN_ONLY = frozenset({"lr", "base_lr", "loss"})
SKIPPED = Words(en="{file}: {count} lines are no JSON objects and were skipped", zh="{file}：有 {count} 行不是 JSON 对象，已跳过")


def _recognises(source: Source) -> bool:
    """Rows with a `step` and no `mode` or `kind`: the first few objects decide."""
    seen = 0
    for line in objects(source.sample):
        if line.value is None:
            continue
        if "step" not in line.value or "kind" in line.value or "mode" in line.value:
            return False
        seen += 1
        if seen == 5:  # noqa: PLR2004 (enough to tell)
            break
    return seen > 0


def _read(source: Source) -> Pieces:
    pieces = Pieces(single_batch=True)
    last_step, by_epoch, bad, total = math.nan, False, 0, 0
    for line in objects(source.text):
        total = line.number
        row = line.value
        if row is None:
            bad += 1
            continue
        step = number_of(row.get("step"))
        if step is None:
            continue
        values = _values(row)
        if TRAIN_ONLY & row.keys():
            epoch = number_of(row.get("epoch"))
            by_epoch = by_epoch or epoch is not None
            last_step = step
            place = (step, math.nan if epoch is None else epoch)
            pieces.rows.append(Row(split="train", values=values, step=place[0], epoch=place[1], line=line.number))
        elif values:
            place = (last_step, step) if by_epoch or math.isnan(last_step) else (step, math.nan)
            pieces.rows.append(Row(split="val", values=values, step=place[0], epoch=place[1], line=line.number))
    pieces.lines = total
    half = bool(source.text) and not source.text.endswith("\n")
    if bad - half > 0:
        pieces.notes.append(SKIPPED.fill(file=source.name, count=bad - half))
    return pieces


def _values(row: dict[str, Any]) -> dict[str, float]:
    found = {name: number_of(value) for name, value in row.items() if name not in POSITION}
    return {name: value for name, value in found.items() if value is not None}


mmengine = Format(
    name="mmengine",
    framework="mmengine",
    says=Words(en="mmengine scalars (JSON lines)", zh="mmengine 标量（JSON 行）"),
    recognises=_recognises,
    read=_read,
)
