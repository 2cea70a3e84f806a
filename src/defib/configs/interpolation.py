"""OmegaConf's `${a.b}`: led to the setting that it names; what mixes text with it, or calls a resolver, stays unknown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defib.configs.cells import Leaf, Listing, Opaque, Ref, Table, find, reference, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from defib.configs.cells import Node

_WHOLE = re.compile(r"\$\{([A-Za-z_][\w.]*)\}")
_MOST_STEPS = 100  # from one interpolation to the next


class Interpolations:
    """The texts of one config in which a `${` stands."""

    def __init__(self, root: Table, words: Iterable[tuple[Leaf, int]]) -> None:
        """words: the leaves in question, each with its line."""
        self.root = root
        self.words = {id(word): (word, line) for word, line in words}
        self.meant = {key: self._meaning(word, line) for key, (word, line) in self.words.items()}
        self._seen: set[int] = set()

    def settle(self) -> None:
        """Put a use, or an unknown expression, in the place of each of the texts."""
        self._replaced(self.root)

    def _meaning(self, word: Leaf, line: int) -> Node:
        found, name = self._target(word), _WHOLE.fullmatch(str(word.value))
        if found is None or name is None:
            return Opaque(str(word.value), line, word.span)
        return reference(name[1], found, word.span)

    def _target(self, word: Leaf) -> Leaf | None:
        cell = word
        for _ in range(_MOST_STEPS):
            name = _WHOLE.fullmatch(str(cell.value))
            found = find(self.root, name[1]) if name else None
            below = None if found is None else resolve(found)
            if not isinstance(below, Leaf):
                return None
            if id(below) not in self.words:
                return below
            cell = below
        return None

    def _replaced(self, node: Node) -> Node:
        if id(node) in self.meant:
            return self.meant[id(node)]
        if id(node) in self._seen:
            return node
        self._seen.add(id(node))
        if isinstance(node, Ref):
            node.target = self._replaced(node.target)
        elif isinstance(node, Table):
            for key, value in node.entries.items():
                node.entries[key] = self._replaced(value)
        elif isinstance(node, Listing):
            node.items = tuple(self._replaced(item) for item in node.items)
        return node
