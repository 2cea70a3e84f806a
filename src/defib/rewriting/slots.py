"""Where the elements of a mapping or list begin and end in a text: lines of a block, or what stands between brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.configs.cells import Listing, Ref, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.configs.cells import Node
    from defib.configs.document import Document

Slot = tuple[int, int]  # the first position of an element, its key or dash included, and the one after its last
Cut = tuple[int, int, str]


class Unclear(Exception):
    """An element does not stand in the text for itself, or a comment would go with it."""


class Slots:
    """The elements that one container really writes, in the order of the text."""

    def __init__(self, document: Document, container: Table | Listing) -> None:
        """Raises Unclear for a container that this text does not write, or not element by element."""
        self.document = document
        self.text = document.text.text
        if container.span is None:
            raise Unclear
        self.start, self.end = document.text.ends(container.span)
        self.flow = self.text[self.start] in "{["
        self.mapping = isinstance(container, Table)
        self.found: dict[str, Slot] = {}
        self.whole = container.plain
        items = container.entries if isinstance(container, Table) else dict(enumerate(container.items))
        for step, node in items.items():
            if isinstance(node, Ref) and node.spread:
                continue
            self.found[str(step)] = self._slot(document, container, str(step), node)
        newline = self.text.find("\n")
        self.newline = "\r\n" if newline > 0 and self.text[newline - 1] == "\r" else "\n"

    def _slot(self, document: Document, container: Table | Listing, step: str, node: Node) -> Slot:
        if node.span is None:
            raise Unclear
        start, end = document.text.ends(node.span)
        if isinstance(container, Table):
            return document.keys[id(container), step], end
        if self.flow:
            return start, end
        before = self.text[:start].rstrip()
        while not before.endswith("-"):  # an anchor stands between
            cut = before.rfind("&")
            if cut < 0:
                raise Unclear
            before = before[:cut].rstrip()
        return len(before) - 1, end

    def cuts(self, steps: set[str]) -> list[Cut]:
        """What takes elements out. Raises Unclear where a comment would go that belongs to something else."""
        if self.whole and steps >= set(self.found):
            return [self._checked(self.start, self.end, "{}" if self.mapping else "[]")]
        names, cuts, index = list(self.found), list[Cut](), 0
        while index < len(names):
            if names[index] not in steps:
                index += 1
                continue
            first = index
            while index < len(names) and names[index] in steps:
                index += 1
            cuts += self._run(list(self.found.values()), first, index)
        return cuts

    def _run(self, slots: list[Slot], first: int, after: int) -> list[Cut]:
        start, end = slots[first][0], slots[after - 1][1]
        if self.flow and first:
            return [self._checked(slots[first - 1][1], end)]
        line = max(self.text.rfind("\n", 0, start), self.text.rfind("\r", 0, start)) + 1
        if self.flow or self.text[line:start].strip(" \t\ufeff"):
            if after == len(slots):
                raise Unclear
            return [self._checked(start, slots[after][0])]
        cuts = []
        for begin, stop in slots[first:after]:  # line by line: comments between two elements stay
            line = max(self.text.rfind("\n", 0, begin), self.text.rfind("\r", 0, begin)) + 1
            line += self.text.startswith("\ufeff", line)
            found = self.text.find("\n", stop)
            cuts.append((line, len(self.text) if found < 0 else found + 1, ""))
        return cuts

    def _checked(self, start: int, end: int, new: str = "") -> Cut:
        if self.document.commented(start, end):
            raise Unclear
        return start, end, new

    def added(self, step: str, spell: Callable[[object], str], value: object) -> Cut:
        """What puts a new element behind the last one."""
        sign = f"{spell(step)}: " if self.mapping else "" if self.flow else "- "
        written = f"{sign}{spell(value)}"
        if self.flow and not self.found and self.whole:
            return self._checked(self.start + 1, self.end - 1, written)
        if not self.found:
            raise Unclear
        first, _ = next(iter(self.found.values()))
        _, last = list(self.found.values())[-1]
        line = max(self.text.rfind("\n", 0, first), self.text.rfind("\r", 0, first)) + 1
        before = self.text[line:first].replace("\ufeff", "")
        if self.flow:
            between = ", " if before.strip() else f",{self.newline}{before}"
            return last, last, f"{between}{written}"
        found = self.text.find("\n", self.end)
        at = len(self.text) if found < 0 else found - (self.text[found - 1] == "\r")
        return at, at, f"{self.newline}{' ' * len(before)}{written}"
