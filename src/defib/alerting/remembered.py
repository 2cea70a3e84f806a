"""What was told of a run, kept beside it in `.defib/`, so that `watch --once` from cron says nothing twice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from defib.alerting.news import Told
from defib.errors import CannotWrite
from defib.records import from_json, to_json
from defib.words import same

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ".defib"


def place(run: Path) -> Path:
    """The file for a run: its folder's, or for a log by itself one with the log's name."""
    home, name = (run, "alerts") if run.is_dir() else (run.parent, f"{run.name}.alerts")
    return home / FOLDER / f"{name}.json"


def load(run: Path) -> Told:
    """What people know; nothing where there is no file, or where it is none of ours: then one message may come twice, and none is lost."""
    try:
        found: Told = from_json(place(run).read_bytes(), Told)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Told()
    return found


def save(run: Path, told: Told) -> None:
    """Keep it, whole or not at all.

    Raises CannotWrite.
    """
    path = place(run)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.{os.getpid()}.new")
        new.write_bytes(to_json(told) + b"\n")
        new.replace(path)
    except OSError as error:
        raise CannotWrite(path=path, reason=same(error.strerror or str(error))) from None
