"""A checkpoint file becomes a Checkpoint record."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from defib.reading.checkpoint import problems
from defib.reading.checkpoint.archive import opened
from defib.reading.checkpoint.contents import contents
from defib.reading.checkpoint.in_folder import State, inspect_folder, progress
from defib.reading.checkpoint.problems import Broken
from defib.reading.checkpoint.recognition import recognise
from defib.reading.checkpoint.safetensors import check_safetensors
from defib.records import Checkpoint

if TYPE_CHECKING:
    from pathlib import Path


def inspect(path: Path, *, thorough: bool = False) -> Checkpoint:
    """Say whether a checkpoint, a file or the folder of a Hugging Face Trainer, can be loaded, which epoch and step it is from, and whether it holds more than weights.

    Nothing in the file is executed, and nothing is raised for a bad one: the record's state is `broken` and its problem
    says what is wrong. The index is always checked against the file; `thorough` also reads every byte and compares the
    checksums, which torch itself does not do when it loads.
    """
    if path.is_dir():
        return inspect_folder(path, partial(_file, alone=False), thorough=thorough)
    return _file(path, thorough=thorough)


def _file(path: Path, *, thorough: bool, alone: bool = True) -> Checkpoint:
    """alone: it is asked for by itself, and not as one of the files of a folder, which says itself how far it had come."""
    try:
        size = path.stat().st_size
    except (OSError, ValueError):  # ValueError: a name with a zero byte
        return Checkpoint(path=str(path), state="broken", problem=problems.NOT_A_FILE)
    try:
        return _ready(path, size, thorough=thorough, alone=alone)
    except Broken as broken:
        problem = broken.problem
    except OSError as error:
        problem = problems.unreadable(error)
    return Checkpoint(path=str(path), size=size, state="broken", problem=problem)


def _ready(path: Path, size: int, *, thorough: bool, alone: bool) -> Checkpoint:
    if recognise(path) == "safetensors":
        check_safetensors(path)
        # The format has no place for it: transformers' trainer and ours write it into a file beside the weights.
        state = progress(path.parent) if alone else State()
        return Checkpoint(
            path=str(path), epoch=state.epoch, step=state.global_step, size=size, state="ready", full=False
        )
    with opened(path) as archive:
        found = contents(archive.pickle())
        if thorough:
            for name in archive.names:
                deque(archive.chunks(name), maxlen=0)  # reading to the end compares the checksum
    epoch = None if found.epoch is None else float(found.epoch)
    return Checkpoint(
        path=str(path),
        epoch=epoch,
        step=found.step,
        size=size,
        state="ready",
        full=found.full,
        scores=found.scores,
    )
