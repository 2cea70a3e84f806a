"""Relative `_base_` entries, pointed anew when a config is written to another folder than the original's."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from defib.records import Site
from defib.rewriting.literals import literal
from defib.rewriting.refusals import CROWDED, refused

if TYPE_CHECKING:
    from defib.configs.lazy import BaseImport
    from defib.configs.trace import Trace
    from defib.rewriting.splices import Splices

LABEL = "defib: the base is the same file, seen from this folder"


_MODULE = re.compile(r"from[ \t]+(\.[.\w]*)[ \t]+import\b")


def repoint(traced: Trace, folder: Path, splices: Splices) -> None:
    """Write every relative base as it is seen from the new folder.

    Raises SiteNotEditable when a base is not written as a plain text.
    """
    old = Path(os.path.abspath(traced.source.path.parent))  # noqa: PTH100 (links are followed by nobody here)
    new = Path(os.path.abspath(folder))  # noqa: PTH100
    if old == new:
        return
    for one in traced.base_imports:
        if one.statement.level:
            _reimport(traced, one, (old, new), splices)
    for entry in traced.base_entries:
        text = str(entry.value)
        if "::" in text or Path(text).is_absolute():
            continue
        moved = os.path.relpath(old / text, new).replace(os.sep, "/")
        if entry.span is None or not entry.literal:
            raise refused(traced.source.path, 1, Site(path="_base_", new=moved), CROWDED)
        quote = '"' if traced.source.written(entry.span).startswith('"') else "'"
        start, end = (entry.span.line, entry.span.column), (entry.span.end_line, entry.span.end_column)
        splices.put(start, end, literal(moved, quote), LABEL)


def _reimport(traced: Trace, one: BaseImport, folders: tuple[Path, Path], splices: Splices) -> None:
    """`from .._base_.run import *`, as it is from another folder. folders: the old and the new one."""
    base = folders[0].joinpath(*[".."] * (one.statement.level - 1), *(one.statement.module or "").split("."))
    steps = Path(os.path.relpath(base, folders[1])).parts
    rest = [step for step in steps if step not in ("..", ".")]
    moved = "." * (len(steps) - len(rest) + 1) + ".".join(rest)
    span = traced.source.span(one.statement)
    found = _MODULE.match(traced.source.written(span))
    if found is None or not rest or not all(step.isidentifier() for step in rest):
        raise refused(traced.source.path, span.line, Site(path="read_base", new=moved), CROWDED)
    start, end = span.column + found.start(1), span.column + found.end(1)
    splices.put((span.line, start), (span.line, end), moved, LABEL)
