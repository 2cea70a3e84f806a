"""JSON configs, scanned with the position of every value."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from defib.configs.bounds import bounded, too_deep
from defib.configs.cells import Leaf, Table, listing, table
from defib.configs.document import NO_TABLE, TWICE, Document, Text
from defib.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    from defib.configs.cells import Node

_BLANK = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_WORD = re.compile(r"-?(?:0|[1-9]\d{0,400})(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])|(?:true|false|null|NaN|-?Infinity)\b")
BROKEN = Words(
    en="a value, a comma or a bracket is missing or too much here; comments and commas at the end are no JSON, remove them",
    zh="此处缺少或多出了值、逗号或括号；JSON 不允许注释和末尾逗号，请删去",
)


def scan(path: Path, text: str) -> Document:
    """The cells of a JSON text.

    Raises ConfigSyntax, ConfigTooLarge.
    """
    scanner = _Scanner(Text(path, text))
    start = scanner.skip(int(text.startswith("\ufeff")))
    try:
        root, end = scanner.value(start)
    except RecursionError:
        raise too_deep(path) from None
    if scanner.skip(end) != len(text):
        raise scanner.source.refusal(scanner.skip(end), BROKEN)
    if not isinstance(root, Table):
        raise scanner.source.refusal(0, NO_TABLE)
    bounded(path, root)
    return Document(scanner.source, root, scanner.keys, comments=False)


class _Scanner:
    def __init__(self, source: Text) -> None:
        self.source = source
        self.text = source.text
        self.keys: dict[tuple[int, str], int] = {}

    def skip(self, at: int) -> int:
        """The next position that is no blank."""
        match = _BLANK.match(self.text, at)
        return match.end() if match else at

    def value(self, at: int) -> tuple[Node, int]:
        """The value that begins at a position, and where it ends."""
        sign = self.text[at : at + 1]
        if sign == "{":
            return self._object(at)
        if sign == "[":
            return self._array(at)
        if sign == '"':
            word, end = self._string(at)
            return Leaf(word, self.source.span(at, end)), end
        match = _WORD.match(self.text, at)
        if match is None:
            raise self.source.refusal(at, BROKEN)
        return Leaf(json.loads(match[0]), self.source.span(at, match.end())), match.end()

    def _string(self, at: int) -> tuple[str, int]:
        match = _STRING.match(self.text, at)
        if match is None:
            raise self.source.refusal(at, BROKEN)
        try:
            return str(json.loads(match[0])), match.end()
        except ValueError:
            raise self.source.refusal(at, BROKEN) from None

    def _object(self, start: int) -> tuple[Table, int]:
        entries: dict[str, Node] = {}
        keys: dict[str, int] = {}
        at = self.skip(start + 1)
        while not (at < len(self.text) and self.text[at] == "}" and not entries):
            key, end = self._string(at)
            if key in entries:
                raise self.source.refusal(at, TWICE.fill(key=key))
            keys[key] = at
            at = self.skip(self._sign(self.skip(end), ":"))
            entries[key], end = self.value(at)
            at = self.skip(end)
            if self.text[at : at + 1] == "}":
                break
            at = self.skip(self._sign(at, ","))
        made = table(entries, span=self.source.span(start, at + 1))
        self.keys |= {(id(made), key): position for key, position in keys.items()}
        return made, at + 1

    def _array(self, start: int) -> tuple[Node, int]:
        items: list[Node] = []
        at = self.skip(start + 1)
        while not (at < len(self.text) and self.text[at] == "]" and not items):
            item, end = self.value(at)
            items.append(item)
            at = self.skip(end)
            if self.text[at : at + 1] == "]":
                break
            at = self.skip(self._sign(at, ","))
        return listing(items, is_tuple=False, span=self.source.span(start, at + 1)), at + 1

    def _sign(self, at: int, sign: str) -> int:
        if self.text[at : at + 1] != sign:
            raise self.source.refusal(at, BROKEN)
        return at + 1
