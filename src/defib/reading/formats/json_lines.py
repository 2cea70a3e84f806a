"""Other JSON lines: objects with a step or an epoch, and names of metrics that many programs share.

Step unit: as the log counts, in steps (`step`, `global_step`) or in epochs. An `iter` or `iteration` beside an epoch
may begin again with each epoch, so it is a step only where there is no epoch.
An object within a line is looked into once: `{"val": {"acc": 0.5}}` is `val/acc`. A line may hold one value under a
`tag` or `name`. Of rows that say nothing of their set a loss is the training's and a score held out.
Gives up: on lines that are not JSON or say neither step nor epoch, such as a first line with the settings. Lists within
a line are not looked into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.reading.cells import clock_of
from defib.reading.format import Format
from defib.reading.formats.detectron2 import detectron2
from defib.reading.formats.jsonl_log import jsonl_log
from defib.reading.formats.metrics_jsonl import metrics_jsonl
from defib.reading.formats.mmcv import mmcv
from defib.reading.formats.mmengine import mmengine
from defib.reading.jsonlines import JsonLines, first_rows
from defib.reading.ledger import BOOKKEEPING, NAN, Ledger, whole
from defib.reading.programs import only, run_from
from defib.understanding import split_of, understand
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defib.reading.jsonlines import Row
    from defib.reading.source import Source
    from defib.records import Run

_WITH_THEIR_OWN = (mmengine, metrics_jsonl, mmcv, detectron2, jsonl_log)
_STEPS = (
    *("step", "global_step", "_step", "trainer/global_step", "iter_num", "total_steps", "timesteps_total", "env_steps"),
    *("total_timesteps", "num_updates", "update", "env_step", "steps"),
)
_EPOCHS = ("epoch", "round", "ep")
_WITHIN = ("iteration", "iter")
_PLACES = frozenset({*BOOKKEEPING, *_STEPS, *_EPOCHS, *_WITHIN})
_SPLIT_NAMES = ("split", "phase", "mode", "stage", "type", "_type", "event", "set")
_TAGS = ("tag", "name", "metric", "key")
_WRAPPERS = frozenset({"metrics", "data", "scalars", "logs", "stats"})
LONGEST_SPLIT = 20  # characters; `val_epoch`


def _recognises(source: Source) -> bool:
    rows = [row for row in first_rows(source) if "kind" not in row]
    return any(_is_row(row) for row in rows) and not any(form.recognises(source) for form in _WITH_THEIR_OWN)


def _is_row(row: Row) -> bool:
    if _at(row) is None:
        return False
    split = _split(row)
    return any(_is_metric(name, split) and type(value) in (int, float) for name, value in _values(row))


def _is_metric(name: str, split: str) -> bool:
    return name not in _PLACES and understand(name, split) is not None


def _values(row: Row) -> Iterator[tuple[str, object]]:
    """The names and values of a row, those of objects within it behind the object's name."""
    tag = next((row[name] for name in _TAGS if isinstance(row.get(name), str)), None)
    if tag is not None and "value" in row:
        yield tag, row["value"]
        return
    for name, value in row.items():
        if name.lower() in _PLACES:
            continue
        if isinstance(value, dict):
            inner = name not in _WRAPPERS
            yield from (
                (f"{name}/{one}" if inner else one, number) for one, number in value.items() if one not in _PLACES
            )
        else:
            yield name, value


def _at(row: Row) -> tuple[float, float] | None:
    """Step and epoch of a row."""
    epoch = _clock(row, _EPOCHS)
    step = _clock(row, _STEPS if epoch is not None else _STEPS + _WITHIN)
    if step is None and epoch is None:
        return None
    return NAN if step is None else step, NAN if epoch is None else epoch


def _clock(row: Row, names: Sequence[str]) -> float | None:
    for name in names:
        value = row.get(name, row.get(name.capitalize()))
        at = clock_of(value) if isinstance(value, str) and "/" in value else whole(value)
        if at is not None:
            return at
    return None


def _split(row: Row) -> str:
    """The set that a row is about, when it says so."""
    said = (row.get(name) for name in _SPLIT_NAMES)
    return next(
        (split for one in said if isinstance(one, str) and len(one) < LONGEST_SPLIT and (split := split_of(one))), ""
    )


def _read(sources: Sequence[Source]) -> Run:
    source = only(sources)
    ledger, lines = Ledger(), JsonLines(source)
    for number, row in lines:
        at = _at(row)
        if at is not None:
            ledger.add(_split(row), _values(row), at=at, place=(0, number))
    return run_from("json_lines", source, ledger, notes=lines.notes())


json_lines = Format(
    name="json_lines",
    framework="json_lines",
    says=Words(en="JSON lines with a step or an epoch", zh="含步数或轮次的 JSON 行"),
    rank=80,
    recognises=_recognises,
    read=_read,
)
