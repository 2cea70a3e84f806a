"""A path, or the text of standard input, becomes a Run."""

from __future__ import annotations

import stat
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from defib import catalogue, metrics
from defib.errors import NoPoints, NoSuchPath, NothingReadable
from defib.reading import formats, found
from defib.reading.below import of_one_run
from defib.reading.beside import overheard
from defib.reading.checkpoint_names import SUFFIXES, file_name
from defib.reading.folder import listing, look
from defib.reading.format import Format
from defib.reading.formats.case import case, case_in
from defib.reading.keeping import named
from defib.reading.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from defib.reading.folder import Folder
    from defib.records import Case, Checkpoint, Run, Series
    from defib.words import Words

OURS = b"# Written by defib"
_SILENT = frozenset({"time", "data_time", "memory"})
"""Measures that say nothing about how a run is doing: with nothing else there is nothing to judge."""


@cache
def all_formats() -> dict[str, Format]:
    """Every log format, by name."""
    return catalogue.entries(formats, Format)


def read(path: Path | None, *, text: str | None = None, name: str = "-", observed_at: float | None = None) -> Run:
    """Read what a run left behind.

    path: a work directory, one log, a document with a table, or a saved Case; None with `text` for standard input,
    which is then called `name`. observed_at: now, in Unix seconds; a saved Case keeps the moment it was made.

    Raises NoSuchPath when there is nothing at the path, NothingReadable when no format recognises it, NoPoints when
    one does but there is not one number, NotACase for a saved Case that does not fit.
    """
    called = name if path is None else str(path)
    folder: Folder | None = None
    if path is None:
        sources = [Source(name, text=text or "")]
    elif _kind(path) == "folder":
        folder = look(path)
        sources = folder.sources()
    else:
        sources = [Source(path.name, path=path)]
    chosen, mine = _recognised(sources, called, folder)
    if path is not None and folder is not None:
        mine = of_one_run(path, chosen, mine)
    run = taken(chosen, mine, called)
    if not any(len(series) and _measure(series) not in _SILENT for series in run.series):
        lines = sum(source.data.count(b"\n") + source.unfinished for source in mine)
        says = found.not_understood(chosen.says, run.not_understood)
        raise NoPoints(path=called, format=says, lines=lines)
    if chosen is case:
        return run
    run = overheard(run, mine, sources)
    return msgspec.structs.replace(
        run,
        path=called,
        observed_at=observed_at,
        written_at=_last_written(mine, folder),
        deciding=metrics.deciding([series.key for series in run.series]),
        checkpoints=run.checkpoints if folder is None else _checkpoints(folder, sources, run),
    )


def read_case(path: Path) -> Case | None:
    """The saved Case at a path, or None when what stands there is something else.

    Raises NotACase when it looks like one but does not fit.
    """
    source = Source(path.name, path=path)
    try:
        return case_in(source) if path.is_file() and case.recognises(source) else None
    except OSError:
        return None


def find_config(run_dir: Path) -> Path | None:
    """The config in a work directory: the copy that mmengine puts at its root, else the newest `vis_data/config.py`."""
    folder = look(run_dir)
    scripts = [name for name in folder.names if name.endswith(".py") and not _ours(run_dir / name)]
    at_root = [name for name in scripts if "/" not in name]
    # Several at the root are several starts with different configs; the one written last belongs to the last start.
    if at_root:
        return run_dir / max(at_root, key=lambda name: (_written(run_dir / name), name))
    dumped = [name for name in scripts if name.endswith("vis_data/config.py")]
    return run_dir / max(dumped) if dumped else None  # the names begin with the timestamp


def _kind(path: Path) -> str:
    """`folder` or `file`. Raises NoSuchPath or NothingReadable."""
    try:
        mode = path.stat().st_mode
    except PermissionError:
        raise NothingReadable(path=path, looked=_looked(), found=found.CLOSED) from None
    except (OSError, ValueError):  # ValueError: a zero byte in the name
        raise NoSuchPath(path=path) from None
    if stat.S_ISDIR(mode):
        return "folder"
    if not stat.S_ISREG(mode):
        raise NothingReadable(path=path, looked=_looked(), found=found.NO_FILE)
    return "file"


def _recognised(sources: Sequence[Source], called: str, folder: Folder | None) -> tuple[Format, list[Source]]:
    """The format of the lowest rank that recognises anything, and what it recognises."""
    try:
        for one in sorted(all_formats().values(), key=lambda one: one.rank):
            mine = [source for source in sources if one.takes(source)]
            if mine:
                return one, mine
        there = found.in_text(sources[0]) if folder is None else found.in_folder(folder)
    except PermissionError:
        there = found.CLOSED
    except OSError as problem:
        there = found.unreadable(problem)
    raise NothingReadable(path=called, looked=_looked(), found=there)


def taken(chosen: Format, mine: Sequence[Source], called: str) -> Run:
    """What the format reads. Raises NothingReadable when a file went away, or broke, since it was recognised."""
    try:
        return chosen.read(mine)
    except OSError as problem:
        raise NothingReadable(path=called, looked=_looked(), found=found.unreadable(problem)) from None


def _looked() -> Words:
    return found.joined([one.says for one in all_formats().values()])


def _checkpoints(folder: Folder, sources: Sequence[Source], run: Run) -> tuple[Checkpoint, ...]:
    """What is on disk; what a listing of the original folder names; only where there is neither, what the log says."""
    raws = [one.raw for one in run.series] + [one.best_of for one in run.checkpoints if one.best_of]
    there = [named(name, raws, size=size, listed=False) for name, size in sorted(folder.checkpoints.items())]
    names = {one.path for one in there}
    for source in sources:
        listed = listing(source)
        there += [named(name, raws, size=size) for name, size in listed.items() if name not in names]
        names.update(listed)
    if there:
        return tuple(there)
    told = list(run.checkpoints)
    for source in sources:
        if file_name(source.name) == "last_checkpoint":
            last = file_name(source.head.decode("utf-8", "replace").strip())
            if last.endswith(SUFFIXES) and last not in {one.path for one in told}:
                told.append(named(last, raws))
    return tuple(told)


def _measure(series: Series) -> str:
    return series.metric.rpartition("/")[2]


def _ours(path: Path) -> bool:
    """Whether defib itself wrote a config beside the run's own."""
    try:
        with path.open("rb") as file:
            return OURS in file.read(1000)
    except OSError:
        return False


def _last_written(mine: Sequence[Source], folder: Folder | None) -> float | None:
    """When the newest of a run's logs and checkpoints was last written; what else lies there may be anybody's."""
    paths = [source.path for source in mine if source.path is not None]
    paths += [] if folder is None else [folder.path / name for name in folder.checkpoints]
    return max((_written(path) for path in paths), default=0.0) or None


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
