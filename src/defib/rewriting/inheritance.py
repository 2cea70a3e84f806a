"""Values that a base config wrote: they are overridden in this file, because mmengine merges dicts and replaces lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from defib.configs.bases import DELETE
from defib.configs.cells import Node, Table, child, resolve
from defib.rewriting.operations import Add, Append, Replace
from defib.rewriting.routes import owner

if TYPE_CHECKING:
    from defib.configs.trace import Trace
    from defib.rewriting.operations import Operation
    from defib.rewriting.pieces import Piece
    from defib.rewriting.routes import Routes


class Sites(Protocol):
    """What an override has to know about all the other sites."""

    traced: Trace
    routes: Routes
    deleted: list[str]

    def wanted(self, path: str) -> Any:  # noqa: ANN401 (any config value)
        """The value that a path of the original is to have."""

    def moot(self, path: str) -> bool:
        """Whether a path will be gone, so that its value no longer matters."""

    def done(self, path: str) -> None:
        """Note that everything at and below a path is taken care of."""


class Overrides:
    """Collects overrides, so that two of them in one dict become one."""

    def __init__(self, sites: Sites) -> None:
        """Begin with none."""
        self.sites = sites
        self._found: dict[tuple[int, str], tuple[Table, str, Any, list[str]]] = {}

    def set(self, piece: Piece) -> bool:
        """Override what a site changes, in the innermost dict of this file that the base's values are merged into.

        False when the file has no place for it.
        """
        steps = piece.site.path.split(".")
        place = self._place(steps)
        if place is None:
            return False
        container, depth, holder = place
        prefix = ".".join(steps[: depth + 1])
        value = self._value(child(holder, steps[depth]), prefix, steps[depth + 1 :])
        slot = (id(container), steps[depth])
        labels: list[str] = []
        if slot in self._found:
            value = _joined(self._found[slot][2], value)
            labels = self._found[slot][3]
        self._found[slot] = (container, steps[depth], value, [*labels, piece.label])
        self.sites.done(piece.site.path)
        return True

    def operations(self) -> list[Operation]:
        """What has to be written."""
        found: list[Operation] = []
        for container, key, value, labels in self._found.values():
            label = "; ".join(dict.fromkeys(labels))
            there = container.entries.get(key)
            if there is not None and there.span is not None and len(self.sites.routes.feeds(there)) == 1:
                found.append(Replace(there.span, value, label))
            elif container is self.sites.traced.own:
                found.append(Append(key, value, label))
            else:
                found.append(Add(container, key, value, label))
        return found

    def _place(self, steps: list[str]) -> tuple[Table, int, Node] | None:
        """The innermost dict of this file on the way, how deep it lies, and the merged dict that it is part of."""
        place: tuple[Table, int, Node] | None = None
        node: Node | None = self.sites.traced.root
        for depth, step in enumerate(steps):
            cell = resolve(node) if node is not None else None
            if not isinstance(cell, Table):
                break
            local = owner(cell)
            if isinstance(local, Table) and (local is not cell or local is self.sites.traced.own):
                if not self._mine(local, ".".join(steps[:depth])):
                    return None
                place = (local, depth, cell)
            node = child(cell, step)
        return place

    def _mine(self, local: Table, path: str) -> bool:
        """Whether a key can be added to a dict of this file for the sake of this one path."""
        if local is self.sites.traced.own:
            return True
        alone = self.sites.routes.feeds(local) == [path] and id(local) not in self.sites.routes.leaned_on
        return local.span is not None and local.plain and alone

    def _value(self, node: Node | None, path: str, rest: list[str]) -> Any:  # noqa: ANN401 (any config value)
        """The override below one key: dicts as far as the base has dicts, then the whole value."""
        cell = resolve(node) if node is not None else None
        if isinstance(cell, Table) and rest:
            below = child(cell, rest[0])
            if below is None:
                return {rest[0]: self.sites.wanted(path)[rest[0]]}
            return {rest[0]: self._value(below, f"{path}.{rest[0]}", rest[1:])}
        value = self.sites.wanted(path)
        return {DELETE: True, **value} if isinstance(value, dict) else value  # else mmengine would merge, or refuse


def _joined(one: Any, other: Any) -> Any:  # noqa: ANN401 (any config value)
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: _joined(one[key], value) if key in one else value for key, value in other.items()}}
    return other
