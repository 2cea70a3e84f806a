"""Sites become operations: for each value that changes, the one place in the file where changing it is right.

The rule is the same everywhere. A place may be changed when every path that it feeds is to have the same new value.
The literal itself comes first, then the uses of variables on the way from it to the setting; if none of them will do,
a small top-level value is set once more at the end of the file; and if that will not do either, the site is refused.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from defib.configs.cells import Leaf, Listing, Opaque, Ref, Table, find, plain, resolve
from defib.rewriting.inheritance import Overrides
from defib.rewriting.later import Later
from defib.rewriting.literals import called, unknown
from defib.rewriting.operations import Add, Append, Drop, Operation, Remove, Replace
from defib.rewriting.pieces import Piece, split
from defib.rewriting.proof import applied, differences
from defib.rewriting.refusals import CROWDED, INHERITED, NO_NAME, NOT_THERE, SHAKEN, SHARED, THERE, refused
from defib.rewriting.routes import Routes, owner

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.configs.cells import Node
    from defib.configs.trace import Trace
    from defib.records import Site
    from defib.words import Words

LARGEST_REPEATED = 50  # values that may be written once more at the end of the file


class Planner:
    """Places the sites of one config."""

    def __init__(self, traced: Trace, pieces: list[Piece], divisible: Callable[[Table | Listing], bool]) -> None:
        """divisible: whether the elements of a container stand in the text one by one."""
        self.traced = traced
        self.routes = Routes(traced)
        self.divisible = divisible
        self.operations: list[Operation] = []
        self.later = Later(self) if traced.lazy else None
        self.overrides = Overrides(self)
        self.pieces = [inner for piece in pieces for inner in self._split(piece)]
        self.sites = {piece.site.path: piece.site for piece in self.pieces}
        self.deleted = [path for path, site in self.sites.items() if site.action == "delete"]
        self._done: set[str] = set()
        self._wanted: dict[str, Any] = {}

    def plan(self) -> list[Operation]:
        """The operations that make all sites so.

        Raises SiteNotEditable at the first site for which there is no right place.
        """
        for piece in self.pieces:
            if piece.site.path in self._done:
                continue
            match piece.site.action:
                case "set":
                    self._set(piece)
                case "insert":
                    self._insert(piece)
                case "delete":
                    self._delete(piece)
        return [*self.operations, *(self.later or self.overrides).operations()]

    def wanted(self, path: str) -> Any:  # noqa: ANN401 (any config value)
        """The value that a path of the original is to have."""
        if path not in self._wanted:
            node = find(self.traced.root, path)
            assert node is not None
            start = f"{path}." if path else ""
            below = [
                (other.removeprefix(start) if other != path else "", site)
                for other, site in self.sites.items()
                if other.startswith(start) or (other == path and site.action == "set")
            ]
            self._wanted[path] = applied(plain(node, tuples=True), below)
        return self._wanted[path]

    def refuse(self, site: Site, reason: Words) -> Exception:
        """The refusal of a site, with the line at which its value stands."""
        cell, line = resolve(self._nearest(site.path)), 1
        if not isinstance(cell, Opaque) and cell.span is not None:
            line = cell.span.line
        elif isinstance(cell, Opaque):
            line = cell.line
        return refused(self.traced.source.path, line, site, reason)

    def agrees(self, node: Node) -> tuple[Any] | None:
        """The one value that every path fed by a node is to have, or None when there is no such value."""
        if id(node) in self.routes.leaned_on:
            return None
        values = [self.wanted(path) for path in self.routes.feeds(node) if not self.moot(path)]
        if not values or any(differences(values[0], value) for value in values[1:]):
            return None
        return (values[0],)

    def moot(self, path: str) -> bool:
        """Whether a path will be gone, so that its value no longer matters."""
        return any(path == gone or path.startswith(f"{gone}.") for gone in self.deleted)

    def done(self, path: str) -> None:
        """Note that everything at and below a path is taken care of."""
        self._done.update(other for other in self.sites if other == path or other.startswith(f"{path}."))

    def _split(self, piece: Piece) -> list[Piece]:
        site = piece.site
        node = find(self.traced.root, site.path)
        if node is None and site.action != "insert":
            raise self.refuse(site, NOT_THERE)
        if node is not None and site.action == "insert":
            raise self.refuse(site, THERE)
        line = self.routes.shaking_line(site.path if node is not None else self._above(site.path))
        if line is not None:
            raise self.refuse(site, SHAKEN.fill(line=line))
        return split(piece, node) if node is not None else [piece]

    def _set(self, piece: Piece) -> None:
        chain = self.routes.chain(piece.site.path)
        origin = chain[-1][1]
        inherited = isinstance(origin, Leaf | Listing | Table) and origin.span is None
        for _, node in reversed(chain):
            if (node is origin or _replaceable(node)) and self._replace(node, piece):
                return
        if not (self.later.set(piece) if self.later else inherited and self.overrides.set(piece)):
            self._repeat(piece)

    def _replace(self, node: Node, piece: Piece) -> bool:
        """Write a value over a node, if all that it feeds agrees on one."""
        if node.span is None:
            return False
        agreed = self.agrees(node)
        if agreed is None or unknown(agreed[0], self.traced.imported):
            return False
        self.operations.append(Replace(span=node.span, value=agreed[0], label=piece.label))
        for path in self.routes.feeds(node):
            self.done(path)
        return True

    def _insert(self, piece: Piece) -> None:
        above = self._above(piece.site.path)
        rest = piece.site.path.removeprefix(f"{above}." if above else "")
        step = rest.partition(".")[0]
        if not above:
            if not called(step):  # a plan may come from a file; what it names must not become a statement
                raise self.refuse(piece.site, NO_NAME)
            self.operations.append(Append(step, self.wanted("")[step], piece.label))
            self._done.update(path for path in self.sites if path.partition(".")[0] == step)
            return
        container = owner(self._nearest(above))
        if container is None or (isinstance(container, Listing) and step != str(len(container.items))):
            raise self.refuse(piece.site, THERE)
        feeds = [path for path in self.routes.feeds(container) if not self.moot(path)]
        new = [self._inserted(path, step) for path in feeds]
        agreed = bool(new) and all(value is not None and not differences(value, new[0]) for value in new)
        if container.span is not None and agreed and self._editable(container):
            self.operations.append(Add(container, step, self._inserted(feeds[0], step), piece.label))
            for path in feeds:
                self.done(f"{path}.{step}")
            return
        self._around(piece, above, inherited=container.span is None)

    def _inserted(self, path: str, step: str) -> Any:  # noqa: ANN401 (any config value)
        """What is to be inserted below a path, in a box of its own; None when nothing is."""
        value = self.wanted(path)
        if isinstance(value, dict):
            return value.get(step)
        fits = isinstance(value, list) and step.isdecimal() and int(step) < len(value)
        return value[int(step)] if fits else None

    def _delete(self, piece: Piece) -> None:
        path = piece.site.path
        above, _, step = path.rpartition(".")
        if not above:
            self._drop(piece)
            return
        container = owner(self._nearest(above))
        node = find(container, step) if container is not None else None
        whole = container is not None and container.plain and container.span is not None
        if container is not None and node is not None and whole and self._editable(container):
            feeds = [other for other in self.routes.feeds(container) if not self.moot(other)]
            if all(f"{other}.{step}" in self.deleted for other in feeds):
                self.operations.append(Remove(container, node, piece.label))
                self._done.update(f"{other}.{step}" for other in feeds)
                return
        if self.later is not None and self.later.delete(piece):
            return
        inherited = node is None or container is None or container.span is None
        if inherited and not isinstance(resolve(self._nearest(above)), Listing):
            raise self.refuse(piece.site, INHERITED)
        self._around(piece, above, inherited=inherited)

    def _around(self, piece: Piece, above: str, *, inherited: bool) -> None:
        """Change what holds the value, because the value itself cannot be changed alone."""
        chain = self.routes.chain(above)
        for _, node in reversed(chain):
            whole = isinstance(node, Listing | Table) and node is chain[-1][1] and not self.divisible(node)
            if (_replaceable(node) or whole) and self._replace(node, piece):
                return
        if not (self.later.set(piece) if self.later else inherited and self.overrides.set(piece)):
            self._repeat(piece)

    def _drop(self, piece: Piece) -> None:
        name = piece.site.path
        node, assignment = self.traced.own.entries.get(name), self.traced.assignments.get(name)
        if node is None or assignment is None or name in self.traced.inherited:
            raise self.refuse(piece.site, INHERITED)
        names = (other for other in ast.walk(self.traced.source.module) if isinstance(other, ast.Name))
        used = any(other.id == name and isinstance(other.ctx, ast.Load) for other in names)
        if not assignment.alone or not assignment.first or used or id(node) in self.routes.leaned_on:
            raise self.refuse(piece.site, CROWDED)
        self.operations.append(Drop(assignment.span, piece.label))
        self._done.add(name)

    def _repeat(self, piece: Piece) -> None:
        """Set a small top-level value once more at the end of the file, where nothing else can depend on it."""
        name = piece.site.path.partition(".")[0]
        node = self.traced.root.entries[name]
        if name not in self.traced.own.entries or node.size > LARGEST_REPEATED or name in self.deleted:
            raise self.refuse(piece.site, SHARED)
        value = self.wanted(name)
        if unknown(value, self.traced.imported):
            raise self.refuse(piece.site, SHARED)
        self.operations.append(Append(name, value, piece.label))
        self.done(name)

    def _editable(self, container: Table | Listing) -> bool:
        return id(container) not in self.routes.leaned_on and self.divisible(container)

    def _above(self, path: str) -> str:
        """The longest part of a path, itself excluded, that the config has."""
        above = path.rpartition(".")[0]
        while above and find(self.traced.root, above) is None:
            above = above.rpartition(".")[0]
        return above

    def _nearest(self, path: str) -> Node:
        node = find(self.traced.root, path)
        return node if node is not None else self._nearest(path.rpartition(".")[0])


def _replaceable(node: Node) -> bool:
    """Uses of a name, and containers that were put together from several."""
    if isinstance(node, Ref):
        return not node.spread
    return isinstance(node, Listing | Table) and not node.plain
