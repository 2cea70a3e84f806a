"""Other JSON lines: objects with a step or an epoch, and names of metrics that many programs share.

Step unit: as the log counts, in steps (`step`, `global_step`) or in epochs. An `iter` or `iteration` beside an epoch
may begin again with each epoch, so it is a step only where there is no epoch.
Gives up: on lines that are not JSON or say neither step nor epoch, such as a first line with the settings. Objects and
lists within a line are not looked into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.reading.format import Format
from defib.reading.formats.detectron2 import detectron2
from defib.reading.formats.jsonl_log import jsonl_log
from defib.reading.formats.metrics_jsonl import metrics_jsonl
from defib.reading.formats.mmcv import mmcv
from defib.reading.formats.mmengine import mmengine
from defib.reading.jsonlines import JsonLines, first_rows
from defib.reading.ledger import BOOKKEEPING, NAN, Ledger, whole
from defib.reading.programs import only, run_from
from defib.understanding import understand
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.reading.jsonlines import Row
    from defib.reading.source import Source
    from defib.records import Run

_WITH_THEIR_OWN = (mmengine, metrics_jsonl, mmcv, detectron2, jsonl_log)
_STEPS = ("step", "global_step")
_WITHIN = ("iteration", "iter")
_PLACES = frozenset({*BOOKKEEPING, *_STEPS, *_WITHIN})
_SPLIT_NAMES = ("split", "phase", "mode", "stage")
_SPLITS = {"train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val", "eval": "val"}
_SPLITS["test"] = "test"


def _recognises(source: Source) -> bool:
    rows = [row for row in first_rows(source) if "kind" not in row]
    return any(_is_row(row) for row in rows) and not any(form.recognises(source) for form in _WITH_THEIR_OWN)


def _is_row(row: Row) -> bool:
    if _at(row) is None:
        return False
    split = _split(row)
    return any(_is_metric(name, split) and type(value) in (int, float) for name, value in row.items())


def _is_metric(name: str, split: str) -> bool:
    return name not in _PLACES and understand(name, split) is not None


def _at(row: Row) -> tuple[float, float] | None:
    """Step and epoch of a row."""
    epoch = whole(row.get("epoch"))
    names = _STEPS if epoch is not None else _STEPS + _WITHIN
    step = next((at for name in names if (at := whole(row.get(name))) is not None), None)
    if step is None and epoch is None:
        return None
    return NAN if step is None else step, NAN if epoch is None else epoch


def _split(row: Row) -> str:
    """The set that a row is about, when it says so."""
    said = (row.get(name) for name in _SPLIT_NAMES)
    return next((_SPLITS[one.lower()] for one in said if isinstance(one, str) and one.lower() in _SPLITS), "")


def _read(sources: Sequence[Source]) -> Run:
    source = only(sources)
    ledger, lines = Ledger(), JsonLines(source)
    for number, row in lines:
        at = _at(row)
        if at is not None:
            values = ((name, value) for name, value in row.items() if name not in _PLACES)
            ledger.add(_split(row), values, at=at, place=(0, number))
    return run_from("json_lines", source, ledger, notes=lines.notes())


json_lines = Format(
    name="json_lines",
    framework="json_lines",
    says=Words(en="JSON lines with a step or an epoch", zh="含步数或轮次的 JSON 行"),
    rank=80,
    recognises=_recognises,
    read=_read,
)
