"""What a chart is made of: its name, the question that it answers, and how it is built in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.words import Language, Words


class Chart(NamedTuple):
    """One chart of a case."""

    name: str
    """For files and links: `scores`, `rate`, `losses`, `gradient`."""
    asks: Words
    """The question that it answers, as a heading."""
    build: Callable[[Language], dict[str, Any]]
    """The Vega-Lite definition, its data included. Every text in it is visible characters only. It may be shared: not to be changed."""
    keys: tuple[str, ...] = ()
    """Of the series that are drawn."""
    left_out: tuple[str, ...] = ()
    """Keys of series that would belong here and are not drawn, because nobody could tell so many lines apart."""
