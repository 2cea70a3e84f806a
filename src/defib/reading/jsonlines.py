"""Lines of JSON as logs have them: bare NaN, a last line that is still being written, merge conflicts, rubbish."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from defib.reading.alike import FEW, Alike, Shape
from defib.reading.ledger import as_numbers
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.reading.source import Source
    from defib.records import Column

Row = dict[str, Any]

HALF = Words(
    en="{file}: the last line is only half written and is left for the next reading",
    zh="{file}：最后一行只写了一半，留待下次读取",
)
BROKEN = Words(
    en="{file}: {count} lines are not JSON and were skipped, the first at line {line}",
    zh="{file}：有 {count} 行不是 JSON，已跳过，首次出现在第 {line} 行",
)
CONFLICT = Words(
    en="{file}: holds merge-conflict markers ({count} lines); both sides were read in the order in which they stand",
    zh="{file}：含有合并冲突标记（{count} 行）；两侧内容按文件中的顺序读取",
)

BLOCK = 128 * 2**10
"""Bytes that are looked at together; measured: their rows stay in the processor's cache, and more is no faster."""

_MARKERS = (b"<<<<<<<", b"=======", b">>>>>>>")
_NOT_FINITE = re.compile(rb"\b(?:NaN|Infinity)\b")
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Few(NamedTuple):
    """Lines that are read one by one: (line number, object)."""

    rows: list[tuple[int, Row]]


class JsonLines:
    """The rows of one text, and after they were gone through, what was wrong with it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines = 0
        self._broken: list[int] = []
        self._conflicts = 0
        self._half = False

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        """(line number, object) for every line that holds an object."""
        for text in self._texts():
            yield from self._objects(text)

    def groups(self) -> Iterator[Alike | Few]:
        """The same, many lines at a time where lines that follow each other have the same names and only numbers."""
        shape = Shape()
        for text in self._texts():
            if not text.endswith(b"\n"):
                yield Few(list(self._objects(text)))
                continue
            for piece in shape.pieces(text):
                if piece.columns is not None:
                    first = self._lines + 1
                    self._lines += piece.lines
                    yield Alike(range(first, first + piece.lines), piece.columns)
                    continue
                for group in _grouped(self._objects(piece.text)):
                    if isinstance(group, Alike):
                        shape.learn(tuple(group.columns))
                    yield group

    def _texts(self) -> Iterator[bytes]:
        """The text in blocks of whole lines; the whole of a log is never held twice. Only the last may lack its end."""
        data, begin = self._source.data, 0
        self._lines = 0
        while begin < len(data):
            end = data.rfind(b"\n", begin, begin + BLOCK) + 1 or data.find(b"\n", begin) + 1
            if not end:
                last = data.rfind(b"\n", begin) + 1
                end = last if last > begin else len(data)
            yield data[begin:end]
            begin = end

    def _objects(self, text: bytes) -> Iterator[tuple[int, Row]]:
        lines = text.split(b"\n")
        whole = not lines[-1]
        if whole:
            lines.pop()
        first = self._lines + 1
        self._lines += len(lines)
        last = self._lines if not whole and self._source.unfinished else 0
        for number, line in enumerate(lines, start=first):
            row = decoded(line)
            if row is not None:
                yield number, row
            elif number == last:
                self._half = True
            elif line.startswith(_MARKERS):
                self._conflicts += 1
            elif line.strip():
                self._broken.append(number)

    def notes(self) -> tuple[Words, ...]:
        """What was skipped, and why."""
        name, found = self._source.name, []
        if self._conflicts:
            found.append(CONFLICT.fill(file=name, count=self._conflicts))
        if self._broken:
            found.append(BROKEN.fill(file=name, count=len(self._broken), line=self._broken[0]))
        if self._half:
            found.append(HALF.fill(file=name))
        return tuple(found)


def _grouped(rows: Iterator[tuple[int, Row]]) -> Iterator[Alike | Few]:
    """Rows with the same names together; as columns where there are several and they hold only numbers."""
    for names, group in groupby(rows, lambda one: tuple(one[1])):
        found = list(group)
        columns = _columns(names, [row for _, row in found]) if len(found) >= FEW else None
        yield Few(found) if columns is None else Alike([number for number, _ in found], columns)


def _columns(names: tuple[str, ...], rows: list[Row]) -> dict[str, Column] | None:
    columns = {}
    for name, values in zip(names, zip(*map(dict.values, rows), strict=True), strict=True):
        numbers = as_numbers(values)
        if numbers is None:
            return None
        columns[name] = np.array(numbers)
    return columns or None


def decoded(line: bytes) -> Row | None:
    """The object on one line, or None.

    >>> decoded(b'{"loss": NaN, "step": 3}'), decoded(b'{"loss": 1.')
    ({'loss': nan, 'step': 3}, None)
    """
    try:
        return _decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    if not _NOT_FINITE.search(line):  # msgspec keeps to the standard; Python's own writer does not
        return None
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def first_rows(source: Source, most: int = 50) -> list[Row]:
    """The objects among the first lines, by which a format is recognised."""
    found = (decoded(line) for line in source.head.split(b"\n")[:most])
    return [row for row in found if row is not None]
