"""mmengine's plain Python configs: parsed, merged with their bases, and never run."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from defib.configs.bounds import decoded, read
from defib.configs.cells import plain
from defib.configs.links import links
from defib.configs.trace import trace
from defib.records import Config

if TYPE_CHECKING:
    from collections.abc import Iterable

DIALECT = "mmengine"


def parse(path: Path, text: str | None = None) -> Config:
    """The settings of a config file, or of a text that stands in for it. Nothing in it is executed.

    What would have to be run to be known becomes {"$expression": source, "line": n}; statements that are left out
    and base files that are not there are named in the notes.

    Raises ConfigSyntax when it is not Python, ConfigTooLarge when it exceeds what a config can be, OSError when the
    file cannot be read.
    """
    found = read(path) if text is None else text.encode("utf-8", "surrogatepass")
    traced = trace(path, decoded(path, found) if text is None else text)
    return Config(
        path=str(path),
        sha256=digest(found, traced.bases),
        dialect=DIALECT,
        tree=plain(traced.root),
        links=links(traced),
        bases=tuple(traced.bases),
        notes=tuple(traced.notes),
    )


def digest(content: bytes, bases: Iterable[str]) -> str:
    """A hash of the file and of every base it inherits from: a plan is stale when any of them has changed."""
    made = hashlib.sha256(content)
    for base in bases:
        try:
            made.update(b"\0" + read(Path(base)))
        except OSError:
            made.update(b"\0gone")  # it went away since it was read
    return made.hexdigest()
