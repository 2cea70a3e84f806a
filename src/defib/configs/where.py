"""The lines of a config at which its settings stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.configs.cells import child, resolve
from defib.configs.trace import trace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from defib.configs.cells import Node


def where(path: Path, paths: Iterable[str]) -> dict[str, int]:
    """The line of each dotted path that stands in this file; inherited ones are left out.

    Raises ConfigSyntax and ConfigTooLarge as `parse` does.
    """
    root = trace(path).root
    found: dict[str, int] = {}
    for wanted in paths:
        node: Node | None = root
        for step in wanted.split("."):
            node = None if node is None else child(node, step)
        span = None if node is None else resolve(node).span
        if span is not None:
            found[wanted] = span.line
    return found
