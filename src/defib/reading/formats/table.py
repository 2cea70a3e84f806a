"""A table of results, as a person keeps it: Markdown, CSV, TSV or columns of text, alone or inside a document.

Step unit: the table's own epoch or step column. Rows count as records in their order. A document may also claim a
training accuracy in a sentence; that is read as one value without an epoch.
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defib.reading.format import Format
from defib.reading.headers import EPOCH, STEP, cleaned, column
from defib.reading.rows import Pieces, Row
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.reading.source import Source

NUMBER = re.compile(r"^[-+]?(?:\d+(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-+]?\d+)?(?=\s|%|％|$|[(（])")
ORDINAL = re.compile(r"\d+(?:\.\d+)?")
RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
CLAIMS = (
    re.compile(r"训练集?(?:的)?(?:准确率|精度|正确率)\s*(?:达到|为|约|高达|:|：)?\s*(\d+(?:\.\d+)?)\s*[%％]"),
    re.compile(r"train(?:ing)?(?:[- ]set)? acc(?:uracy)?\s*(?:is|of|at|:|=|reaches|reached)?\s*(\d+(?:\.\d+)?)\s*%", re.I),
)


@dataclass(frozen=True, slots=True)
class _Cells:
    line: int
    cells: tuple[str, ...]


def _recognises(source: Source) -> bool:
    return next(_histories(source.text), None) is not None


def _read(source: Source) -> Pieces:
    pieces = Pieces(lines=source.text.count("\n") + 1)
    percent: set[str] = set()
    for header, rows in _histories(source.text):
        keys = [column(cell) for cell in header.cells]
        pieces.known.update({_name(cell): key for cell, key in zip(header.cells, keys, strict=True) if _metric(key)})
        for row in rows:
            found = _row(header, keys, row, percent)
            if found is not None:
                pieces.rows.append(found)
    pieces.rows += _claims(source.text, pieces)
    pieces.percent = frozenset(percent) | {name for name in pieces.known if name.startswith("claim:")}
    return pieces


def _metric(key: str | None) -> bool:
    return key is not None and key not in (EPOCH, STEP)


def _name(header: str) -> str:
    return cleaned(header)


def _histories(text: str) -> Iterator[tuple[_Cells, list[_Cells]]]:
    """Every table with an epoch or step column and at least one understood metric, with its rows."""
    block: list[_Cells] = []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        cells = None if RULE.match(line) and "-" in line else _cells(line)
        if RULE.match(line) and block:
            continue
        if cells is None or (block and len(cells) != len(block[0].cells)):
            yield from _history(block)
            block = []
        if cells is not None:
            block.append(_Cells(number, cells))
    yield from _history(block)


def _history(block: list[_Cells]) -> Iterator[tuple[_Cells, list[_Cells]]]:
    for start, row in enumerate(block[:-1]):
        keys = [column(cell) for cell in row.cells]
        if (EPOCH in keys or STEP in keys) and any(_metric(key) for key in keys):
            yield row, block[start + 1 :]
            return


def _cells(line: str) -> tuple[str, ...] | None:
    """The cells of a line that may belong to a table; None when it can not."""
    stripped = line.strip()
    if not stripped or len(stripped) > 5000:  # noqa: PLR2004 (no table that a person keeps)
        return None
    if "|" in stripped:
        parts = re.split(r"(?<!\\)\|", stripped.strip("|"))
    elif "\t" in stripped:
        parts = stripped.split("\t")
    elif "," in stripped or "，" in stripped:
        try:
            parts = next(csv.reader([stripped.replace("，", ",")]), [])
        except csv.Error:
            return None
    else:
        parts = re.split(r"\s{2,}", stripped)
        parts = stripped.split() if len(parts) < 2 else parts  # noqa: PLR2004 (one cell is no row)
    return tuple(part.strip() for part in parts) if len(parts) > 1 else None


def _row(header: _Cells, keys: list[str | None], row: _Cells, percent: set[str]) -> Row | None:
    step = epoch = math.nan
    values: dict[str, float] = {}
    for title, key, cell in zip(header.cells, keys, row.cells, strict=True):
        text = cleaned(cell)
        if key in (EPOCH, STEP):
            match = ORDINAL.search(text)
            number = float(match[0]) if match else math.nan
            step, epoch = (number, epoch) if key == STEP else (step, number)
        elif key is not None:
            value = _number(text)
            if value is None:
                continue
            values[_name(title)] = value
            if "%" in text or "％" in text or "%" in title:
                percent.add(_name(title))
    if not values or (math.isnan(step) and math.isnan(epoch)):
        return None
    return Row(split="val", values=values, step=step, epoch=epoch, line=row.line)


def _number(text: str) -> float | None:
    """The number that a cell begins with; words after it are a remark."""
    if text.lower().rstrip("%") in ("nan", "inf", "-inf"):
        return float(text.lower().rstrip("%"))
    match = NUMBER.match(text)
    if match is None or not match[0].strip("+-"):
        return None
    try:
        return float(match[0].replace(",", ""))
    except ValueError:
        return None


def _claims(text: str, pieces: Pieces) -> Iterator[Row]:
    """Sentences that name a training accuracy, the first of them."""
    for number, line in enumerate(text.split("\n"), start=1):
        for pattern in CLAIMS:
            match = pattern.search(line)
            if match is not None and "|" not in line:
                name = f"claim: {match[0]}"
                pieces.known[name] = "train/top1"
                yield Row(split="train", values={name: float(match[1])}, line=number)
                return


table = Format(
    name="table",
    framework="table",
    says=Words(en="a table of results (Markdown, CSV or columns)", zh="结果表格（Markdown、CSV 或纯文本列）"),
    recognises=_recognises,
    read=_read,
)
