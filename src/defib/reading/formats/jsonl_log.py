"""`log.txt` of DeiT, MAE, DETR and the many that came from them: one object an epoch, `train_*` and `test_*` together.

Step unit: epochs, counted from 0; steps are not logged. A restart is appended and begins with epoch 0 again: the last
start is judged. Accuracies and class errors are in per cent; the lists of the COCO evaluation are fractions.
Gives up: on lines that are not JSON or have no epoch. The `_unscaled` twins of the losses repeat them and are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defib.metrics import MEASURES, Meaning
from defib.reading.format import Format
from defib.reading.jsonlines import JsonLines, first_rows
from defib.reading.ledger import BOOKKEEPING, NAN, Ledger, whole
from defib.reading.programs import only, run_from
from defib.understanding import understand
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defib.reading.jsonlines import Row
    from defib.reading.source import Source
    from defib.records import Run

# The places of a COCO evaluation's list; 6 and 7 are recalls at 1 and at 10 detections.
_PRECISIONS = ("map", "map50", "map75", "map_small", "map_medium", "map_large")
_RECALLS = ("ar", "ar_small", "ar_medium", "ar_large")
_COCO = {**dict(enumerate(_PRECISIONS)), **dict(enumerate(_RECALLS, start=8))}
_LIST = re.compile(r"(?P<split>val|test)_coco_eval_(?P<of>bbox|masks)")
_PLACED = re.compile(_LIST.pattern + r"\[(?P<place>\d+)\]")
_SAID_ONCE = frozenset({"n_parameters", "epoch"})


def _recognises(source: Source) -> bool:
    return any(_is_row(row) for row in first_rows(source))


def _is_row(row: Row) -> bool:
    if whole(row.get("epoch")) is None or not row.keys().isdisjoint(("kind", "mode", "step", "iteration", "iter")):
        return False
    return "train_loss" in row and not row.keys().isdisjoint(("train_lr", "n_parameters"))


def _values(row: Row) -> Iterator[tuple[str, object]]:
    for name, value in row.items():
        if name in _SAID_ONCE or name.endswith("_unscaled") or name in BOOKKEEPING:
            continue
        if isinstance(value, list):
            if _LIST.fullmatch(name):
                yield from ((f"{name}[{place}]", one) for place, one in enumerate(value) if place in _COCO)
            continue
        yield name, value


def _meaning(raw: str, split: str) -> Meaning | None:
    match = _PLACED.fullmatch(raw)
    if match is None:
        return understand(raw, split)
    measure = MEASURES[_COCO[int(match["place"])]]
    branch = "segm" if match["of"] == "masks" else "bbox"
    metric = f"{match['split']}/{measure.name}"
    return Meaning(f"{metric}/{branch}", metric, branch, measure)


def _read(sources: Sequence[Source]) -> Run:
    source = only(sources)
    ledger, lines = Ledger(), JsonLines(source)
    for number, row in lines:
        epoch = whole(row.get("epoch"))
        if epoch is not None:
            ledger.add("", _values(row), at=(NAN, epoch), place=(0, number))
    return run_from(
        "jsonl_log",
        source,
        ledger,
        meaning=_meaning,
        percent=lambda raw: raw.endswith(("_acc1", "_acc5", "_class_error")),
        notes=lines.notes(),
    )


jsonl_log = Format(
    name="jsonl_log",
    framework="jsonl_log",
    says=Words(en="log.txt of DeiT, MAE or DETR", zh="DeiT、MAE、DETR 的 log.txt"),
    rank=24,
    recognises=_recognises,
    read=_read,
)
