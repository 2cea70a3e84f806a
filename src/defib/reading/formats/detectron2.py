"""detectron2, `metrics.json`: one object a line by iteration; evaluations stand in the rows of the training.

Step unit: iterations, counted from 0; epochs are not logged. A new start in the same folder goes on in the same file,
and its iteration goes back: the last start is judged.
Gives up: on lines that are not JSON or have no iteration. The precision of a single class is not a metric of the run.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from defib.metrics import MEASURES, Meaning
from defib.reading.format import Format
from defib.reading.jsonlines import JsonLines, first_rows
from defib.reading.ledger import NAN, Ledger, whole
from defib.reading.programs import only, run_from
from defib.understanding import understand
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defib.reading.jsonlines import Row
    from defib.reading.source import Source
    from defib.records import Run

_EVALUATED = re.compile(r"(?:bbox|segm|keypoints|sem_seg|panoptic_seg)/")
_PART = re.compile(r"(?:bbox|segm|keypoints)/AP(?:[sml]|-.*)")
_SEMANTIC = {"sem_seg/mIoU": "miou", "sem_seg/pACC": "pixel_accuracy", "sem_seg/mACC": "mean_accuracy"}
_PLACES = frozenset({"iteration", "eta_seconds", "rank_data_time"})
_OURS = frozenset({"total_loss", "eta_seconds", "rank_data_time", "data_time"})


def _recognises(source: Source) -> bool:
    return any(_is_row(row) for row in first_rows(source))


def _is_row(row: Row) -> bool:
    if whole(row.get("iteration")) is None or not row.keys().isdisjoint(("kind", "mode", "step", "epoch")):
        return False
    return not row.keys().isdisjoint(_OURS) or any(_EVALUATED.match(name) for name in row)


def _values(row: Row) -> Iterator[tuple[str, object]]:
    for name, value in row.items():
        if name in _PLACES:
            continue
        # NaN in a size or a class says that there are no such objects; in the whole it would be news.
        if isinstance(value, float) and math.isnan(value) and _PART.fullmatch(name):
            continue
        yield name, value


def _meaning(raw: str, split: str) -> Meaning | None:
    measure = MEASURES.get(_SEMANTIC.get(raw, ""))
    if measure is not None:
        return Meaning(f"val/{measure.name}", f"val/{measure.name}", None, measure)
    return understand(raw, split)


def _read(sources: Sequence[Source]) -> Run:
    source = only(sources)
    ledger, lines = Ledger(), JsonLines(source)
    for number, row in lines:
        iteration = whole(row.get("iteration"))
        if iteration is not None:
            ledger.add("", _values(row), at=(iteration, NAN), place=(0, number))
    # evaluations are in per cent, however low
    return run_from(
        "detectron2",
        source,
        ledger,
        meaning=_meaning,
        percent=lambda raw: _EVALUATED.match(raw) is not None,
        notes=lines.notes(),
    )


detectron2 = Format(
    name="detectron2",
    framework="detectron2",
    says=Words(en="detectron2's metrics.json", zh="detectron2 的 metrics.json"),
    rank=22,
    recognises=_recognises,
    read=_read,
)
