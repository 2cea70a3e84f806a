"""A config's values together with where in the file each of them was written.

A `Cell` is one value: a `Leaf`, a `Listing`, a `Table` or an `Opaque` expression. A `Ref` stands where a name was
used, and leads to the cell that the name was bound to. Cells are shared, never copied, so that two paths which hold
the same object in Python meet in the same cell here; copies are made once, bounded, by `plain`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EXPRESSION = "$expression"  # the same key as settings.EXPRESSION, which this room may not import
CHARACTERS_PER_UNIT = 100  # of a text, when the size of a config is estimated

Scalar = bool | int | float | str | None


class Named(str):
    """The plain name of a class; `written` is the expression that stands for it, `dotted` says which one it is."""

    __slots__ = ("dotted", "written")
    written: str
    dotted: str

    @classmethod
    def of(cls, name: str, written: str, dotted: str) -> Named:
        """A name together with how it is written."""
        made = cls(name)
        made.written, made.dotted = written, dotted
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> Named:
        """It is as unchangeable as any text."""
        return self


class Tuple(list[Any]):
    """A tuple that can still be changed: equal to a list, printed as a tuple."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where an expression stands: lines from 1, columns from 0 and in characters."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(eq=False, slots=True)
class Leaf:
    """A number, a text, True, False or None. One that was computed is not `literal`."""

    value: Scalar
    span: Span | None = None
    literal: bool = True
    depth: int = 0
    written: str = ""
    """Of a class that was imported: the expression that stands for it. Its value is the plain name."""
    dotted: str = ""
    """Of such a class: its full name."""

    @property
    def size(self) -> int:
        """How much it adds to the size of a config."""
        return 1 + len(self.value) // CHARACTERS_PER_UNIT if isinstance(self.value, str) else 1


@dataclass(eq=False, slots=True)
class Opaque:
    """An expression that is not evaluated, because that would mean running the config."""

    source: str
    line: int
    span: Span | None = None
    depth: int = 0

    @property
    def size(self) -> int:
        """How much it adds to the size of a config."""
        return 1 + len(self.source) // CHARACTERS_PER_UNIT


@dataclass(eq=False, slots=True)
class Listing:
    """A list or a tuple. One that was put together (`a + b`, `[*a]`) is not `plain`."""

    items: tuple[Node, ...]
    is_tuple: bool = False
    span: Span | None = None
    plain: bool = True
    size: int = 1
    depth: int = 0


@dataclass(eq=False, slots=True)
class Table:
    """A dict. `local` is the part of it that this file wrote, when the rest came from a base."""

    entries: dict[str, Node]
    span: Span | None = None
    plain: bool = True
    local: Node | None = None
    size: int = 1
    depth: int = 0
    merges: bool = False
    """It is one of mmengine's own dicts, as all are that come from a lazy base: `update` merges into it, and what is
    put into it is copied."""


@dataclass(eq=False, slots=True)
class Ref:
    """The use of a name: `lr=base_lr`. `variable` is the dotted path of what it names."""

    variable: str
    target: Node
    span: Span | None = None
    size: int = 1
    depth: int = 0
    spread: bool = False
    """It came out of `*name`, `**name` or `name + [...]`; the name stands for more than this one value."""


Cell = Leaf | Opaque | Listing | Table
Node = Cell | Ref


def listing(items: Iterable[Node], *, is_tuple: bool, span: Span | None, plain: bool = True) -> Listing:
    """A list with its size and depth."""
    kept = tuple(items)
    size, depth = measure(kept)
    return Listing(items=kept, is_tuple=is_tuple, span=span, plain=plain, size=size, depth=depth)


def table(entries: dict[str, Node], *, span: Span | None, plain: bool = True, local: Node | None = None) -> Table:
    """A dict with its size and depth."""
    size, depth = measure(entries.values())
    return Table(entries=entries, span=span, plain=plain, local=local, size=size, depth=depth)


def reference(variable: str, target: Node, span: Span | None, *, spread: bool = False) -> Ref:
    """A use of a name with the size and depth of what it leads to."""
    return Ref(variable=variable, target=target, span=span, size=target.size, depth=target.depth, spread=spread)


def measure(nodes: Iterable[Node]) -> tuple[int, int]:
    """The size and depth of something that holds these nodes."""
    size, depth = 1, 0
    for node in nodes:
        size += node.size
        depth = max(depth, node.depth + 1)
    return size, depth


def resolve(node: Node) -> Cell:
    """The cell at the end of a chain of names."""
    while isinstance(node, Ref):
        node = node.target
    return node


def child(node: Node, step: str) -> Node | None:
    """What stands one step further down a dotted path, or None."""
    cell = resolve(node)
    if isinstance(cell, Table):
        return cell.entries.get(step)
    if isinstance(cell, Listing) and step.isdecimal() and int(step) < len(cell.items):
        return cell.items[int(step)]
    return None


def children(node: Node) -> Iterator[tuple[str, Node]]:
    """What a container holds, by the step that leads to it."""
    cell = resolve(node)
    if isinstance(cell, Table):
        yield from cell.entries.items()
    elif isinstance(cell, Listing):
        yield from ((str(index), item) for index, item in enumerate(cell.items))


def find(root: Node, path: str) -> Node | None:
    """What stands at a dotted path, or None; the whole for an empty path."""
    node: Node | None = root
    for step in path.split(".") if path else ():
        node = child(node, step) if node is not None else None
    return node


def plain(node: Node, *, tuples: bool = False) -> Any:  # noqa: ANN401 (any config value)
    """The value as ordinary Python, copied. Tuples become lists; with `tuples` they become `Tuple`s, classes `Named`s."""
    cell = resolve(node)
    if isinstance(cell, Leaf):
        return Named.of(str(cell.value), cell.written, cell.dotted) if tuples and cell.written else cell.value
    if isinstance(cell, Opaque):
        return {EXPRESSION: cell.source, "line": cell.line}
    if isinstance(cell, Table):
        return {key: plain(value, tuples=tuples) for key, value in cell.entries.items()}
    values = [plain(item, tuples=tuples) for item in cell.items]
    return Tuple(values) if tuples and cell.is_tuple else values
