"""What a log format is: it recognises a source by its content, and takes rows out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.reading.rows import Pieces
    from defib.reading.source import Source
    from defib.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way of writing a log."""

    name: str
    framework: str
    says: Words
    recognises: Callable[[Source], bool]
    """By content, from the beginning of the text."""
    read: Callable[[Source], Pieces]
    """All rows, events and facts; a half-written last line is left for next time. Never raises on bad content."""
