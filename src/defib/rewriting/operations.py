"""What is done to the text of a config: five operations, each at one place and each with its comment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from defib.configs.cells import Listing, Node, Span, Table


@dataclass(slots=True)
class Replace:
    """Write another value over an expression."""

    span: Span
    value: Any
    label: str


@dataclass(slots=True)
class Remove:
    """Take one element out of a list, or one key out of a dict."""

    container: Table | Listing
    node: Node
    label: str


@dataclass(slots=True)
class Add:
    """Write another key at the end of a dict, or another element at the end of a list."""

    container: Table | Listing
    key: str
    value: Any
    label: str


@dataclass(slots=True)
class Append:
    """Write an assignment at the end of the file."""

    name: str
    value: Any
    label: str


@dataclass(slots=True)
class Drop:
    """Take a top-level assignment out of the file."""

    span: Span
    label: str


@dataclass(slots=True)
class Erase:
    """Write a `del` at the end of the file."""

    target: str
    label: str


Operation = Replace | Remove | Add | Append | Drop | Erase
