"""TOML configs, read by Python's own reader."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from defib.configs.bounds import NESTING, bounded, too_deep
from defib.configs.cells import Leaf, Opaque, listing, table
from defib.configs.document import Document, Text
from defib.words import same

if TYPE_CHECKING:
    from pathlib import Path

    from defib.configs.cells import Node, Table

_LINE = re.compile(r"at line (\d+)")
_MOST_DIGITS = re.compile(r"\d{401}")


def load(path: Path, text: str) -> Document:
    """The cells of a TOML text; they have no positions.

    Raises ConfigSyntax, ConfigTooLarge.
    """
    source = Text(path, text)
    if any(piece.count(".") > NESTING for line in text.splitlines() for piece in line.split("=")):
        raise too_deep(path)  # the reader's memory grows with the square of a dotted key
    digits = _MOST_DIGITS.search(text)
    if digits:
        raise source.refusal(digits.start(), same("a number of more than 400 digits"))
    try:
        root = _table(tomllib.loads(text.removeprefix("\ufeff")))
    except RecursionError:
        raise too_deep(path) from None
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        at = source.starts[min(int(line[1]), len(source.starts)) - 1] if line else len(text)
        raise source.refusal(at, same(str(error))) from None
    bounded(path, root)
    return Document(source, root)


def _table(found: dict[str, Any]) -> Table:
    return table({key: _node(value) for key, value in found.items()}, span=None)


def _node(value: Any) -> Node:  # noqa: ANN401 (any value of TOML)
    if isinstance(value, dict):
        return _table(value)
    if isinstance(value, list):
        return listing([_node(item) for item in value], is_tuple=False, span=None)
    if isinstance(value, datetime | date | time):
        return Opaque(value.isoformat(), 1)
    return Leaf(value)
