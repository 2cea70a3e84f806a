"""Statements that change a dict or a list after it was made: `a['b'] = 1`, `a.b[0].c = 1`, `a.update(...)`, `del a['b']`.

The cell itself is changed, as Python changes the object, so that every path that holds the object shows it.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from defib.configs.bounds import too_many
from defib.configs.cells import Listing, Ref, Table, listing, measure, reference, resolve, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from defib.configs.cells import Node
    from defib.configs.evaluation import Evaluator

MOST_WORK = 2_000_000  # cells looked at or copied for the changes of one file; assumed: real configs need thousands
_NO_TEXT = re.compile(r"-?\d+|True|False|None")


class Changes:
    """Carries out the changes of one file, as long as the work stays bounded."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Begin with none."""
        self.evaluator = evaluator
        self.work = 0
        self.made = False

    def carry_out(self, statement: ast.stmt) -> bool:
        """Carry out a statement when it is such a change, and say whether it was; nothing is half done."""
        if self.work > MOST_WORK:
            return False
        match statement:
            case ast.Assign(targets=[(ast.Subscript() | ast.Attribute()) as target]):
                return self._assign(target, statement.value)
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="update")) as call):
                return self._update(call)
            case ast.Delete(targets=[ast.Subscript() as target]):
                return self._delete(target)
        return False

    def remeasure(self, roots: Iterable[Node]) -> None:
        """Give every container its size and depth anew; what holds a changed one has grown too."""
        seen: set[int] = set()
        stack: list[tuple[Node, bool]] = [(root, False) for root in roots]
        while stack:
            node, below_done = stack.pop()
            if below_done:
                if isinstance(node, Ref):
                    node.size, node.depth = node.target.size, node.target.depth
                elif isinstance(node, Table | Listing):
                    node.size, node.depth = measure(_inside(node))
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((inner, False) for inner in _inside(node))

    def _assign(self, target: ast.Subscript | ast.Attribute, expression: ast.expr) -> bool:
        way = self._way(target.value)
        step = self._step(target)
        if way is None or step is None:
            return False
        cell = resolve(way[-1])
        fits = isinstance(cell, Table) or (
            isinstance(cell, Listing) and not cell.is_tuple and isinstance(step, int) and step < len(cell.items)
        )
        if not fits:
            return False
        value = self.evaluator.value(expression)
        if not self._acyclic(value, cell):
            return False
        if isinstance(cell, Table):
            if not isinstance(step, str) or (isinstance(target, ast.Attribute) and not cell.merges):
                return False
            cell.entries[step] = self._put(value, cell)
        elif isinstance(cell, Listing) and isinstance(step, int):
            self.work += len(cell.items)
            cell.items = (*cell.items[:step], value, *cell.items[step + 1 :])
        self._changed(way)
        return True

    def _update(self, call: ast.Call) -> bool:
        assert isinstance(call.func, ast.Attribute)
        way = self._way(call.func.value)
        cell = resolve(way[-1]) if way else None
        if way is None or not isinstance(cell, Table):
            return False
        made = ast.copy_location(
            ast.Call(ast.copy_location(ast.Name("dict", ast.Load()), call), call.args, call.keywords), call
        )
        news = self.evaluator.made_dict(made)
        if news is None or not self._acyclic(news, cell):
            return False
        self._merge(news, cell)
        self._changed(way)
        return True

    def _merge(self, news: Table, into: Table) -> None:
        for key, value in news.entries.items():
            mine, other = resolve(into.entries[key]) if key in into.entries else None, resolve(value)
            if into.merges and isinstance(mine, Table) and isinstance(other, Table):
                self._merge(other, mine)
                self._changed([into.entries[key]])
            else:
                into.entries[key] = self._put(value, into)

    def _put(self, node: Node, into: Table, *, direct: bool = True) -> Node:
        """What stands in a dict after a value was put into it; mmengine's own dicts copy what is not theirs.

        direct: the value itself is written here, and is no other's by name.
        """
        if not into.merges:
            return node
        self.work += 1
        if self.work > MOST_WORK:
            raise too_many(self.evaluator.source.path)
        if isinstance(node, Ref):
            return reference(node.variable, self._put(node.target, into, direct=False), node.span, spread=node.spread)
        if isinstance(node, Listing):
            items = [self._put(item, into, direct=direct) for item in node.items]
            return listing(
                items, is_tuple=node.is_tuple, span=node.span if direct else None, plain=direct and node.plain
            )
        if isinstance(node, Table) and not node.merges:
            entries = {key: self._put(value, into, direct=direct) for key, value in node.entries.items()}
            made = table(entries, span=node.span if direct else None, plain=direct and node.plain)
            made.merges = True
            return made
        return node

    def _delete(self, target: ast.Subscript) -> bool:
        way, step = self._way(target.value), self._step(target)
        cell = resolve(way[-1]) if way else None
        if way is None:
            return False
        if isinstance(cell, Table) and isinstance(step, str) and step in cell.entries:
            del cell.entries[step]
        elif isinstance(cell, Listing) and not cell.is_tuple and isinstance(step, int) and step < len(cell.items):
            cell.items = (*cell.items[:step], *cell.items[step + 1 :])
        else:
            return False
        self._changed(way)
        return True

    def _way(self, node: ast.expr) -> list[Node] | None:
        """The containers on the way to what a target stands in, from the name on."""
        if isinstance(node, ast.Name):
            found = self.evaluator.names.get(node.id)
            return None if found is None else [found]
        if not isinstance(node, ast.Subscript | ast.Attribute):
            return None
        way = self._way(node.value)
        step = self._step(node)
        if way is None or step is None:
            return None
        cell, found = resolve(way[-1]), None
        if isinstance(cell, Table) and isinstance(step, str) and (cell.merges or isinstance(node, ast.Subscript)):
            found = cell.entries.get(step)
        elif isinstance(cell, Listing) and isinstance(step, int) and step < len(cell.items):
            found = cell.items[step]
        return None if found is None else [*way, found]

    def _step(self, node: ast.Subscript | ast.Attribute) -> str | int | None:
        if isinstance(node, ast.Attribute):
            return node.attr if self.evaluator.lazy else None  # a plain dict has no attributes
        value = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if isinstance(value, str) and _NO_TEXT.fullmatch(value):
            return None  # 1 and "1" are two keys in Python and would be one here
        return value if isinstance(value, str) or (type(value) is int and value >= 0) else None

    def _acyclic(self, value: Node, container: Node) -> bool:
        """Whether a value does not hold the container that it is put into."""
        stack, seen = [value], set[int]()
        while stack:
            node = stack.pop()
            if node is container or self.work > MOST_WORK:
                return False
            if id(node) not in seen:
                self.work += 1
                seen.add(id(node))
                stack.extend(_inside(node))
        return True

    def _changed(self, way: list[Node]) -> None:
        """What was changed is no longer what stands at the place where it was written."""
        self.made = True
        for node in way:
            self.evaluator.open(node)
        cell = resolve(way[-1])
        if isinstance(cell, Table | Listing):
            cell.plain, cell.span = False, None  # what stands there is only its beginning


def _inside(node: Node) -> Iterable[Node]:
    if isinstance(node, Ref):
        return (node.target,)
    if isinstance(node, Table):
        return node.entries.values() if node.local is None else (*node.entries.values(), node.local)
    return node.items if isinstance(node, Listing) else ()
