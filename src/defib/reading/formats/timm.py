"""timm's `summary.csv`: one row an epoch, `epoch,train_loss,eval_loss,eval_top1,eval_top5,lr`.

Step unit: epochs; steps are not logged. timm counts epochs from 0; here they count from 1, so that an epoch is the
number of epochs done. Accuracies are always in per cent, however small they are.
Gives up: on rows that do not have the columns of the heading. A half-written last line is left for next time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.reading.format import Format
from defib.reading.ledger import NAN, Ledger
from defib.reading.programs import headings, meant, number, only, run_of, sheet
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.metrics import Meaning
    from defib.reading.source import Source
    from defib.records import Run

_SPLITS = {"train": "train", "eval": "val"}


def _recognises(source: Source) -> bool:
    names = headings(source)
    return names[:1] == ["epoch"] and {"train_loss", "eval_top1"} <= set(names)


def _meaning(name: str) -> Meaning | None:
    split, _, word = ("train", "", name) if name == "lr" else name.partition("_")
    meaning = meant(_SPLITS[split], word) if split in _SPLITS else None
    # Nothing is left to find out about the scale: timm writes per cent.
    return None if meaning is None else meaning._replace(measure=meaning.measure._replace(share=False))


def _read(sources: Sequence[Source]) -> Run:
    source = only(sources)
    table, ledger = sheet(source), Ledger()
    for line, cells in table.rows:
        row = {name: number(cell) for name, cell in zip(table.headings, cells, strict=True)}
        epoch = row.pop("epoch")
        ledger.add("", row.items(), at=(NAN, NAN if epoch is None else epoch + 1), place=(0, line))
    meanings = {name: _meaning(name) for name in table.headings}
    return run_of("timm", source, ledger, meanings, notes=table.notes)


timm = Format(
    name="timm",
    framework="timm",
    says=Words(en="timm's summary.csv", zh="timm 的 summary.csv"),
    rank=40,
    recognises=_recognises,
    read=_read,
)
