"""One JSON document with a whole history: Keras' `history.history`, a list of epochs, what pandas writes.

Step unit: as the document counts (`epoch`, `step`); where it does not, its entries are taken as epochs from 1, and a note
says so. Lists of different lengths cannot be put side by side: those of the length that most metrics have are read.
Gives up: on a document that breaks off, and on one that holds no history two objects deep.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from defib.reading import headings
from defib.reading.cells import clock_of
from defib.reading.format import Format
from defib.reading.formats.huggingface import huggingface
from defib.reading.ledger import NAN, Ledger, whole
from defib.reading.programs import only, run_from
from defib.understanding import split_of
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.metrics import Meaning
    from defib.reading.source import Source
    from defib.records import Run

COUNTED = Words(
    en="{file}: the entries say neither epoch nor step; each is taken as one epoch",
    zh="{file}：各条记录没有轮次或步数；每条按一轮计",
)
UNEVEN = Words(
    en="{file}: {names} have another length than the other lists and were left out",
    zh="{file}：{names} 与其他列表长度不同，未采用",
)

MOST_BYTES = 64 * 2**20  # assumed; a history that is kept in one document is far smaller
FEWEST = 2  # entries of a history

_EPOCHS = ("epoch", "epochs", "round", "Epoch")
_STEPS = ("step", "global_step", "_step", "iteration", "iter", "Step")
_INSIDE = (
    "history",
    "log",
    "logs",
    "epochs",
    "results",
    "metrics",
    "training_history",
    "train_history",
    "records",
    "data",
)

Entry = dict[str, Any]


def _document(source: Source) -> object:
    """The document, or None where there is none."""
    if source.head.lstrip()[:1] not in (b"{", b"[") or len(source.data) > MOST_BYTES:
        return None
    try:
        return msgspec.json.decode(source.data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        if b"NaN" not in source.data and b"Infinity" not in source.data:
            return None
    try:
        return json.loads(source.data)
    except (ValueError, RecursionError):
        return None


def _history(document: object, deeper: int = 2) -> tuple[list[Entry], tuple[str, ...]]:
    """(the entries of a history, the names of lists that do not fit), both empty where there is no history."""
    if isinstance(document, list):
        rows = [_flat(one) for one in document if isinstance(one, dict)]
        return (rows, ()) if len(rows) >= FEWEST else ([], ())
    if not isinstance(document, dict):
        return [], ()
    lists = {name: value for name, value in _flat_lists(document).items() if len(value) >= FEWEST}
    if any(headings.meanings([name])[0] is not None for name in lists):
        return _side_by_side(lists)
    counted = [(int(key), value) for key, value in document.items() if key.isdecimal() and isinstance(value, dict)]
    if len(counted) >= FEWEST and len(counted) == len(document):
        return [{"epoch": key, **_flat(value)} for key, value in sorted(counted, key=lambda one: one[0])], ()
    for name in _INSIDE if deeper else ():
        rows, uneven = _history(document.get(name), deeper - 1)
        if rows:
            return rows, uneven
    return [], ()


def _flat(entry: Entry) -> Entry:
    """An entry with the objects within it behind their names."""
    flat: Entry = {}
    for name, value in entry.items():
        if isinstance(value, dict):
            flat.update({f"{name}/{one}": inner for one, inner in value.items()})
        else:
            flat[name] = value
    return flat


def _flat_lists(document: Entry) -> dict[str, list[Any]]:
    """Every list of a document and of the objects within it; an object with counted keys is a list."""
    found: dict[str, list[Any]] = {}
    for name, value in document.items():
        if isinstance(value, list):
            found[name] = value
        elif isinstance(value, dict) and value and all(key.isdecimal() for key in value):
            found[name] = list(value.values())
        elif isinstance(value, dict):
            found.update({f"{name}/{one}": inner for one, inner in value.items() if isinstance(inner, list)})
    return {name: value for name, value in found.items() if all(type(one) in (int, float, type(None)) for one in value)}


def _side_by_side(lists: dict[str, list[Any]]) -> tuple[list[Entry], tuple[str, ...]]:
    known = [name for name in lists if headings.meanings([name])[0] is not None]
    lengths = [len(lists[name]) for name in known]
    length = max(set(lengths), key=lambda one: (lengths.count(one), one))
    fits = {name: value for name, value in lists.items() if len(value) == length}
    rows = [{name: value[at] for name, value in fits.items()} for at in range(length)]
    return rows, tuple(name for name in known if name not in fits)


def _recognises(source: Source) -> bool:
    if source.binary or huggingface.recognises(source):
        return False
    rows, _ = _history(_document(source))
    return len(rows) >= FEWEST and any(_numbers(row) for row in rows)


def _numbers(row: Entry) -> bool:
    """Whether an entry holds a number that says how the run is doing; a rate does not."""
    known = {name: headings.meanings([name])[0] for name, value in row.items() if type(value) in (int, float)}
    return any(meaning is not None and meaning.measure.better is not None for meaning in known.values())


def _meanings(rows: Sequence[Entry]) -> dict[str, Meaning | None]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return dict(zip(names, headings.meanings(names), strict=True))


def _clock(row: Entry, names: Sequence[str]) -> float:
    for name in names:
        value = row.get(name)
        at = clock_of(value) if isinstance(value, str) else whole(value)
        if at is not None:
            return at
    return NAN


def _read(sources: Sequence[Source]) -> Run:
    source = only(sources)
    rows, uneven = _history(_document(source))
    known = _meanings(rows)
    counted = not any(name in known for name in (*_EPOCHS, *_STEPS))
    notes = [COUNTED.fill(file=source.name)] if counted else []
    if uneven:
        notes.append(UNEVEN.fill(file=source.name, names=", ".join(uneven)))
    ledger = Ledger()
    for number, row in enumerate(rows, start=1):
        at = (NAN, float(number)) if counted else (_clock(row, _STEPS), _clock(row, _EPOCHS))
        said = next((row[name] for name in ("split", "phase", "mode") if isinstance(row.get(name), str)), "")
        values = [(name, value) for name, value in row.items() if name not in (*_EPOCHS, *_STEPS)]
        ledger.add(split_of(said), values, at=at, place=(0, number))

    def meaning(raw: str, split: str) -> Meaning | None:
        return headings.in_split(raw, split) if split else known.get(raw)

    run = run_from("json_history", source, ledger, meaning=meaning, notes=notes, tabular=True)
    # A document has entries, not lines.
    series = tuple(msgspec.structs.replace(one, line=np.full(len(one), NAN)) for one in run.series)
    return msgspec.structs.replace(run, series=series)


json_history = Format(
    name="json_history",
    framework="json_history",
    says=Words(en="a JSON document with a training history", zh="含训练历史的 JSON 文档"),
    rank=82,
    recognises=_recognises,
    read=_read,
)
