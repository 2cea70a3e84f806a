"""Checkpoints that survive whatever happens while they are written.

Each is a folder: `weights.safetensors` (and `ema.safetensors`), `state.pt` (optimizer, random numbers, position;
loadable with `weights_only=True`), `recipe.json`, and `trainer_state.json` with epoch and step under transformers' names,
so that whoever reads the weights knows how far they had come without opening the state. It is written under another
name, synced, and renamed; the one that it replaces goes only after that.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import safetensors.torch
import torch

from defib.action.errors import reason
from defib.action.errors.training import CannotResume, NoCheckpoint, WorkDirUnwritable
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from torch import Tensor

LAST, BEST = "last", "best"
WEIGHTS, AVERAGED, STATE, RECIPE = "weights.safetensors", "ema.safetensors", "state.pt", "recipe.json"
PROGRESS = "trainer_state.json"
MISSING = Words(en="{file} is not there", zh="缺少 {file}")
NOT_THERE = Words(en="it does not exist", zh="它不存在")
EMPTY = Words(en="neither best nor last in it", zh="其中既没有 best 也没有 last")
DAMAGED = Words(en="{file} is damaged ({reason})", zh="{file} 已损坏（{reason}）")


def save(
    folder: Path,
    weights: Mapping[str, Tensor],
    state: Mapping[str, Any],
    recipe: Mapping[str, Any],
    averaged: Mapping[str, Tensor] | None = None,
) -> None:
    """Write a checkpoint, replacing one of the same name.

    state: tensors, numbers, texts, lists and dictionaries.

    Raises WorkDirUnwritable; then the one that was there is still there, whole.
    """
    fresh, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    try:
        for leftover in (fresh, old):
            if leftover.exists() and folder.exists():
                shutil.rmtree(leftover)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        # Packed in memory first: a full disk is then an OSError, where either library has an error of its own for it.
        (fresh / WEIGHTS).write_bytes(safetensors.torch.save(_plain(weights)))
        if averaged is not None:
            (fresh / AVERAGED).write_bytes(safetensors.torch.save(_plain(averaged)))
        packed = io.BytesIO()
        torch.save(dict(state), packed)
        (fresh / STATE).write_bytes(packed.getbuffer())
        told = {
            theirs: state[ours] for theirs, ours in (("epoch", "position"), ("global_step", "step")) if ours in state
        }
        (fresh / PROGRESS).write_text(json.dumps(told), encoding="utf-8")
        (fresh / RECIPE).write_text(json.dumps(recipe, indent=1, ensure_ascii=False), encoding="utf-8")
        for path in fresh.iterdir():
            _sync(path)
        _sync(fresh)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        _sync(folder.parent)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise WorkDirUnwritable(path=folder, reason=reason(error)) from None


def found(folder: Path) -> Path | None:
    """The checkpoint under a name, also where the machine died between the two renames; None when there is none."""
    for path in (folder, folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")):
        if all((path / name).is_file() for name in (WEIGHTS, STATE, RECIPE)):
            return path
    return None


def weights_file(path: Path) -> Path:
    """The file of weights that a path stands for: of a work directory the best, else the last; averaged where they are.

    Raises NoCheckpoint.
    """
    if path.is_file():
        return path
    if not path.exists():
        raise NoCheckpoint(path=path, found=NOT_THERE)
    for folder in (path, path / BEST, path / LAST):
        whole = found(folder)
        if whole is not None:
            averaged = whole / AVERAGED
            return averaged if averaged.is_file() else whole / WEIGHTS
    raise NoCheckpoint(path=path, found=EMPTY)


def state_of(folder: Path) -> dict[str, Any]:
    """The state of a checkpoint. Nothing in it is executed.

    Raises CannotResume.
    """
    return _read(folder, STATE, lambda path: torch.load(path, map_location="cpu", weights_only=True))


def weights_of(folder: Path, name: str = WEIGHTS) -> dict[str, Tensor]:
    """The weights of a checkpoint.

    Raises CannotResume.
    """
    return _read(folder, name, safetensors.torch.load_file)


def _read(folder: Path, name: str, load: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """A file of a checkpoint. Raises CannotResume when it is missing or damaged."""
    path = folder / name
    if not path.is_file():
        raise CannotResume(path=folder, reason=MISSING.fill(file=name))
    try:
        return load(path)
    except Exception as error:  # noqa: BLE001 (a damaged file may end in any error)
        raise CannotResume(path=folder, reason=DAMAGED.fill(file=name, reason=reason(error))) from None


def _plain(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors that share no memory and lie in their own order, as safetensors wants them."""
    return {name: value.detach().cpu().contiguous().clone() for name, value in weights.items()}


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
