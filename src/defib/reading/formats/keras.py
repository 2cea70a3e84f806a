"""Keras' CSVLogger: `epoch` first, then the names in the order of the alphabet; one row an epoch.

Step unit: epochs; steps are not logged. Keras counts epochs from 0; here they count from 1. A file whose first epoch
is 1 counts from 1 already. The table of a `History` has no epoch column (or an unnamed first one): its rows are the
epochs, and a note says so.
A model of several heads has `<head>_loss` for each, and only a name that has one is a head. With `append=True` a new
start goes on in the same file; where the epoch goes back, the last start is judged.
Gives up: on other orders of the columns, which any program may write, and on rows that do not have the columns of the
heading. A half-written last line is left for next time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defib import metrics
from defib.reading.format import Format
from defib.reading.ledger import NAN, Ledger, whole
from defib.reading.programs import LONGEST_NAME, first_row, headings, meant, number, only, run_of, sheet, wholes_first
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.metrics import Meaning
    from defib.reading.source import Source
    from defib.records import Run

COUNTED = Words(
    en="{file}: there is no epoch column; each row is taken as one epoch",
    zh="{file}：没有轮次列；每一行按一轮计",
)

_RATES = ("lr", "learning_rate")
_TRAINING = re.compile(r"train(?:ing)?_")
_ENDINGS = ("_pred", "_output", "_out", "_only")  # words that code adds to the name of a head


def _recognises(source: Source) -> bool:
    names = headings(source)
    if len(names) > len(set(names)) or "step" in names:
        return False
    if names[:1] != ["epoch"]:
        return _history(names) and all(number(cell) is not None for cell in first_row(source))
    scored = any(name in ("accuracy", "acc", "val_loss") or name.endswith("_accuracy") for name in names)
    return "loss" in names and scored and names[1:] == sorted(names[1:])


def _history(names: Sequence[str]) -> bool:
    """Whether these are the columns of a `History` and nothing else: a table of trials has its settings beside them."""
    logged = [name for name in names[names[:1] == [""] :] if name != "time"]
    meanings = {name: _meaning(name, _heads(names)) for name in logged}
    keys = {meaning.key for meaning in meanings.values() if meaning is not None}
    return None not in meanings.values() and {"train/loss", "val/loss"} <= keys and logged[0] not in _RATES


def _heads(names: Sequence[str]) -> list[str]:
    """The heads of the model, the longest first: one may be called like the beginning of another."""
    losses = [_TRAINING.sub("", name, count=1) for name in names if not name.startswith("val_")]
    return sorted((name.removesuffix("_loss") for name in losses if name.endswith("_loss")), key=len, reverse=True)


def _meaning(name: str, heads: Sequence[str]) -> Meaning | None:
    if len(name) > LONGEST_NAME:
        return None
    split, word = ("val", name[4:]) if name.startswith("val_") else ("train", _TRAINING.sub("", name, count=1))
    whole_model = meant(split, word)
    if whole_model is not None:
        return None if split == "val" and word in _RATES else whole_model
    for head in heads:
        if word.startswith(f"{head}_"):
            return meant(split, word[len(head) + 1 :], _branch(head))
    return None


def _branch(head: str) -> str:
    """What a head is called here.

    >>> _branch("fused_pred"), _branch("audio_only_pred"), _branch("digit_output")
    ('fused', 'audio', 'digit_output')
    """
    word = head
    for ending in _ENDINGS:
        word = word.removesuffix(ending)
    return metrics.branch_name(word if metrics.known_branch(word) else head)


def _read(sources: Sequence[Source]) -> Run:
    source = only(sources)
    table, ledger = sheet(source), Ledger()
    notes = list(table.notes)
    names = table.headings
    heads = _heads(names)
    counted = names[0] != "epoch"
    meanings = {name: _meaning(name, heads) for name in names if name not in ("", "epoch", "time")}
    order = wholes_first(meanings)
    if counted:
        notes.append(COUNTED.fill(file=source.name))
    from_one = not counted and bool(table.rows) and number(table.rows[0][1][0]) == 1
    for index, (line, cells) in enumerate(table.rows):
        row = {name: number(cell) for name, cell in zip(names, cells, strict=True)}
        epoch = index if counted else whole(row["epoch"])
        at = NAN if epoch is None else epoch + (not from_one)
        ledger.add("", [(name, row[name]) for name in order], at=(NAN, at), place=(0, line))
    return run_of("keras", source, ledger, meanings, notes=notes)


keras = Format(
    name="keras",
    framework="keras",
    says=Words(en="Keras' CSV log", zh="Keras 的 CSV 日志"),
    rank=43,
    recognises=_recognises,
    read=_read,
)
