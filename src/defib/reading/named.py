"""The checkpoints of a work directory: those on disk, and those that a listing or the log speaks of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defib.reading.console import detail
from defib.records import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from defib.records import Event

SUFFIXES = (".pth", ".pt", ".ckpt", ".safetensors")
LISTING = "files.txt"
MOST = 500
EPOCH = re.compile(r"(?:^|[_\-=])(?:epoch|ep|checkpoint|ckpt)[_\-=]?(\d+)", re.IGNORECASE)
STEP = re.compile(r"(?:^|[_\-=])(?:iter|step)[_\-=]?(\d+)", re.IGNORECASE)
BEST = re.compile(r"^best_(?P<metric>.+)_(?:epoch|iter)_\d+")


def checkpoints(folder: Path, events: Iterable[Event]) -> tuple[Checkpoint, ...]:
    """All checkpoints that are there or were named, in the order of their names.

    On disk: state `unseen`, to be looked into. Named by `files.txt` (a directory listing: size and name) or announced
    by the log as the best and not removed since: `listed`.
    """
    metrics = _metrics(events)
    found: dict[str, Checkpoint] = {}
    for name in _announced(events):
        found[name] = _named(name, metrics, state="listed")
    for name, size in _listed(folder):
        found[name] = _named(name, metrics, state="listed", size=size)
    for path in _on_disk(folder):
        relative = path.relative_to(folder).as_posix()
        found[relative] = _named(relative, metrics, state="unseen", size=path.stat().st_size)
    return tuple(found[name] for name in sorted(found))


def _on_disk(folder: Path) -> list[Path]:
    """Checkpoint files at the top of the folder and one level below; links that lead nowhere are left out."""
    found = [path for pattern in ("*", "*/*") for path in folder.glob(pattern)]
    return sorted(path for path in found if path.suffix in SUFFIXES and path.is_file())[:MOST]


def _listed(folder: Path) -> list[tuple[str, int]]:
    path = folder / LISTING
    if not path.is_file() or path.stat().st_size > 1 << 20:
        return []
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        match = re.match(r"^\s*(\d+)\s+(\S.*?)\s*$", line)
        if match is not None and match[2].endswith(SUFFIXES):
            found.append((match[2].removeprefix("./"), int(match[1])))
    return found


def _announced(events: Iterable[Event]) -> list[str]:
    """The best checkpoints that the log announced and did not say to have removed."""
    kept: dict[str, None] = {}
    for event in events:
        name = detail(event).get("path", "").rpartition("/")[2]
        if event.kind == "best" and name:
            kept[name] = None
        elif event.kind == "removed":
            kept.pop(name, None)
    return list(kept)


def _metrics(events: Iterable[Event]) -> dict[str, str]:
    """Raw metric names by what they become in a file name: `acc/rgb_top1` is written `acc_rgb_top1`."""
    names = {detail(event).get("metric", "") for event in events if event.kind == "best"}
    return {re.sub(r"[/\\:]", "_", name): name for name in names if name}


def _named(name: str, metrics: dict[str, str], *, state: str, size: int | None = None) -> Checkpoint:
    stem = name.rpartition("/")[2]
    epoch, step, best = EPOCH.search(stem), STEP.search(stem), BEST.match(stem)
    kept = None if best is None else metrics.get(best["metric"], best["metric"])
    return Checkpoint(
        path=name,
        epoch=float(epoch[1]) if epoch else None,
        step=int(step[1]) if step else None,
        best_of=kept,
        size=size,
        state="listed" if state == "listed" else "unseen",
    )
