"""The settings that a run had before it was restarted with others: what each process, or each checkpoint, left of its config."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from defib import configs, settings
from defib.errors import ConfigRefused
from defib.records import Earlier, Point

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run

MOST = 16
"""Configs that are parsed, the newest: a run that is restarted every night for a year has hundreds."""
DUMPS = ("config.py", "vis_data/config.py")
"""Of mmengine, beside what a process logs or below it."""
RECIPE = "recipe.json"
"""Of our trainer, in each checkpoint."""


def with_earlier(run: Run, path: Path | None) -> Run:
    """The run with the settings of its earlier parts; as it is where it was never restarted, or left none."""
    if path is None or not path.is_dir() or not any(one.resumed for one in run.segments):
        return run
    found = list(_dumped(run, path)) or list(_in_checkpoints(run, path))
    last = sorted(found, key=lambda one: one[0].epoch or 0.0)[-MOST:]
    read = [_read(path, file, at) for at, file in last]
    return msgspec.structs.replace(run, earlier=tuple(one for one in read if one is not None))


def _dumped(run: Run, path: Path) -> Iterator[tuple[Point, str]]:
    """Each process of mmengine dumps its config beside its log."""
    for segment in run.segments:
        home = Path(segment.file).parent
        file = next((home / name for name in DUMPS if (path / home / name).is_file()), None)
        if file is not None and home != Path():
            yield segment.start, file.as_posix()


def _in_checkpoints(run: Run, path: Path) -> Iterator[tuple[Point, str]]:
    for one in run.checkpoints:
        file = Path(one.path).parent / RECIPE
        if one.epoch is not None and file.parent != Path() and (path / file).is_file():
            yield Point(step=one.step, epoch=one.epoch), file.as_posix()


def _read(path: Path, file: str, at: Point) -> Earlier | None:
    try:
        held = settings.read(configs.parse((path / file).resolve()))
    except ConfigRefused:  # the log and the run's own config stand without it
        return None
    return Earlier(file=file, at=at, settings={key: one.value for key, one in held.items()})
