"""Which files of an mmengine work directory belong to one process, and the order of the processes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from defib.reading.console import is_console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.reading.source import Source

_TIMESTAMP = re.compile(r"\d{8}_\d{6}")


@dataclass(slots=True)
class Files:
    """What one process wrote. Of JSON files in one folder that repeat each other only the longest is kept."""

    scalars: list[Source] = field(default_factory=list)
    console: list[Source] = field(default_factory=list)


def in_order_of_time(sources: Sequence[Source]) -> list[Files]:
    """Group the files by process, the earliest first. The time is in the names that mmengine gives."""
    found: dict[tuple[str, str], Files] = {}
    for source in sorted(sources, key=lambda source: (PurePath(source.name).name != "scalars.json", source.name)):
        files = found.setdefault(_process(source), Files())
        if is_console(source):
            files.console.append(source)
        else:
            files.scalars = _without_copies(files.scalars, source)
    for files in found.values():
        ours = [source for source in files.scalars if _folder(source).name == "vis_data"]
        # Beside vis_data mmengine writes what a test of the model gave, under the name of the log.
        files.scalars = ours or files.scalars
    return [files for _, files in sorted(found.items(), key=lambda item: item[0])]


def work_dir(source: Source) -> PurePath:
    """The work directory that a file belongs to: above `<timestamp>` and `vis_data`."""
    folder = (source.path or PurePath(source.name)).parent
    if folder.name == "vis_data":
        folder = folder.parent
    return folder.parent if _TIMESTAMP.fullmatch(folder.name) else folder


def _folder(source: Source) -> PurePath:
    return (source.path or PurePath(source.name)).parent


def _process(source: Source) -> tuple[str, str]:
    """(timestamp, folder); without a timestamp in any name the folder alone, which then comes first."""
    path = source.path or PurePath(source.name)
    folder = path.parent.parent if path.parent.name == "vis_data" else path.parent
    for name in (folder.name, path.stem):
        stamp = _TIMESTAMP.search(name)
        if stamp is not None:
            return stamp.group(), ""
    return "", str(folder)


def _without_copies(known: list[Source], source: Source) -> list[Source]:
    """Add a file, unless it and one that is known repeat each other; a copy may lag behind."""
    for index, other in enumerate(known):
        if other.data.startswith(source.data):
            return known
        if len(source.data) > len(other.data) and source.data.startswith(other.data):
            return [*known[:index], source, *known[index + 1 :]]
    return [*known, source]
