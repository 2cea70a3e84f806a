"""Lines of JSON as logs have them: bare NaN, a last line that is still being written, merge conflicts, rubbish."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import msgspec

from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.reading.source import Source

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

_MARKERS = (b"<<<<<<<", b"=======", b">>>>>>>")
_NOT_FINITE = re.compile(rb"\b(?:NaN|Infinity)\b")
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class JsonLines:
    """The rows of one text, and after they were gone through, what was wrong with it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.lines = 0
        self._broken: list[int] = []
        self._conflicts = 0
        self._half = False

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        """(line number, object) for every line that holds an object."""
        lines = self._source.data.split(b"\n")
        self.lines = len(lines)
        last = len(lines) if self._source.unfinished else 0
        for number, line in enumerate(lines, start=1):
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
