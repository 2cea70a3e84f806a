"""A table of a training history, in a document of its own, inside a longer one, or pasted."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from defib import metrics
from defib.metrics import Meaning
from defib.reading import headings
from defib.reading.claims import training_accuracy
from defib.reading.format import Format
from defib.reading.jsonlines import HALF
from defib.reading.ledger import NAN, Ledger
from defib.reading.programs import assembled
from defib.reading.segments import Session, chain
from defib.reading.tables import Table, count, number, tables
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.reading.source import Source
    from defib.records import Run

AGAIN = Words(
    en="{file}, line {line}: this table repeats epochs of a table above it and was left out",
    zh="{file} 第 {line} 行：这张表与上面的表包含相同的轮次，未采用",
)
CLAIMED = Words(
    en="{file}, line {line}: {text!s} is the document's own statement; no log of the training accuracy was seen",
    zh="{file} 第 {line} 行：“{text!s}”是文档自己的说法，没有看到训练准确率的日志",
)

CLAIM_ONLY = frozenset({"train/top1"})  # somebody read it off one line of a log
MOST_BYTES = 64 * 2**20  # assumed; a table for people is far smaller, a CSV log may come near
# Full-width letters, digits and signs as Chinese input methods type them; the comma is left, it belongs to sentences.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；：（）"}
_BARE = re.compile(r"[-+]?\d{1,15}(?:\.\d{0,20})?")
_CLOCK_WORD = re.compile(r"epoch|step|iter|\bep\b|轮|周期|步|迭代|回合", re.IGNORECASE)


def _recognises(source: Source) -> bool:
    if source.binary or len(source.data) > MOST_BYTES or not _CLOCK_WORD.search(source.text):
        return False
    return bool(_tables(source))


def _tables(source: Source) -> list[Table]:
    # Not splitlines: line numbers are those of an editor, and a form feed ends no line.
    lines = [line.rstrip("\r") for line in source.text.translate(_NARROW).split("\n")]
    return tables(lines, is_heading=_is_heading, is_row=_is_row, unfinished=source.unfinished)


def _is_heading(cells: list[str]) -> bool:
    if any(map(_BARE.fullmatch, cells)):
        return False  # `epoch 3 loss 0.5` is a line of a log; its words are no heading
    if not any(headings.is_epoch(cell) or headings.is_step(cell) for cell in cells):
        return False
    return any(meaning is not None for meaning in headings.meanings(cells))


def _is_row(head: list[str], cells: list[str]) -> bool:
    """Whether a row has a moment and at least one number that is understood."""
    step, epoch = _moment(head, cells)
    if step is None and epoch is None:
        return False
    known = headings.meanings(head)
    return any(meaning is not None and number(cell) is not None for meaning, cell in zip(known, cells, strict=False))


def _moment(head: list[str], cells: list[str]) -> tuple[float | None, float | None]:
    step = next((count(cell) for name, cell in zip(head, cells, strict=False) if headings.is_step(name)), None)
    epoch = next((count(cell) for name, cell in zip(head, cells, strict=False) if headings.is_epoch(name)), None)
    return step, epoch


def _told_apart(head: list[str]) -> list[str]:
    """The headings, where one occurs again with its number: two columns of one name are not one column."""
    return [name if name not in head[:index] else f"{name} ({index + 1})" for index, name in enumerate(head)]


class _Reading:
    """One pass over the tables of the documents."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.meant: dict[str, Meaning] = {}
        self.percent: set[str] = set()
        self.notes: list[Words] = []
        self.claimed = False
        self._last: dict[str, float] = {}  # key -> where the table above ended

    def table(self, table: Table, source: Source, file: int) -> None:
        """Write down the rows of one table."""
        known = headings.meanings(table.headings)
        if table.cut_off:
            self.notes.append(HALF.fill(file=source.name))
        rows = [row for row in table.rows if _is_row(table.headings, row[1])]
        moments = [_moment(table.headings, cells) for _, cells in rows]
        clock = [step if epoch is None else epoch for step, epoch in moments]
        start = min((at for at in clock if at is not None), default=NAN)
        keys = {meaning.key for meaning in known if meaning is not None}
        if any(start <= self._last[key] for key in keys if key in self._last):
            self.notes.append(AGAIN.fill(file=source.name, line=table.line))
            return
        self._last.update(dict.fromkeys(keys, max((at for at in clock if at is not None), default=NAN)))
        pairs = list(zip(rows, moments, strict=True))
        steps_down = all(one is not None and two is not None and one > two for one, two in pairwise(clock))
        if len(clock) > 1 and steps_down:  # the latest epoch stands on top
            pairs.reverse()
        names = _told_apart(table.headings)
        for (line, cells), (step, epoch) in pairs:
            values: list[tuple[str, object]] = []
            for name, meaning, cell in zip(names, known, cells, strict=False):
                found = number(cell)
                if found is None or headings.is_epoch(name) or headings.is_step(name):
                    continue
                values.append((name, found[0]))
                if meaning is not None:
                    self.meant[name] = meaning
                if found[1] or headings.in_percent(name):
                    self.percent.add(name)
            self.ledger.add(
                "",
                values,
                at=(NAN if step is None else step, NAN if epoch is None else epoch),
                place=(file, line),
            )

    def claim(self, source: Source, file: int) -> None:
        """Write down what the document says about the training accuracy, when no table does."""
        claim = training_accuracy(source.text.split("\n"))
        if claim is None or any(meaning.metric == "train/top1" for meaning in self.meant.values()):
            return
        self.claimed = True
        self.meant[claim.text] = Meaning("train/top1", "train/top1", None, metrics.MEASURES["top1"])
        self.percent.add(claim.text)
        self.ledger.add("", [(claim.text, claim.value)], at=(NAN, NAN), place=(file, claim.line))
        self.notes.append(CLAIMED.fill(file=source.name, line=claim.line, text=claim.text))


def _read(sources: Sequence[Source]) -> Run:
    reading = _Reading()
    ordered = sorted(sources, key=lambda source: source.name)
    for file, source in enumerate(ordered):
        for table in _tables(source):
            reading.table(table, source, file)
    rows = len(reading.ledger)
    for file, source in enumerate(ordered):
        reading.claim(source, file)
    whole = chain(reading.ledger, [Session(0, ordered[0].name)] if rows else [], tabular=True)
    return assembled(
        "table",
        [source.name for source in ordered],
        reading.ledger,
        whole,
        meaning=lambda raw, _split: reading.meant.get(raw),
        percent=reading.percent.__contains__,
        single_batch=CLAIM_ONLY if reading.claimed else frozenset(),
        notes=reading.notes,
    )


table = Format(
    name="table",
    framework="table",
    says=Words(
        en="a table with an epoch column (Markdown, CSV or plain text)",
        zh="含轮次列的表格（Markdown、CSV 或纯文本）",
    ),
    rank=90,
    recognises=_recognises,
    read=_read,
)
