"""The named numbers of a source, each with what its comment says about where it comes from.

Nothing is executed: constants of a module are its assignments of numbers to names in capitals. What is said about one
stands behind it on its line, in the string below it, or in the comment above it.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from typing import TYPE_CHECKING, NamedTuple

from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

BASES = {
    "not studied": Words(en="not studied", zh="未研究"),
    "measured": Words(en="measured", zh="实测"),
    "assumed": Words(en="assumed", zh="假定"),
    "published": Words(en="published", zh="已发表"),
    "by definition": Words(en="by definition", zh="按定义"),
    "": Words(en="not stated", zh="未说明"),
}
"""What a comment says of a number, in the order in which it is looked for; the empty word is for one that says none."""


class Constant(NamedTuple):
    """One named number."""

    module: str
    name: str
    value: str
    said: str

    @property
    def basis(self) -> str:
        """One of the keys of BASES."""
        said = self.said.lower()
        for denied in ("nothing was measured", "not measured"):
            said = said.replace(denied, "not studied")
        return next((word for word in BASES if word and word in said), "")

    @property
    def published(self) -> str:
        """Where the number was published, as its comment names it; empty where it was not.

        >>> Constant("a", "MOST", "50.0", "per cent; published: somebody's handbook").published
        "somebody's handbook"
        """
        return self.said.partition("published: ")[2].rstrip(".")


def of_module(module: ModuleType) -> tuple[Constant, ...]:
    """The constants of a module and those that it takes from others; none where its source is not there."""
    try:
        source = inspect.getsource(module)
    except OSError:  # compiled files alone were installed
        return ()
    return (*constants(module.__name__, source), *_taken(source))


def _taken(source: str) -> Iterator[Constant]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            wanted = {one.name for one in node.names if one.name.isupper()}
            if wanted:
                there = importlib.import_module(node.module)
                yield from (one for one in constants(node.module, inspect.getsource(there)) if one.name in wanted)


def constants(module: str, source: str) -> Iterator[Constant]:
    """The constants of one source.

    >>> list(constants("spike", "FACTOR = 5.0  # times the median; assumed"))
    [Constant(module='spike', name='FACTOR', value='5.0', said='times the median; assumed')]
    """
    lines, body = source.split("\n"), ast.parse(source).body
    for node, following in zip(body, [*body[1:], None], strict=True):
        if not isinstance(node, ast.Assign) or not _is_number(node.value):
            continue
        said = _said(lines, node, following)
        target = node.targets[0]
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        for name, value in zip(names, values, strict=True):
            if isinstance(name, ast.Name) and name.id.isupper():
                yield Constant(module, name.id, ast.unparse(value), said)


def _is_number(value: ast.expr) -> bool:
    """Whether it is written with numbers alone."""
    allowed = (ast.Constant, ast.Tuple, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop, ast.Load)
    inside = list(ast.walk(value))
    numbers = [one.value for one in inside if isinstance(one, ast.Constant)]
    return (
        all(isinstance(one, allowed) for one in inside)
        and bool(numbers)
        and all(type(one) in (int, float) for one in numbers)
    )


def _said(lines: list[str], node: ast.stmt, following: ast.stmt | None) -> str:
    last = node.end_lineno or node.lineno
    own = [*lines[node.lineno - 1 : last - 1], lines[last - 1][node.end_col_offset or 0 :]]
    behind = " ".join(line.partition("#")[2].strip() for line in own).strip()  # in brackets it stands on a line within
    if behind:
        return behind
    if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
        return " ".join(str(following.value.value).split())
    above: list[str] = []
    for line in reversed(lines[: node.lineno - 1]):
        if not line.startswith("#"):
            break
        above.insert(0, line.lstrip("# "))
    return " ".join(above)
