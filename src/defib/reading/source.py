"""One text that may hold a log: a file, or what came in on standard input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = 65536


@dataclass(frozen=True, slots=True)
class Source:
    """A named text, read once. Bytes that are not UTF-8 are replaced, never refused."""

    name: str
    """As the user would name it."""
    text: str
    path: Path | None = None

    @property
    def sample(self) -> str:
        """The beginning, by which formats are recognised."""
        return self.text[:SAMPLE]


def source_of(path: Path, name: str | None = None) -> Source:
    """Read a file.

    Raises OSError when the system refuses.
    """
    return Source(name or path.name, path.read_bytes().decode("utf-8", errors="replace"), path)
