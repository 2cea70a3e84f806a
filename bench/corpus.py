"""What is scored: labelled logs of other people's runs, and runs drawn from families."""

from __future__ import annotations

import csv
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from bench.families import FAMILIES, drawn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEEDS = 20


class Case(NamedTuple):
    """One log, and what it shows."""

    log: str
    path: Path
    label: str
    unit: str = ""
    onset: str = ""
    """In the file's own counting; empty where none is stated."""
    family: str = ""
    """Empty for a log of somebody's run."""
    written: str = ""
    """The format of a generated log."""
    found: str = ""
    """The end of the path at which the program wrote it: some doctors go by folders."""


def labelled(logs: Path) -> Iterator[Case]:
    """The logs of a folder with an `index.csv` (dir, file, label, onset_unit, onset, ...)."""
    with (logs / "index.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            path = logs / row["dir"] / row["file"]
            unit, onset = row.get("onset_unit") or "", row.get("onset") or ""
            found = PurePosixPath(row.get("path") or row["file"]).parts[-2:]
            yield Case(row["dir"], path, row["label"], unit, onset, found="/".join(found))


def generated(folder: Path, seeds: int = SEEDS) -> Iterator[Case]:
    """The runs of every family, written below `folder`."""
    for family in FAMILIES:
        for seed in range(seeds):
            one = drawn(family, seed, folder)
            found = one.path.relative_to(folder / one.name).as_posix()
            yield Case(one.name, one.path, one.label, one.unit, one.onset, family.name, one.writer, found)
