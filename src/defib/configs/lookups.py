"""What the steps of a lookup are: `name['key'][0]`, `_base_.key`, `{{_base_.key}}`."""

from __future__ import annotations

import ast

BASE = "_base_"


def in_braces(node: ast.Set) -> ast.expr | None:
    """The `_base_.key` of `{{_base_.key}}`, which Python reads as a set in a set."""
    within = node.elts[0] if len(node.elts) == 1 else None
    if not isinstance(within, ast.Set) or len(within.elts) != 1 or not isinstance(within.elts[0], ast.Attribute):
        return None
    return within.elts[0]


def constant_step(node: ast.expr) -> str | None:
    """The step of a dotted path that `[node]` takes; None when it would have to be computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return str(node.value)
    return None


def rooted_in_base(node: ast.expr) -> bool:
    """Whether a chain of lookups begins at `_base_`."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id == BASE
