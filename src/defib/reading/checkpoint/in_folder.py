"""A checkpoint that is a folder, as the Hugging Face Trainer writes it: `checkpoint-500/`.

The weights are `model.safetensors` or `pytorch_model.bin`, or the shards that an index beside them names, or those of an
adapter; `trainer_state.json` says how far the run had come (huggingface/transformers, src/transformers/trainer.py and
utils/__init__.py). The optimizer and the schedule lie beside them in files of their own and are not looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from defib.reading.checkpoint import problems
from defib.reading.checkpoint.problems import Broken
from defib.records import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterable

WEIGHTS = ("model.safetensors", "pytorch_model.bin", "adapter_model.safetensors", "adapter_model.bin")
STATE = "trainer_state.json"
MOST_BYTES = 64 * 2**20  # of an index or a state; assumed, a state of a hundred thousand records has some 20 MiB
MOST_SHARDS = 10_000  # assumed


class _Index(msgspec.Struct):
    weight_map: dict[str, str]


class State(msgspec.Struct):
    """Of `trainer_state.json`: how far the run had come."""

    global_step: int | None = None
    epoch: float | None = None


class Look(Protocol):
    """What looks into one file."""

    def __call__(self, path: Path, *, thorough: bool) -> Checkpoint:
        """The record of a file; a broken one is no error."""


def inspect_folder(folder: Path, look: Look, *, thorough: bool = False) -> Checkpoint:
    """Say whether every file of weights in a checkpoint folder can be loaded, and how far the run had come.

    look: what looks into one file. Nothing is raised for a bad folder: the record's state is `broken`.
    """
    try:
        found = [(name, look(folder / name, thorough=thorough)) for name in _files(folder)]
        for name, one in found:
            if one.problem is not None:
                raise Broken(problems.IN_PART.fill(name=name, problem=one.problem))
        state = progress(folder)
    except Broken as broken:
        return Checkpoint(path=str(folder), state="broken", problem=broken.problem)
    except OSError as error:
        return Checkpoint(path=str(folder), state="broken", problem=problems.unreadable(error))
    return Checkpoint(
        path=str(folder),
        epoch=state.epoch,
        step=state.global_step,
        size=sum(one.size or 0 for _, one in found),
        state="ready",
        full=False,
    )


def _files(folder: Path) -> Iterable[str]:
    """The files that hold the weights. Raises Broken when there are none, or when the index is wrong."""
    for name in WEIGHTS:
        if (folder / name).is_file():
            return (name,)
        index = f"{name}.index.json"
        if (folder / index).is_file():
            return _shards(folder, index)
    raise Broken(problems.NO_WEIGHTS)


def _shards(folder: Path, index: str) -> list[str]:
    try:
        named = set(msgspec.json.decode(_read(folder / index), type=_Index).weight_map.values())
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Broken(problems.BAD_INDEX.fill(name=index)) from None
    if not named or len(named) > MOST_SHARDS or any(Path(name).name != name for name in named):
        raise Broken(problems.BAD_INDEX.fill(name=index))  # a shard lies beside its index and nowhere else
    return sorted(named)


def progress(folder: Path) -> State:
    """How far the run had come; a folder without a readable state does not say."""
    if not (folder / STATE).is_file():
        return State()
    try:
        return msgspec.json.decode(_read(folder / STATE), type=State)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError, Broken):
        return State()  # the weights beside it are as good as ever


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        text = stream.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        found, limit = problems.BYTES.fill(count=path.stat().st_size), problems.BYTES.fill(count=MOST_BYTES)
        raise Broken(problems.TOO_LARGE.fill(entry=path.name, found=found, limit=limit))
    return text
