"""Waits until something is written below some folders: the system tells, and the clock where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchfiles import DefaultFilter, watch

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from threading import Event

OURS = ".defib"
"""What we write ourselves is no news."""
TOGETHER = 200
"""Milliseconds: changes that come together are one; a line is often written in pieces. Assumed."""
STAMP = tuple[tuple[str, int, int, int], ...]


class _Foreign(DefaultFilter):
    """All that others write; checkpoints and event files among it, which the default leaves out nothing of."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, OURS)


def wait(folders: Collection[Path], seconds: float, stop: Event) -> bool:
    """Return when something below the folders has changed, when the time is over, or when it is asked to stop.

    A network file system tells nothing of what other machines write there: there it is the time that counts. Returns
    whether a change was seen.
    """
    there = [folder for folder in folders if folder.is_dir()]
    if not there or seconds <= 0:
        stop.wait(max(seconds, 0.0))
        return False
    try:
        looking = watch(
            *there,
            watch_filter=_Foreign(),
            stop_event=stop,
            rust_timeout=max(int(seconds * 1000), 1),
            yield_on_timeout=True,
            debounce=TOGETHER,
            step=50,
            ignore_permission_denied=True,
        )
        return bool(next(looking, None))
    except OSError:  # no watches left (fs.inotify.max_user_watches), or a folder that has just gone
        stop.wait(seconds)
        return False


def stamp(path: Path, deep: int = 4) -> STAMP:
    """Name, size, time and number of every file of a run: another stamp, another look.

    deep: how many folders below are looked into.
    """
    if path.is_file():
        return tuple(_of(path))
    found: list[tuple[str, int, int, int]] = []
    try:
        inside = sorted(path.iterdir())
    except OSError:
        return ()
    for one in inside:
        if one.name == OURS:
            continue
        if one.is_dir():
            found += stamp(one, deep - 1) if deep else ()
        else:
            found += _of(one)
    return tuple(found)


def _of(path: Path) -> list[tuple[str, int, int, int]]:
    try:
        seen = path.stat()
    except OSError:
        return []
    return [(str(path), seen.st_size, seen.st_mtime_ns, seen.st_ino)]
