"""Lightning's CSVLogger: `metrics.csv` with `epoch` and `step`, most cells of a row empty.

Step unit: optimiser steps as Lightning counts them, from 0: step 49 is the fiftieth. It counts epochs from 0 as well;
here they count from 1, so that an evaluation stands at the number of epochs done. Rows of the learning-rate monitor
have a step and no epoch.
Names are the user's own: `train_loss`, `val/acc`, `valid_f1`. A loss of no named split is the training's. Where a
training loss is there for each step and as the mean of an epoch, the mean is `train/loss` and the other one
`train/loss/step`; evaluations of one batch are not used beside their mean.
Losses of other names are parts of the total of their split (`train/loss_part/<name>`), where there is one.
Gives up: on a table in which every row is full and epochs begin at 1 (then it is some other program's), and on rows
that do not have the columns of the heading. A half-written last line is left for next time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defib.metrics import MEASURES, Meaning, of_a_hook
from defib.reading.format import Format
from defib.reading.ledger import NAN, Ledger, whole
from defib.reading.programs import LONGEST_NAME, first_row, headings, meant, number, only, run_of, sheet, wholes_first
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.reading.source import Source
    from defib.records import Run

_CLOCK = ("epoch", "step")
_SPLITS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation"), "val"),
    "test": "test",
}
_NAME = re.compile(
    rf"(?:(?P<split>{'|'.join(sorted(_SPLITS, key=len, reverse=True))})[_/\-. ])?"
    r"(?P<word>.+?)(?:_(?P<over>step|epoch))?(?:/dataloader_idx_(?P<loader>\d{1,3}))?"
)
_TOTALS = frozenset({"loss", "mean_loss", "total_loss", "avg_loss"})
_RATE = re.compile(r"lr-(?P<group>[A-Za-z0-9_]+(?:-\d+)?(?:/pg\d+)?)")


def _recognises(source: Source) -> bool:
    names = headings(source)
    if not {*_CLOCK} < {*names} or len(set(names)) < len(names):
        return False
    row = dict(zip(names, first_row(source), strict=False))
    if "" in row.values():
        return True  # nobody else leaves cells empty and writes both clocks
    starts_at_one = number(row.get("epoch", "")) == 1
    return names == sorted(names) and not starts_at_one


def _meanings(names: Sequence[str]) -> dict[str, Meaning | None]:
    """What each column means; the first learning rate is the model's."""
    meanings: dict[str, Meaning | None] = {}
    rates = 0
    for name in names:
        rate = _RATE.fullmatch(name[:LONGEST_NAME])
        if rate is not None:
            meanings[name] = meant("train", "lr", rate["group"].lower() if rates else None)
            rates += 1
        elif name not in _CLOCK:
            meanings[name] = _meaning(name, names)
    return meanings


def _meaning(name: str, names: Sequence[str]) -> Meaning | None:
    if name.startswith("train/") and (hooked := of_a_hook(name[:LONGEST_NAME])) is not None:
        return hooked
    match = _NAME.fullmatch(name) if len(name) <= LONGEST_NAME else None
    if match is None:
        return None
    split, word = _SPLITS.get(match["split"] or "", ""), match["word"].lower()
    branch = f"dataloader_{int(match['loader'])}" if match["loader"] else None
    if match["over"] == "step":
        twin = f"{name[: match.end('word')]}_epoch{name[match.end('over') :]}" in names
        if split in ("val", "test") or (twin and word != "loss"):
            return None
        branch = "step" if twin else branch
    if split or word in _TOTALS or word in ("lr", "learning_rate", "grad_norm"):
        word = word if word not in ("mean_loss", "avg_loss") else "loss"
        found = meant(split or "train", word, branch)
        if found is not None:
            return found
    part = word.removesuffix("_loss")
    return _of_loss(split or "train", part, names) if part and part != word else None


def _of_loss(split: str, part: str, names: Sequence[str]) -> Meaning | None:
    """What a loss of its own name is: a part of the total where there is one, else a loss for itself, as a GAN has two."""
    whole_loss = any(
        match["word"].lower() in _TOTALS and (_SPLITS.get(match["split"] or "") or "train") == split
        for name in names
        if len(name) <= LONGEST_NAME and (match := _NAME.fullmatch(name)) is not None
    )
    metric = f"{split}/loss_part" if whole_loss else f"{split}/loss"
    return Meaning(f"{metric}/{part}", metric, part, MEASURES[metric.partition("/")[2]])


def _read(sources: Sequence[Source]) -> Run:
    source = only(sources)
    table, ledger = sheet(source), Ledger()
    meanings = _meanings(table.headings)
    order = wholes_first(meanings)
    for line, cells in table.rows:
        row = {name: number(cell) for name, cell in zip(table.headings, cells, strict=True)}
        step, epoch = whole(row["step"]), whole(row["epoch"])
        at = (NAN if step is None else step, NAN if epoch is None else epoch + 1)
        ledger.add("", [(name, row[name]) for name in order], at=at, place=(0, line))
    return run_of("lightning", source, ledger, meanings, notes=table.notes)


lightning = Format(
    name="lightning",
    framework="lightning",
    says=Words(en="Lightning's metrics.csv", zh="Lightning 的 metrics.csv"),
    rank=41,
    recognises=_recognises,
    read=_read,
)
