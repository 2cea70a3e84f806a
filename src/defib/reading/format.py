"""What a log format is: how it is called, how it is recognised and how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defib.reading.sessions import work_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import PurePath

    from defib.reading.source import Source
    from defib.records import Run
    from defib.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One log format. Each file in `formats/` defines one, under its own name."""

    name: str
    framework: str
    """What a Run that it reads names as its framework."""
    says: Words
    """What it is, as part of the sentence "looked for ..."."""
    rank: int
    """Formats are tried from the lowest rank to the highest, and the first that recognises anything reads: a program's
    own log (below 90) before what people and defib write about it (`table`, 90, and `case`). No two are equal, so the
    order never depends on luck, and the generic `table` takes nothing that a log's own format recognises."""
    recognises: Callable[[Source], bool]
    """Judges by content, never by the file's name."""
    read: Callable[[Sequence[Source]], Run]
    """Reads all files of one run that it recognised; a Run without series when they hold no numbers."""
    binary: bool = False
    """Its logs are no text. Such a log is always a program's own, whatever the rank; other formats never see binaries."""
    home: Callable[[Source], PurePath] = work_dir
    """The folder of the run that a log belongs to."""

    def takes(self, source: Source) -> bool:
        """Whether a file is a log of this format. Raises OSError when it cannot be read."""
        return self.binary == source.binary and self.recognises(source)
