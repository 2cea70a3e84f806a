"""Every run below a folder, also one that a program of nobody's own writes as a table or as JSON lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib import reading
from defib.watching.changes import OURS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEEP = 4
"""Folders below in which runs are looked for; assumed."""
TABLES = ("*.jsonl", "*.csv", "*.tsv", "*.log")
"""What may be the log of a run that no known program wrote; whether it is one shows when it is read."""


def runs(folder: Path, deep: int = DEEP) -> tuple[Path, ...]:
    """The runs below a folder, sorted; the folder itself where it is one."""
    return tuple(_runs(folder, deep))


def _runs(folder: Path, deep: int) -> Iterator[Path]:
    found = reading.runs_below(folder)
    if found:
        yield from found
        return
    try:
        inside = sorted(one for one in folder.iterdir() if one.is_dir() and one.name != OURS)
        a_run = reading.is_run(folder) or any(next(folder.glob(pattern), None) for pattern in TABLES)
    except OSError:
        return
    if a_run:
        yield folder
    elif deep:
        for one in inside:
            yield from _runs(one, deep - 1)
