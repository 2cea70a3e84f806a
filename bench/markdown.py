"""Headings, tables and shares as they stand in the pages."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from bench.intervals import exact
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from defib.words import Language

MADE = Words(
    en="Made by `python -m bench.judgement --logs DIR --docs docs`; nothing is fitted by it, and nothing here was edited by "
    "hand. [How to read these tables](README.md).",
    zh="由 `python -m bench.judgement --logs DIR --docs docs` 生成；该命令不拟合任何参数，内容未经手工修改。[如何阅读这些表格](README.md)。",
)


def begun(title: Words, language: Language) -> Iterator[str]:
    """The beginning of a page: its title, and what made it."""
    yield from (f"# {title.said(language)}", "", MADE.said(language), "")


def row(cells: Iterable[object]) -> str:
    """One row of a table.

    >>> row(["a", 1])
    '| a | 1 |'
    """
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def headed(words: Words, language: Language, **values: object) -> list[str]:
    """A heading and the line below it."""
    heading = words.fill(**values).said(language) if values else words.said(language)
    return [heading, "|" + "---|" * (heading.count("|") - 1)]


def interval(hits: int, of: int) -> str:
    """A count with its exact 95 % interval; a dash where there was nothing to count.

    >>> interval(8, 10), interval(0, 0)
    ('8/10 [44% - 97%]', '-')
    """
    if not of:
        return "-"
    low, high = exact(hits, of)
    return f"{hits}/{of} [{low:.0%} - {high:.0%}]"


def signed(delay: int) -> str:
    """A delay with its sign.

    >>> [signed(delay) for delay in (-2, 0, 3)]
    ['-2', '0', '+3']
    """
    return f"{delay:+d}" if delay else "0"


def spread(delays: Sequence[int]) -> str:
    """The median of delays and the longest, with how many they are.

    >>> spread([0, 1, 1, 4]), spread([])
    ('1, 4 (4)', '-')
    """
    return f"{median(delays):g}, {max(delays)} ({len(delays)})" if delays else "-"
