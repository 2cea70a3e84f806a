"""What lies in a work directory: a bounded look that never leaves it."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

from defib.reading.checkpoint_names import WEIGHTS, file_name, gathered, is_checkpoint
from defib.reading.source import Source

DEEPEST = 3  # folders below the one that was named; mmengine needs <timestamp>/vis_data
MOST_ENTRIES = 20_000
MOST_SOURCES = 500  # files whose beginning is looked at

# Whatever these hold, it is no log; looking into thousands of images would only take time.
_NO_LOGS = frozenset(
    [
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".webp",
        ".mp4",
        ".avi",
        ".mkv",
        ".npy",
        ".npz",
        ".pkl",
        ".pickle",
        ".zip",
        ".gz",
        ".tar",
        ".bin",
        ".onnx",
        ".so",
        ".pyc",
        ".py",
        ".ipynb",
        ".skeleton",
    ]
)
_HIDDEN = (".", "__pycache__")
_LISTED = re.compile(
    r"\s*(?:[-dlbcps][rwxsStT-]{9}\S*\s+\d+\s+\S+\s+\S+\s+)?(\d{1,18})\s+(?:\w{3}\s+\d+\s+[\d:]+\s+)?(\S.*)"
)


@dataclass(slots=True)
class Folder:
    """The files of a work directory, named relative to it."""

    path: Path
    names: list[str] = field(default_factory=list)
    checkpoints: dict[str, int] = field(default_factory=dict)
    """Name -> bytes; of a folder that is one checkpoint, those of its weights."""
    texts: list[str] = field(default_factory=list)
    """Files that may be logs."""
    closed: int = 0
    """Folders that may not be looked into."""

    def sources(self) -> list[Source]:
        """The files that may be logs and can be opened, the nearest first; some are binary."""
        found = []
        for name in self.texts[:MOST_SOURCES]:
            source = Source(name, path=self.path / name)
            try:
                if source.head:
                    found.append(source)
            except OSError:
                continue
        return found


def look(path: Path) -> Folder:
    """Look through a folder, the nearest files first. Links to folders, and out of the folder, are not followed."""
    folder = Folder(path)
    inside = Path(os.path.realpath(path))
    waiting, entries = [("", 0)], 0
    while waiting and entries < MOST_ENTRIES:
        prefix, depth = waiting.pop(0)
        try:
            found = sorted(os.scandir(path / prefix), key=lambda entry: entry.name)
        except (OSError, ValueError):  # ValueError: a zero byte in the name
            folder.closed += 1
            continue
        for entry in found[: MOST_ENTRIES - entries]:
            entries += 1
            name = f"{prefix}{entry.name}"
            try:
                if entry.is_dir(follow_symlinks=False):
                    if depth < DEEPEST and not entry.name.startswith(_HIDDEN):
                        waiting.append((f"{name}/", depth + 1))
                    continue
                details = entry.stat()
                outside = entry.is_symlink() and not Path(os.path.realpath(entry.path)).is_relative_to(inside)
            except OSError:
                continue  # a link to nothing, or a file that went away meanwhile
            if not stat.S_ISREG(details.st_mode):
                continue  # reading a pipe would wait for ever
            folder.names.append(name)
            if is_checkpoint(entry.name) or WEIGHTS.fullmatch(entry.name):
                folder.checkpoints[name] = details.st_size
            elif not outside and Path(entry.name).suffix.lower() not in _NO_LOGS:
                folder.texts.append(name)
    folder.checkpoints = gathered(folder.checkpoints)
    return folder


def listing(source: Source) -> dict[str, int]:
    r"""Checkpoints in a listing, `size name` a line or as `ls -l` prints it; empty when the text is no listing.

    >>> listing(Source("files.txt", text="4096 .\n144673819 epoch_9.pth\n"))
    {'epoch_9.pth': 144673819}
    >>> listing(Source("notes.txt", text="I kept epoch_9.pth\n"))
    {}
    """
    found: dict[str, int] = {}
    if source.binary:
        return found
    for line in source.head.decode("utf-8", "replace").splitlines():
        match = _LISTED.fullmatch(line.rstrip())
        if match is None:
            if line.strip() and not re.fullmatch(r"total \d+", line.strip()):
                return {}
            continue
        if is_checkpoint(match[2]) or WEIGHTS.fullmatch(file_name(match[2])):
            found[match[2].removeprefix("./")] = int(match[1])
    return gathered(found)
