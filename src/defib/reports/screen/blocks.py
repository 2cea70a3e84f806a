"""Headings, sentences and lists on the terminal. Everything is `Text`, which knows no markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from defib.reports.inert import clean
from defib.reports.screen.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from defib.words import Language, Words

HEADING = "bold"
QUIET = "dim"


def line(text: Words | str, language: Language, style: str = "") -> Prose:
    """A sentence."""
    return Prose(clean(text if isinstance(text, str) else text.said(language)), style=style)


def section(title: Words, language: Language, parts: Iterable[RenderableType]) -> list[RenderableType]:
    """A heading with what stands below it; nothing at all when nothing does."""
    below = list(parts)
    if not below:
        return []
    return [Text(""), line(title, language, HEADING), *map(indented, below)]


def indented(part: RenderableType, by: int = 2) -> RenderableType:
    """A part, a little to the right; an empty line stays one, which inside a padding it would not."""
    empty = isinstance(part, Text) and not part.plain
    return part if empty else Padding(part, (0, 0, 0, by), expand=False)


def item(mark: str, text: Words | Text, language: Language, style: str = "") -> Table:
    """One entry of a list: the text stays clear of its mark."""
    grid = Table.grid(padding=(0, 1), expand=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(mark, style=style), text if isinstance(text, Text) else line(text, language))
    return grid


def pairs(rows: Iterable[tuple[Words, Words | str | Text]], language: Language) -> list[RenderableType]:
    """Names and values in two columns."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style=QUIET, max_width=36, overflow="fold")
    grid.add_column(overflow="fold")
    for name, value in rows:
        grid.add_row(line(name, language), value if isinstance(value, Text) else line(value, language))
    return [grid] if grid.rows else []


def table(heads: Iterable[Text]) -> Table:
    """An empty table with these headings and no frame around it."""
    made = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style=HEADING)
    for head in heads:
        made.add_column(head, overflow="fold")
    return made


class Shell:
    """Shell lines, folded to the width of the screen so that they can still be copied."""

    def __init__(self, lines: Callable[[int], list[str]]) -> None:
        self.lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines, with nothing before or behind them."""
        for one in self.lines(options.max_width):
            yield Text(clean(one), style="cyan", overflow="fold")
