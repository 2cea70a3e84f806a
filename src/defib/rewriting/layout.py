"""The tokens of a config's text: where containers open and close, where their elements begin and end, where comments are."""

from __future__ import annotations

import io
import tokenize
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defib.configs.bounds import Source
    from defib.configs.cells import Span

Position = tuple[int, int]  # line from 1, column from 0

_BLANK = frozenset({tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT})
_OPEN, _CLOSE = ("(", "[", "{"), (")", "]", "}")


@dataclass(slots=True)
class Segment:
    """One element of a container: its first and last position, and the end of its comma."""

    start: Position
    end: Position
    comma: Position | None = None


@dataclass(slots=True)
class Bracketed:
    """A container in the text: after its opening bracket, before its closing one, and what lies between."""

    opened: Position
    closed: Position
    segments: list[Segment]
    call: bool
    """It is written `dict(...)`."""

    def around(self, span: Span) -> int | None:
        """Which segment a span lies in."""
        for index, segment in enumerate(self.segments):
            if segment.start <= (span.line, span.column) and (span.end_line, span.end_column) <= segment.end:
                return index
        return None


class Layout:
    """The tokens of one text."""

    def __init__(self, source: Source) -> None:
        """A text that Python can parse but not split into tokens has no layout; then nothing in it is divisible."""
        self.source = source
        try:
            self.tokens = list(tokenize.generate_tokens(io.StringIO(source.text, newline="").readline))
        except (tokenize.TokenError, SyntaxError, IndentationError):
            self.tokens = []
        self._starts = [token.start for token in self.tokens]
        self._inside = {
            line for token in self.tokens if token.start[0] != token.end[0] and token.type not in _BLANK
            for line in range(token.start[0], token.end[0])
        }  # fmt: skip
        self.comments = {token.start[0]: token.start[1] for token in self.tokens if token.type == tokenize.COMMENT}

    def bracketed(self, span: Span) -> Bracketed | None:
        """The elements of the container that is written in a span; None when no brackets enclose it."""
        first = bisect_left(self._starts, (span.line, span.column))
        call = self._is(first, "dict") and self._is(first + 1, "(")
        opening = first + 1 if call else first
        if opening >= len(self.tokens) or self.tokens[opening].string not in _OPEN:
            return None
        inside = self._inside_of(opening)
        if inside is None or inside[-1].end != (span.end_line, span.end_column):
            return None  # the bracket closes something smaller: `(1), (2)`
        return Bracketed(self.tokens[opening].end, inside[-1].start, _segments(inside[:-1]), call)

    def _inside_of(self, opening: int) -> list[tokenize.TokenInfo] | None:
        """The tokens after an opening bracket, up to and with the one that closes it."""
        depth = 0
        for index in range(opening, len(self.tokens)):
            depth += _step(self.tokens[index])
            if depth == 0:
                return self.tokens[opening + 1 : index + 1]
        return None

    def begins_line(self, position: Position) -> bool:
        """Whether only blanks stand before a position."""
        return not self.source.line(position[0])[: position[1]].strip()

    def ends_line(self, position: Position) -> bool:
        """Whether only blanks and a comment stand after a position."""
        rest = self.source.line(position[0])[position[1] :].strip()
        return not rest or (rest.startswith("#") and position[0] in self.comments)

    def commentable(self, line: int) -> bool:
        """Whether a comment at the end of a line would be one, and not part of a text or of a continued line."""
        return line not in self._inside and not self.source.line(line).endswith("\\")

    def own_comment(self, line: int) -> bool:
        """Whether a line holds a comment and nothing else."""
        return line in self.comments and self.begins_line((line, self.comments[line]))

    def indent(self, line: int) -> str:
        """The blanks that a line begins with."""
        text = self.source.line(line)
        return text[: len(text) - len(text.lstrip())]

    def quote(self) -> str:
        """The quotation mark that the text uses more often."""
        marks = [token.string[0] for token in self.tokens if token.type == tokenize.STRING]
        return '"' if marks.count('"') > marks.count("'") else "'"

    def _is(self, index: int, text: str) -> bool:
        return index < len(self.tokens) and self.tokens[index].string == text


def _step(token: tokenize.TokenInfo) -> int:
    """How much deeper a token leads."""
    if token.type != tokenize.OP:
        return 0
    return (token.string in _OPEN) - (token.string in _CLOSE)


def _segments(tokens: list[tokenize.TokenInfo]) -> list[Segment]:
    """The elements between the commas of a container's tokens."""
    found: list[Segment] = []
    depth = 0
    between = True
    for token in tokens:
        if token.type in _BLANK:
            continue
        if depth == 0 and token.type == tokenize.OP and token.string == ",":
            found[-1].comma, between = token.end, True
        elif between:
            found.append(Segment(token.start, token.end))
            between = False
        else:
            found[-1].end = token.end
        depth += _step(token)
    return found
