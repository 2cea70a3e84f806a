"""Expressions become cells. What is not a constant, a container, a name or simple arithmetic stays opaque."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from defib.configs.arithmetic import LONGEST, compute, negate, representable
from defib.configs.bounds import bounded
from defib.configs.cells import Leaf, Listing, Node, Opaque, Ref, Table, child, listing, reference, resolve, table
from defib.configs.lazy import TARGET, target_of
from defib.configs.lookups import BASE, constant_step, in_braces, rooted_in_base

if TYPE_CHECKING:
    from defib.configs.bounds import Source
    from defib.configs.cells import Span

_PURE = frozenset(
    {"len", "str", "int", "float", "bool", "range", "list", "tuple", "set", "sorted", "sum", "max", "min"}
)
_ANYTHING = frozenset({"exec", "eval", "globals", "locals", "vars"})  # they reach names that are not written


class Evaluator:
    """Evaluates the expressions of one file, name by name. It executes nothing."""

    def __init__(self, source: Source, base: Node, *, here: bool = True, lazy: bool = False) -> None:
        """base: what `_base_` stands for. here: False for a base file, whose cells cannot be edited.

        lazy: dicts have attributes, and what is imported can be named.
        """
        self.source = source
        self.names: dict[str, Node] = {}
        self.base = base
        self.here = here
        self.lazy = lazy
        self.imported: dict[str, str] = {}
        """Classes and modules: the name here -> the dotted name."""
        self.leaned_on: list[Node] = []
        """Bindings whose values something computed rests on; changing them in place would change that too."""
        self.opened: list[Node] = []
        """Containers that were poured into others or looked into; they themselves must keep their form."""
        self.shaken: list[tuple[Node, int]] = []
        """Bindings that something may have changed after the fact, and the line that did."""

    def value(self, node: ast.expr) -> Node:
        """The cell of one expression.

        Raises ConfigTooLarge when it is nested too deep or multiplies itself.
        """
        found = self._evaluated(node)
        if found is None:
            found = self.opaque(node)
        bounded(self.source.path, found)
        return found

    def opaque(self, node: ast.expr | ast.stmt) -> Opaque:
        """An expression that stays as it is written; the names in it are remembered."""
        self.lean(node)
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and not (isinstance(call.func, ast.Name) and call.func.id in _PURE):
                self.shake(call, node.lineno)
        return Opaque(source=self.source.written(self.source.span(node)), line=node.lineno, span=self._span(node))

    def lean(self, node: ast.AST) -> None:
        """Remember every binding that is named below a node."""
        self.leaned_on.extend(self._named(node))

    def shake(self, node: ast.AST, line: int) -> None:
        """Remember that a node may change every list and dict that is named below it, or any name at all by `exec`."""
        if any(isinstance(found, ast.Name) and found.id in _ANYTHING for found in ast.walk(node)):
            self.shaken.extend((found, line) for found in self.names.values())
            return
        self.shaken.extend((found, line) for found in self._named(node) if isinstance(resolve(found), Listing | Table))

    def open(self, node: Node) -> None:
        """Remember a container, and the names that lead to it, as one that was taken apart."""
        self.opened.append(node)
        while isinstance(node, Ref):
            node = node.target
            self.opened.append(node)

    def _named(self, node: ast.AST) -> list[Node]:
        names = {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}
        return [self.names[name] for name in sorted(names) if name in self.names]

    def _span(self, node: ast.expr | ast.stmt) -> Span | None:
        return self.source.span(node) if self.here else None

    def _evaluated(self, node: ast.expr) -> Node | None:  # noqa: PLR0911 (one line for each kind of expression)
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                found = self.names.get(node.id)
                return self._class(node) if found is None else reference(node.id, found, self._span(node))
            case ast.List() | ast.Tuple():
                return self._sequence(node)
            case ast.Dict():
                return self._dict(node)
            case ast.Call():
                return self._call(node)
            case ast.UnaryOp():
                return self._signed(node)
            case ast.BinOp():
                return self._computed(node)
            case ast.JoinedStr():
                return self._joined(node)
            case ast.Subscript() | ast.Attribute() | ast.Set():
                return self._looked_up(node)
        return None

    def _class(self, node: ast.expr) -> Leaf | None:
        """A class that was imported, by its plain name; None for anything else."""
        inner = node
        while isinstance(inner, ast.Attribute):
            inner = inner.value
        if not isinstance(inner, ast.Name) or inner.id not in self.imported or inner.id in self.names:
            return None
        written = ast.unparse(node)
        dotted = self.imported[inner.id] + written.removeprefix(inner.id)
        name = dotted.rpartition(".")[2]
        return Leaf(value=name, span=self._span(node), literal=False, written=written, dotted=dotted)

    def made_dict(self, node: ast.Call) -> Table | None:
        """The dict that a call of `dict` makes; None when that is not known."""
        found = self._call(node)
        return found if isinstance(found, Table) else None

    def _constant(self, node: ast.Constant) -> Node | None:
        value = node.value
        if not representable(value):
            return None
        if isinstance(value, str) and "{{" in value:
            return None  # mmengine replaces {{ fileBasename }} and {{$VARIABLE:default}} in the text of the file
        assert value is None or isinstance(value, bool | int | float | str)
        return Leaf(value=value, span=self._span(node))

    def _sequence(self, node: ast.List | ast.Tuple) -> Node | None:
        items: list[Node] = []
        whole = True
        for element in node.elts:
            if not isinstance(element, ast.Starred):
                items.append(self.value(element))
                continue
            spread = self._spread(self.value(element.value))
            if spread is None:
                return None
            items.extend(spread)
            whole = False
        return listing(items, is_tuple=isinstance(node, ast.Tuple), span=self._span(node), plain=whole)

    def _spread(self, node: Node) -> list[Node] | None:
        """The elements of a list that is poured into another one."""
        cell = resolve(node)
        if not isinstance(cell, Listing):
            return None
        self.open(node)
        if not isinstance(node, Ref):
            return list(cell.items)
        return [reference(f"{node.variable}.{index}", item, None, spread=True) for index, item in enumerate(cell.items)]

    def _dict(self, node: ast.Dict) -> Node | None:
        entries: dict[str, Node] = {}
        seen: dict[str, type] = {}
        whole = True
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                if not self._pour(self.value(value), entries):
                    return None
                whole = False
                continue
            name = resolve(self.value(key))
            if not isinstance(name, Leaf) or isinstance(name.value, float):
                return None
            text = str(name.value)
            if seen.setdefault(text, type(name.value)) is not type(name.value):
                return None  # 1 and "1" are two keys in Python and would be one here
            entries[text] = self.value(value)
        return table(entries, span=self._span(node), plain=whole)

    def _call(self, node: ast.Call) -> Node | None:
        """`dict(...)`, and detectron2's `L(X)(...)`. Every other call stays opaque."""
        target = target_of(node, self.imported) if self.lazy else None
        if target is not None:
            return self._made_later(node, target)
        if not isinstance(node.func, ast.Name) or node.func.id != "dict" or "dict" in self.names or len(node.args) > 1:
            return None
        entries: dict[str, Node] = {}
        whole = not node.args
        if node.args and (isinstance(node.args[0], ast.Starred) or not self._pour(self.value(node.args[0]), entries)):
            return None
        for keyword in node.keywords:
            value = self.value(keyword.value)
            if keyword.arg is not None:
                entries[keyword.arg] = value
                continue
            whole = False
            if not self._pour(value, entries):
                return None
        return table(entries, span=self._span(node), plain=whole)

    def _made_later(self, node: ast.Call, target: ast.expr) -> Node | None:
        """`L(X)(lr=0.1)`: the arguments under their names, and what they are for under `_target_`."""
        entries: dict[str, Node] = {TARGET: self.value(target)}
        for keyword in node.keywords:
            value = self.value(keyword.value)
            if keyword.arg is not None:
                entries[keyword.arg] = value
            elif not self._pour(value, entries):
                return None
        made = table(entries, span=self._span(node), plain=False)
        made.merges = True  # its arguments are attributes too
        return made

    def _pour(self, node: Node, entries: dict[str, Node]) -> bool:
        """Pour one dict into another, as `**name` does."""
        cell = resolve(node)
        if not isinstance(cell, Table):
            return False
        self.open(node)
        for key, value in cell.entries.items():
            if isinstance(node, Ref):
                entries[key] = reference(f"{node.variable}.{key}", value, None, spread=True)
            else:
                entries[key] = value
        return True

    def _signed(self, node: ast.UnaryOp) -> Node | None:
        operand = resolve(self.value(node.operand))
        result = negate(node.op, operand.value) if isinstance(operand, Leaf) else None
        if result is None:
            return None
        literal = isinstance(node.operand, ast.Constant)
        if not literal:
            self.lean(node)
        return Leaf(value=result, span=self._span(node), literal=literal)

    def _computed(self, node: ast.BinOp) -> Node | None:
        left, right = self.value(node.left), self.value(node.right)
        first, second = resolve(left), resolve(right)
        if isinstance(first, Listing) and isinstance(second, Listing) and isinstance(node.op, ast.Add):
            if first.is_tuple is not second.is_tuple:
                return None
            items = [*(self._spread(left) or ()), *(self._spread(right) or ())]
            return listing(items, is_tuple=first.is_tuple, span=self._span(node), plain=False)
        if not isinstance(first, Leaf) or not isinstance(second, Leaf):
            return None
        computed = compute(first.value, node.op, second.value)
        if computed is None:
            return None
        self.lean(node)
        return Leaf(value=computed, span=self._span(node), literal=False)

    def _joined(self, node: ast.JoinedStr) -> Node | None:
        parts: list[str] = []
        for piece in node.values:
            if isinstance(piece, ast.Constant):
                parts.append(str(piece.value))
                continue
            if not isinstance(piece, ast.FormattedValue) or piece.conversion != -1 or piece.format_spec is not None:
                return None
            found = resolve(self.value(piece.value))
            if not isinstance(found, Leaf):
                return None
            parts.append(str(found.value))
        text = "".join(parts)
        if len(text) > LONGEST or "{{" in text:
            return None
        self.lean(node)
        return Leaf(value=text, span=self._span(node), literal=False)

    def _looked_up(self, node: ast.Subscript | ast.Attribute | ast.Set) -> Node | None:
        """`name['key'][0]`, `_base_.key` and mmengine's `{{_base_.key}}`."""
        known = self._class(node) if isinstance(node, ast.Attribute) else None
        if known is not None:
            return known
        inner = in_braces(node) if isinstance(node, ast.Set) else node
        steps: list[str] = []
        while isinstance(inner, ast.Subscript | ast.Attribute):
            if isinstance(inner, ast.Attribute) and not self.lazy and not rooted_in_base(inner):
                return None  # a plain dict has no attributes
            step = inner.attr if isinstance(inner, ast.Attribute) else constant_step(inner.slice)
            if step is None:
                return None
            steps.insert(0, step)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            return None
        found: Node | None = self.base if inner.id == BASE else self.names.get(inner.id)
        for step in steps:
            if found is not None:
                self.open(found)
                found = child(found, step)
        if found is None:
            return None
        path = steps if inner.id == BASE else [inner.id, *steps]
        return reference(".".join(path), found, self._span(node))
