"""The lines of a console as somebody would have seen them in the end: progress bars are drawn over, only their end stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS = 4000  # of what stays of a line; assumed: programs write shorter ones

_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_OVER = re.compile(r"[\r\x08]+")
_TQDM = re.compile(
    r"\d{1,3}%\s?\|[^|\n]{0,300}\|\s*(?P<done>\d{1,12})/(?P<of>\d{1,12})\s*(?:\[(?P<behind>[^\]]{0,400})\]?)?"
)
_KERAS = re.compile(r"(?<![\d/])(?P<done>\d{1,12})/(?P<of>\d{1,12})\s+(?:\[[=>.]*\]|[━╸╺─]+)")
_RATE = re.compile(r"^[^,]*<[^,]*,\s*[^,]*(?:,|$)")


def console_lines(text: str) -> Iterator[tuple[int, str]]:
    r"""(line number, what stays of it) of every whole line; a last line without an end may still grow.

    >>> list(console_lines("a\rb\n 1/2 [=>..] - loss: 3\r2/2 [====] - loss: 2\n"))
    [(1, 'b'), (2, '| - loss: 2')]
    >>> list(console_lines("Epoch 1:  50%|##  | 1/2 [00:01<00:01, 1.0it/s, loss=3]\n"))
    []
    """
    lines = text.split("\n")
    lines.pop()
    for number, line in enumerate(lines, start=1):
        last = _last(line)
        if not last or len(last) > MOST_CHARACTERS:
            continue
        bare = _without_bar(last)
        if bare:
            yield number, bare


def _last(line: str) -> str:
    """What was written last over the line."""
    if "\r" in line or "\x08" in line:
        pieces = [piece for piece in _OVER.split(line) if piece.strip()]
        line = pieces[-1] if pieces else ""
    return _COLOUR.sub("", line) if "\x1b" in line else line


def _without_bar(line: str) -> str:
    """A line without its progress bar, empty where the bar is not full and nothing stands behind it."""
    bar = _TQDM.search(line) if "%" in line else None
    if bar is not None:
        behind = line[bar.end() :]
        if "=" in behind or ":" in behind:
            return f"{line[: bar.start()]}|{behind}"
        inside = _RATE.sub("|", bar["behind"] or "")
        return f"{line[: bar.start()]}|{inside}" if bar["done"] == bar["of"] else ""
    bar = _KERAS.search(line) if "/" in line else None
    if bar is None:
        return line
    return f"{line[: bar.start()]}|{line[bar.end() :]}" if bar["done"] == bar["of"] else ""
