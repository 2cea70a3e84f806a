"""Which run a log belongs to, and the runs in a folder that is none itself."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from defib import catalogue
from defib.errors import NothingReadable
from defib.reading import formats, found
from defib.reading.folder import look
from defib.reading.format import Format

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path, PurePath

    from defib.reading.source import Source

GENERIC = 80
"""Rank from which a format is no program's own: a table, JSON lines or a saved answer make a folder no work directory."""

COPIED = frozenset({"huggingface"})
"""Formats that leave copies of one log in many folders of one run (checkpoint-500/trainer_state.json)."""


@cache
def logs() -> tuple[Format, ...]:
    """The formats that make a folder a work directory."""
    own = [form for form in catalogue.entries(formats, Format).values() if form.rank < GENERIC or form.binary]
    return tuple(form for form in own if form.name not in COPIED)


def runs_below(folder: Path) -> list[Path]:
    """The work directories right below a folder that is none itself; empty when it is one, or a part of one."""
    try:
        if not folder.is_dir() or any(folder not in home.parents for home in _homes(folder)):
            return []
        inside = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []  # `read` says why
    return [path for path in inside if path in _homes(path)]


def is_run(folder: Path) -> bool:
    """Whether a folder is a work directory."""
    try:
        return folder.is_dir() and folder in _homes(folder)
    except OSError:
        return False


def of_one_run(folder: Path, form: Format, sources: Sequence[Source]) -> list[Source]:
    """The logs of the run that a folder is, without those of runs inside it.

    Raises NothingReadable when the folder is no run itself and holds several.
    """
    homes = {form.home(source) for source in sources}
    if form not in logs() or len(homes) == 1:
        return list(sources)
    if folder not in homes:
        names = sorted(str(home.relative_to(folder)) if folder in home.parents else str(home) for home in homes)
        raise NothingReadable(path=folder, looked=found.ONE_RUN, found=found.several(names))
    return [source for source in sources if form.home(source) == folder]


def _homes(folder: Path) -> set[PurePath]:
    """The work directories of the logs in and below a folder."""
    homes: set[PurePath] = set()
    for source in look(folder).sources():
        try:
            form = next((form for form in logs() if form.takes(source)), None)
            if form is not None:
                homes.add(form.home(source))
        except OSError:
            continue  # it went away meanwhile
    return homes
