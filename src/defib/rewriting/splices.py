"""Changes to a text, collected and made at once; every character outside of them stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defib.rewriting.layout import Layout, Position

LONGEST_LINE = 120


class Overlap(Exception):
    """Two changes meet in one place."""


@dataclass(slots=True)
class Splice:
    """Replace what stands between two offsets. At one offset, insertions are made by rank."""

    start: int
    end: int
    text: str
    rank: int = 0


class Splices:
    """The changes to one text."""

    def __init__(self, layout: Layout) -> None:
        """Begin with none."""
        self.layout = layout
        self.source = layout.source
        self.newline = "\r\n" if "\r\n" in layout.source.text else "\n"
        self._splices: list[Splice] = []
        self._labels: dict[int, list[str]] = {}

    def put(self, start: Position, end: Position, text: str, label: str = "") -> None:
        """Replace what stands between two positions; the label becomes a comment at the end of the line."""
        self._splices.append(Splice(self.source.offset(*start), self.source.offset(*end), self._broken(text)))
        if label:
            labels = self._labels.setdefault(end[0], [])
            if label not in labels:
                labels.append(label)

    def after_line(self, line: int, text: str) -> None:
        """Insert lines after one line, its comment included."""
        end = self.source.offset(line, len(self.source.line(line)))
        self._splices.append(Splice(end, end, self._broken(f"\n{text}"), rank=2))

    def lines(self, first: int, last: int, text: str) -> None:
        """Replace whole lines, the last line break excluded."""
        self.put((first, 0), (last, len(self.source.line(last))), text)

    def at_end(self, text: str) -> None:
        """Insert lines at the end of the text."""
        end = len(self.source.text)
        missing = "" if not self.source.text or self.source.text.endswith(("\n", "\r")) else "\n"
        again = any(splice.start == end and splice.rank == 3 for splice in self._splices)  # noqa: PLR2004
        self._splices.append(Splice(end, end, self._broken(f"{'' if again else missing}{text}\n"), rank=3))

    def made(self) -> str:
        """The new text.

        Raises Overlap when two changes meet.
        """
        splices = [*self._splices, *self._comments()]
        splices.sort(key=lambda splice: (splice.start, splice.end, splice.rank))
        parts: list[str] = []
        position = 0
        for splice in splices:
            if splice.start < position:
                raise Overlap
            parts += [self.source.text[position : splice.start], splice.text]
            position = splice.end
        return "".join([*parts, self.source.text[position:]])

    def _comments(self) -> list[Splice]:
        """One comment for each changed line: behind it where there is room, else above it where a comment can stand."""
        found: list[Splice] = []
        for line, labels in self._labels.items():
            start = self.source.offset(line, 0)
            end = start + len(self.source.line(line))
            grown = sum(
                len(splice.text) - splice.end + splice.start
                for splice in self._splices
                if start <= splice.start and splice.end <= end and "\n" not in splice.text
            )
            room = LONGEST_LINE - (end - start + grown)
            gone = any(splice.start <= start and end <= splice.end for splice in self._splices if splice.start < end)
            if gone:
                continue
            text = f"  # {'; '.join(labels)}"
            if self.layout.commentable(line) and len(text) <= room:
                found.append(Splice(end, end, text, rank=1))
            elif line == 1 or self.layout.commentable(line - 1):  # no room behind it: above it
                above = f"{self.layout.indent(line)}# {'; '.join(labels)}{self.newline}"
                found.append(Splice(start, start, above, rank=-1))
        return found

    def _broken(self, text: str) -> str:
        return text.replace("\n", self.newline) if self.newline != "\n" else text
