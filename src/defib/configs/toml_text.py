"""TOML configs, read by Python's own reader."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from defib.configs.bounds import NESTING, bounded, too_deep
from defib.configs.cells import Leaf, Opaque, Span, listing, table
from defib.configs.document import Document, Text
from defib.configs.toml_lines import lines
from defib.words import same

if TYPE_CHECKING:
    from pathlib import Path

    from defib.configs.cells import Node, Table

_LINE = re.compile(r"at line (\d+)")
_MOST_DIGITS = re.compile(r"\d{401}")


def load(path: Path, text: str) -> Document:
    """The cells of a TOML text; each has the line of its statement.

    Raises ConfigSyntax, ConfigTooLarge.
    """
    source = Text(path, text)
    if any(piece.count(".") > NESTING for line in text.splitlines() for piece in line.split("=")):
        raise too_deep(path)  # the reader's memory grows with the square of a dotted key
    digits = _MOST_DIGITS.search(text)
    if digits:
        raise source.refusal(digits.start(), same("a number of more than 400 digits"))
    try:
        root = _table(tomllib.loads(text.removeprefix("\ufeff")), "", lines(text))
    except RecursionError:
        raise too_deep(path) from None
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        at = source.starts[min(int(line[1]), len(source.starts)) - 1] if line else len(text.rstrip())
        raise source.refusal(at, same(str(error))) from None
    bounded(path, root)
    return Document(source, root)


def _table(found: dict[str, Any], path: str, at: dict[str, int]) -> Table:
    return table(
        {key: _node(value, f"{path}.{key}" if path else key, at) for key, value in found.items()}, span=_span(path, at)
    )


def _node(value: Any, path: str, at: dict[str, int]) -> Node:  # noqa: ANN401 (any value of TOML)
    if isinstance(value, dict):
        return _table(value, path, at)
    if isinstance(value, list):
        items = [_node(item, f"{path}.{index}", at) for index, item in enumerate(value)]
        return listing(items, is_tuple=False, span=_span(path, at))
    if isinstance(value, datetime | date | time):
        return Opaque(value.isoformat(), at.get(path, 1))
    return Leaf(value, _span(path, at))


def _span(path: str, at: dict[str, int]) -> Span | None:
    """The line of a setting; where in it is not known."""
    return Span(at[path], 0, at[path], 0) if path in at else None
