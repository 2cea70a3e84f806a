"""Tables inside a text: Markdown, CSV, tab-separated, and columns that are only apart by spaces."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Splitter = Callable[[str, int | None], list[str] | None]

LONGEST = 100_000  # characters; no line of a table is longer

LONGEST_CELL = 200  # characters; nobody writes a longer number, and the patterns below are slow on long cells

LONGEST_IN_VAIN = 300  # rows below a heading of which none is a row; then it heads no history

_PIPES = str.maketrans("｜│┃║", "||||")
_RULER = re.compile(r"[\s|:\-+=─━═┼╋╪╬├┤┌┐└┘┏┓┗┛┡┩╇┳┻┴┬╞╡╠╣╔╗╚╝]+")
_NUMBER = re.compile(
    r"[^\w.+\-−]*(?P<number>[-+−]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:nan|inf))\s*(?P<percent>[%％])?[^\w%％]*",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"[^\w]*(?:epoch|ep|e|step|iter|第)?\s*(?P<number>\d{1,15}(?:\.\d{1,6})?)\s*(?:/\s*\d+)?\s*(?:轮|步|个?周期)?[^\w]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and the rows below it, each with its line number."""

    line: int
    headings: list[str]
    rows: list[tuple[int, list[str]]]
    last: int
    """The last line that belongs to it."""
    cut_off: bool = False
    """A last row was left out because its end had not been written."""


@dataclass(frozen=True, slots=True)
class _Text:
    lines: Sequence[str]
    unfinished: bool


def tables(
    lines: Sequence[str],
    *,
    is_heading: Callable[[list[str]], bool],
    is_row: Callable[[list[str], list[str]], bool],
    unfinished: bool = False,
) -> list[Table]:
    """Every table whose heading is one.

    is_heading: judges the cells of a first line. is_row: (headings, cells) -> whether it is one of the table's rows.
    unfinished: the last line has no end yet.
    """
    found, at = [], 0
    while at < len(lines):
        table = None
        if len(lines[at]) <= LONGEST and _has_letters(lines[at]):
            for split in _SPLITTERS:
                cells = split(lines[at], None)
                if cells is not None and is_heading(cells):
                    rows = partial(is_row, cells)
                    table = _below(_Text(lines, unfinished), at, cells, split, rows)
                    if any(rows(row) for _, row in table.rows):
                        break
                    table = None
        if table is None:
            at += 1
            continue
        found.append(table)
        at = table.last
    return found


def number(cell: str) -> tuple[float, bool] | None:
    """(the number in a cell, whether it has a per-cent sign), or None for words and empty cells.

    >>> number("**46.43%**"), number("✅ 0.5"), number("❌ **暴跌11%**"), number("-"), number("")
    ((46.43, True), (0.5, False), None, None, None)
    """
    text = unicodedata.normalize("NFKC", cell.strip()) if len(cell) <= LONGEST_CELL else ""  # full-width digits, ％
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    return float(match["number"].replace("−", "-")), match["percent"] is not None


def count(cell: str) -> float | None:
    """The epoch or step in a cell.

    >>> count("**11**"), count("第 8 轮"), count("12/50"), count("平均"), count("3-5")
    (11.0, 8.0, 12.0, None, None)
    """
    match = _CLOCK.fullmatch(cell.strip()) if len(cell) <= LONGEST_CELL else None
    return None if match is None else float(match["number"])


def _below(text: _Text, at: int, headings: list[str], split: Splitter, is_row: Callable[[list[str]], bool]) -> Table:
    """The rows below a heading, to the first line that is none."""
    rows: list[tuple[int, list[str]]] = []
    last, lines, cut_off, seen = at + 1, text.lines, False, False
    piped = _piped(lines[at]).rstrip().endswith("|")
    for index in range(at + 1, len(lines)):
        line = lines[index]
        if line.strip() and _RULER.fullmatch(line) and "-" in (line if line.isascii() else line.translate(_DASHES)):
            last = index + 1
            continue
        if not line.strip() and _goes_on(lines, index, split, is_row, len(headings)):
            continue  # a gap that somebody left between two rows
        cells = split(line, len(headings)) if len(line) <= LONGEST else None
        if cells is None:
            break
        whole = piped and _piped(line).rstrip().endswith("|")
        typed = split in _LOOSE and "\t" not in line  # people do not type tabs
        if text.unfinished and index == len(lines) - 1 and not whole and not typed:
            cut_off = True  # the rest of this row may not have been written yet
            break
        if split in _LOOSE and not is_row(cells):
            break  # nothing but its numbers tells such a row from a sentence
        seen = seen or is_row(cells)
        if not seen and (cells == headings or len(rows) >= LONGEST_IN_VAIN):
            break
        rows.append((index + 1, cells))
        last = index + 1
    return Table(at + 1, headings, rows, last, cut_off)


def _goes_on(lines: Sequence[str], at: int, split: Splitter, is_row: Callable[[list[str]], bool], columns: int) -> bool:
    """Whether the line after a single blank one is a full row of the same table."""
    following = lines[at + 1] if at + 1 < len(lines) else ""
    cells = split(following, columns) if following.strip() and len(following) <= LONGEST else None
    return cells is not None and len(cells) == columns and is_row(cells)


_DASHES = str.maketrans(dict.fromkeys("=─━═", "-"))


def _has_letters(line: str) -> bool:
    return any(character.isalpha() for character in line[:1000])


def _piped(line: str) -> str:
    """The line with plain pipes; most lines are ASCII and have no others."""
    return line if line.isascii() else line.translate(_PIPES)


def _by_pipe(line: str, _columns: int | None) -> list[str] | None:
    text = _piped(line).strip()
    if "|" not in text:
        return None
    return [cell.strip() for cell in text.removeprefix("|").removesuffix("|").split("|")]


def _by(delimiter: str) -> Splitter:
    def split(line: str, columns: int | None) -> list[str] | None:
        if delimiter not in line and columns != 1:
            return None
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            return None
        return [cell.strip() for cell in cells] or None

    return split


def _by_spaces(line: str, _columns: int | None) -> list[str] | None:
    if "|" in _piped(line):  # half a row of a Markdown table is no row of another kind
        return None
    cells = re.split(r"\s{2,}|\t", line.strip())
    return cells if len(cells) > 1 else None


def _by_space(line: str, columns: int | None) -> list[str] | None:
    """One space apart; what is left over belongs to the last column, which is then text."""
    if "|" in _piped(line):
        return None
    cells = line.split() if columns is None else line.split(None, columns - 1)
    return cells if len(cells) > 1 else None


_SPLITTERS: tuple[Splitter, ...] = (_by_pipe, _by("\t"), _by(","), _by(";"), _by_spaces, _by_space)
_LOOSE = (_by_spaces, _by_space)  # tables that people type; a program ends its lines
