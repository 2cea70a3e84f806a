"""Which paths of a config are one object, because a variable was used: usage -> variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.configs.cells import Ref, children, find, resolve

if TYPE_CHECKING:
    from defib.configs.cells import Node
    from defib.configs.trace import Trace


def links(traced: Trace) -> dict[str, str]:
    """Every use of a variable that is itself a setting, with the setting that it uses.

    A use inside a used variable is not repeated for every place: it follows from the two links.
    """
    found = {later: first for later, first in traced.twice.items() if _same(traced, later, first)}
    stack: list[tuple[str, Node]] = [(key, node) for key, node in traced.root.entries.items()]
    while stack:
        path, node = stack.pop()
        variable = _variable(path, node, traced)
        if variable is not None:
            found[path] = variable
            continue
        stack.extend((f"{path}.{step}", below) for step, below in children(node))
    return dict(sorted(found.items()))


def _same(traced: Trace, later: str, first: str) -> bool:
    """Whether two names of `a = b = ...` still hold the one object."""
    mine, theirs = traced.root.entries.get(later), traced.root.entries.get(first)
    return mine is not None and mine is theirs


def _variable(path: str, node: Node, traced: Trace) -> str | None:
    """The setting that a use leads to, if its name is still bound to the same object at the end of the file."""
    while isinstance(node, Ref):
        named = find(traced.root, node.variable)
        if named is not None and node.variable != path and resolve(named) is resolve(node):
            return node.variable
        node = node.target
    return None
