"""What the name of a checkpoint says: each framework's own pattern, and how it counts.

Sources: mmengine hooks/checkpoint_hook.py (`epoch_9.pth`, `best_acc_top1_epoch_9.pth`, `iter_4000.pth`); detectron2 and
fvcore common/checkpoint.py (`model_0004999.pth`, the iteration from 0); PySlowFast utils/checkpoint.py
(`checkpoint_epoch_00010.pyth`, epochs done); timm utils/checkpoint_saver.py (`checkpoint-12.pth.tar`, the epoch from 0);
Ultralytics engine/trainer.py (`epoch12.pt`, from 0); Lightning callbacks/model_checkpoint.py (`epoch=3-step=400.ckpt`, the
epoch from 0, the steps done); Hugging Face trainer.py (the folder `checkpoint-500`, the steps done).
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath, PureWindowsPath
from typing import NamedTuple

SUFFIXES = (".pth.tar", ".pth", ".pt", ".safetensors", ".ckpt", ".pyth")
"""Endings of files that may be checkpoints; the longer before the shorter."""
FOLDER = re.compile(r"checkpoint-(\d{1,15})")
"""A folder that is one checkpoint."""
WEIGHTS = re.compile(r"(?:(?:pytorch_|adapter_)?model)(?:-\d{5}-of-\d{5})?\.(?:safetensors|bin)")
"""The files of such a folder that hold weights; the others are the optimizer's, the schedule's, the generator's."""

OURS = "weights.safetensors"
"""The weights in a checkpoint folder of defib's own trainer; `ema` and `state` lie beside it."""
_BESIDE = frozenset({"ema.safetensors", "state.pt"})

_PASSING = ("recovery-", "tmp.")
"""What timm writes within an epoch, and throws away again."""
_PATTERNS = (
    (re.compile(r"(?:best_(?P<best>.+)_)?epoch_(?P<epoch>\d{1,15})", re.ASCII), "", 0),
    (re.compile(r"(?:best_(?P<best>.+)_)?iter_(?P<step>\d{1,15})", re.ASCII), "", 0),
    (re.compile(r"model_(?P<step>\d{7,15})", re.ASCII), ".pth", 0),
    (re.compile(r"(?:\w+_)?checkpoint_epoch_(?P<epoch>\d{5,15})", re.ASCII), ".pyth", 0),
    (re.compile(r"checkpoint-(?P<epoch>\d{1,15})", re.ASCII), ".pth.tar", 1),
    (re.compile(r"epoch(?P<epoch>\d{1,15})", re.ASCII), ".pt", 1),
    (re.compile(r"(?:.*[-_])?epoch=(?P<epoch>\d{1,15})(?:-step=(?P<step>\d{1,15}))?(?:-.*)?", re.ASCII), ".ckpt", 1),
    (FOLDER, "/", 0),
)
"""(name without its ending, the ending that it needs, what is added to its epoch so that it counts epochs done)."""


class Named(NamedTuple):
    """What a name says."""

    epoch: float | None = None
    """Epochs done."""
    step: int | None = None
    """As the log of the same framework counts steps."""
    best: str | None = None
    """The metric that it was kept for, as mmengine writes it."""


def file_name(path: str) -> str:
    r"""The last part of a path as any system writes it.

    >>> file_name("/data/lrjump/epoch_3.pth"), file_name("D:\\runs\\epoch_3.pth")
    ('epoch_3.pth', 'epoch_3.pth')
    """
    return PureWindowsPath(path).name if "\\" in path else PurePosixPath(path).name


def is_checkpoint(name: str) -> bool:
    """Whether a file is called like a checkpoint.

    >>> is_checkpoint("epoch_3.PTH"), is_checkpoint("last.pth.tar"), is_checkpoint("recovery-3-99.pth.tar")
    (True, True, False)
    """
    return name.lower().endswith(SUFFIXES) and not name.startswith(_PASSING)


def told_by(path: str) -> Named:
    """What the name of a checkpoint says, nothing where it follows no pattern.

    >>> told_by("out/model_0004999.pth").step, told_by("weights/epoch9.pt").epoch, told_by("last.pt")
    (4999, 10.0, Named(epoch=None, step=None, best=None))
    >>> told_by("epoch=3-step=400.ckpt"), told_by("out/checkpoint-500").step
    (Named(epoch=4.0, step=400, best=None), 500)
    """
    name = file_name(path)
    if name == OURS:  # the folder has the name
        return told_by(f"{PurePosixPath(path.replace(chr(92), '/')).parent.name}.pth")
    ending = next((one for one in SUFFIXES if name.lower().endswith(one)), "/")
    stem = name if ending == "/" else name[: -len(ending)]
    for pattern, needs, more in _PATTERNS:
        match = pattern.fullmatch(stem) if needs in ("", ending) else None
        if match is None:
            continue
        if pattern is FOLDER:
            return Named(step=int(match[1]))
        found = match.groupdict()
        epoch, step = found.get("epoch"), found.get("step")
        return Named(
            epoch=None if epoch is None else float(int(epoch) + more),
            step=None if step is None else int(step),
            best=found.get("best"),
        )
    return Named()


def gathered(sizes: dict[str, int]) -> dict[str, int]:
    """Files by their sizes, with those of one checkpoint folder as one, and those that hold no weights left out.

    >>> gathered({"checkpoint-5/model.safetensors": 9, "checkpoint-5/optimizer.pt": 18, "a.pth": 1})
    {'checkpoint-5': 9, 'a.pth': 1}
    """
    found: dict[str, int] = {}
    for name, size in sizes.items():
        parts = PurePosixPath(name).parts
        depth = next((at for at, part in enumerate(parts[:-1]) if FOLDER.fullmatch(part)), None)
        if depth is None:
            ours = str(PurePosixPath(*parts[:-1], OURS)) in sizes
            if is_checkpoint(parts[-1]) and not (ours and parts[-1] in _BESIDE):
                found[name] = size
        elif depth == len(parts) - 2 and WEIGHTS.fullmatch(parts[-1]):
            home = str(PurePosixPath(*parts[:-1]))
            found[home] = found.get(home, 0) + size
    return found
