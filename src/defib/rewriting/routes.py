"""From a path to the places in the file that feed it, and from such a place to every path that it feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.configs.cells import Listing, Ref, Table, child, children, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from defib.configs.cells import Node
    from defib.configs.trace import Trace


class Routes:
    """The provenance of one config."""

    def __init__(self, traced: Trace) -> None:
        """Walk every path of the config once."""
        self.traced = traced
        self._paths: dict[int, list[str]] = {}
        self._walk()
        self.leaned_on = reachable(traced.leaned_on) | {id(node) for node in traced.opened}
        """Nodes whose change in place would also change something that is computed from them."""
        self.shaken: dict[int, int] = {}
        """Nodes that a later line may have changed, and that line."""
        for node, line in traced.shaken:
            for found in reachable([node]):
                self.shaken.setdefault(found, line)

    def feeds(self, node: Node) -> list[str]:
        """Every path that a node feeds."""
        return self._paths.get(id(node), [])

    def chain(self, path: str) -> list[tuple[str, Node]]:
        """The nodes on the way to a path, each with the path that it stands for; names are followed.

        The last one is where the value itself is written. Raises KeyError when there is no such path.
        """
        way: list[tuple[str, Node]] = []
        node: Node | None = self.traced.root
        prefix = ""
        for step in ("", *path.split(".")) if path else ("",):
            if step:
                node = child(node, step) if node is not None else None
                prefix = f"{prefix}.{step}" if prefix else step
            if node is None:
                raise KeyError(path)
            way.append((prefix, node))
            while isinstance(node, Ref):
                node = node.target
                way.append((prefix, node))
        return way

    def shaking_line(self, path: str) -> int | None:
        """The line that may have changed what stands at a path, if there is one."""
        lines = [self.shaken[id(node)] for _, node in self.chain(path) if id(node) in self.shaken]
        return min(lines, default=None)

    def _walk(self) -> None:
        stack: list[tuple[str, Node]] = [("", self.traced.root)]
        while stack:
            path, node = stack.pop()
            self._note(path, node)
            while isinstance(node, Ref):
                node = node.target
                self._note(path, node)
            if isinstance(node, Table) and node.local is not None:
                local = node.local  # the part that this file wrote of a dict that it inherits
                self._note(path, local)
                while isinstance(local, Ref):
                    local = local.target
                    self._note(path, local)
            stack.extend((f"{path}.{step}" if path else step, below) for step, below in children(node))

    def _note(self, path: str, node: Node) -> None:
        known = self._paths.setdefault(id(node), [])
        if path not in known[-1:]:
            known.append(path)


def owner(node: Node) -> Table | Listing | None:
    """The container that this file wrote, behind names and behind what a base added to it."""
    cell = resolve(node)
    while isinstance(cell, Table) and cell.local is not None:
        cell = resolve(cell.local)
    return cell if isinstance(cell, Table | Listing) else None


def reachable(nodes: Iterable[Node]) -> set[int]:
    """The identities of everything that can be reached from these nodes."""
    found: set[int] = set()
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if id(node) in found:
            continue
        found.add(id(node))
        if isinstance(node, Ref):
            stack.append(node.target)
        else:
            stack.extend(below for _, below in children(node))
    return found
