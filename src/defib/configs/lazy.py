"""Lazy styles, in which types are imported classes: mmengine's, and detectron2's LazyConfig.

mmengine names its bases within `with read_base():`, detectron2 by relative imports (config/lazy.py), each of which runs the
file anew; there `L(X)(a=1)` makes a dict of the arguments and of `_target_`. Nothing is imported here. A base is found
by the path that is made of its module. A class becomes its plain name (`SGD` for `torch.optim.SGD`, under whatever name
it was imported), so that settings read as in the other styles.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defib.configs.cells import Leaf, Listing, Table, listing, resolve, table
from defib.configs.lookups import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from defib.configs.cells import Node

LAZY_CALL = "LazyCall"
TARGET = "_target_"
_IN_A_PACKAGE = 2  # steps of an absolute module: the package, and the file in it


@dataclass(frozen=True, slots=True)
class BaseImport:
    """One `from module import names` within `with read_base():`, or a relative one of detectron2."""

    statement: ast.ImportFrom
    module: str
    """As it is written, with its leading dots."""


def is_lazy(module: ast.Module) -> bool:
    r"""Whether mmengine reads a file as a lazy one: it imports something foreign and has no `_base_`.

    >>> is_lazy(ast.parse("from torch.optim import SGD")), is_lazy(ast.parse("import math\na = 1"))
    (True, False)
    """
    found = False
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == BASE:
            return False
        if isinstance(node, ast.ImportFrom):
            found = found or node.level > 0 or foreign(node.module)
        elif isinstance(node, ast.Import):
            found = found or any(foreign(alias.name) for alias in node.names)
        elif isinstance(node, ast.With):
            found = found or reads_bases(node)
    return found


def foreign(module: str | None) -> bool:
    """Whether a module is none of Python's own."""
    return (module or "").partition(".")[0] not in sys.stdlib_module_names


def reads_bases(statement: ast.stmt) -> bool:
    """Whether a statement is `with read_base():` around nothing but imports."""
    if not isinstance(statement, ast.With) or len(statement.items) != 1:
        return False
    call = statement.items[0].context_expr
    named = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "read_base"
    return named and all(isinstance(inner, ast.ImportFrom) for inner in statement.body)


def base_imports(module: ast.Module) -> Iterator[BaseImport]:
    """Every import of a base, in order."""
    for statement in module.body:
        if isinstance(statement, ast.With) and reads_bases(statement):
            for inner in statement.body:
                assert isinstance(inner, ast.ImportFrom)
                yield BaseImport(inner, f"{'.' * inner.level}{inner.module or ''}")
        elif imports_base(statement):
            assert isinstance(statement, ast.ImportFrom)
            yield BaseImport(statement, f"{'.' * statement.level}{statement.module or ''}")


def imports_base(statement: ast.stmt) -> bool:
    """Whether a statement imports from a file beside this one: a base for detectron2. For mmengine it names a class."""
    return isinstance(statement, ast.ImportFrom) and statement.level > 0 and bool(statement.module)


def target_of(call: ast.Call, imported_names: Mapping[str, str]) -> ast.expr | None:
    """What `L(X)(...)` makes an object of, where L is detectron2's LazyCall; None for any other call.

    >>> call = ast.parse("L(SGD)(lr=0.1)", mode="eval").body
    >>> ast.unparse(target_of(call, {"L": "detectron2.config.LazyCall"})), target_of(call, {"L": "a.b"})
    ('SGD', None)
    """
    inner = call.func
    if call.args or not isinstance(inner, ast.Call) or inner.keywords or len(inner.args) != 1:
        return None
    maker = imported_names.get(ast.unparse(inner.func), "")
    return inner.args[0] if maker.rpartition(".")[2] == LAZY_CALL else None


def file_of(folder: Path, found: BaseImport) -> Path | None:
    r"""The file that a base import leads to; None when its package is not installed here.

    >>> relative = next(base_imports(ast.parse("with read_base():\n    from .._base_.run import *")))
    >>> file_of(Path("configs/pose"), relative).as_posix()
    'configs/pose/../_base_/run.py'
    """
    steps = (found.statement.module or "").split(".")
    if found.statement.level:
        return folder.joinpath(*[".."] * (found.statement.level - 1), *steps[:-1], f"{steps[-1]}.py")
    if len(steps) < _IN_A_PACKAGE:
        return None
    try:
        package = importlib.util.find_spec(steps[0])  # a top-level name is looked up, not imported
    except (ImportError, ValueError):
        return None
    if package is None or not package.submodule_search_locations:
        return None
    return Path(next(iter(package.submodule_search_locations))).joinpath(*steps[1:-1], f"{steps[-1]}.py")


def imported(statement: ast.Import | ast.ImportFrom) -> dict[str, str]:
    """The classes and modules that a statement imports: the name here -> the dotted name.

    >>> imported(ast.parse("from torch.optim import SGD as S").body[0]), imported(ast.parse("import a.b").body[0])
    ({'S': 'torch.optim.SGD'}, {'a': 'a'})
    """
    if isinstance(statement, ast.ImportFrom):
        if not statement.level and not foreign(statement.module):
            return {}
        return {
            alias.asname or alias.name: f"{statement.module}.{alias.name}"
            for alias in statement.names
            if alias.name != "*"
        }
    return {
        alias.asname or alias.name.partition(".")[0]: alias.name if alias.asname else alias.name.partition(".")[0]
        for alias in statement.names
        if foreign(alias.name)
    }


def apart(node: Node) -> Node:
    """A copy in which no two places are one object, as mmengine makes of every base before a child sees it."""
    cell = resolve(node)
    if isinstance(cell, Table):
        made = table({key: apart(value) for key, value in cell.entries.items()}, span=None)
        made.merges = True
        return made
    if isinstance(cell, Listing):
        return listing([apart(item) for item in cell.items], is_tuple=cell.is_tuple, span=None)
    if isinstance(cell, Leaf):
        return Leaf(value=cell.value, literal=False, written=cell.written, dotted=cell.dotted)
    return cell
