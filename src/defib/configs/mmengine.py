"""mmengine's plain Python configs: parsed, merged with their bases, and never run."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from defib.configs.bounds import decoded, read
from defib.configs.cells import plain
from defib.configs.links import links
from defib.configs.trace import trace
from defib.records import Config

if TYPE_CHECKING:
    from pathlib import Path

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
        sha256=hashlib.sha256(found).hexdigest(),
        dialect=DIALECT,
        tree=plain(traced.root),
        links=links(traced),
        bases=tuple(traced.bases),
        notes=tuple(traced.notes),
    )
