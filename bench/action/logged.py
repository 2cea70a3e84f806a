"""What the log costs a training step of the full-size network: python -m bench.action.logged.

Three trainers take turns in one process: two that log as always (their difference is what the machine does by itself),
and one that logs nothing and has its norm from torch's own clipping. Made-up tensors. Settings of ntu60_pcan, two clips a
step; the update-to-weight ratio is sampled as often and lines are written as often as the recipe says.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
import typer
from torch.nn.utils import clip_grad_norm_

from defib.action.training import optim
from defib.action.training.loop import Trainer
from defib.action.training.recipe import OptimConfig, read

BATCH = 2


class Noise:
    """Clips of random numbers at the full size."""

    def __len__(self) -> int:
        """Enough for an epoch."""
        return 64

    def set_epoch(self, epoch: int) -> None:
        """The same in every epoch."""

    def __getitem__(self, at: int) -> dict[str, Any]:
        """One clip."""
        chance = torch.Generator().manual_seed(at)
        rgb, pose = torch.randn(3, 8, 224, 224, generator=chance), torch.rand(17, 32, 56, 56, generator=chance)
        return {"rgb": rgb, "pose": pose, "label": at % 60, "name": str(at)}


class _Nothing:
    """Takes whatever is told and does nothing with it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return lambda *_, **__: {}


class _Quiet(Trainer):
    def _log(self, moved: dict[str, float]) -> None:
        pass


def _plain(config: OptimConfig, branches: optim.Branches) -> optim.Norms:
    everything = [one for members in branches.values() for _, one in members]
    total = float(clip_grad_norm_(everything, config.clip or float("inf")))
    return optim.Norms(total, {}, clipped=False)


def main(rounds: int = 40) -> None:
    """Print the median seconds of each and the two ratios."""
    clipping = optim.clip
    with tempfile.TemporaryDirectory() as folder:
        arms = {name: _trainer(Path(folder) / name, quiet=name == "silent") for name in ("logs", "logs too", "silent")}
        batch = [Noise()[at] for at in range(BATCH)]
        given = {key: torch.stack([one[key] for one in batch]) for key in ("rgb", "pose")}
        wide = {key: one.contiguous(memory_format=torch.channels_last_3d) for key, one in given.items()}
        step = {**wide, "label": torch.tensor([one["label"] for one in batch])}
        spent: dict[str, list[float]] = {name: [] for name in arms}
        names = list(arms)
        for lap in range(rounds + 1):  # the first warms up
            for name in names[lap % 3 :] + names[: lap % 3]:
                optim.clip = _plain if name == "silent" else clipping
                begin = time.perf_counter()
                arms[name]._step([step], 0.0)  # noqa: SLF001 (a step is what is measured)
                if lap:
                    spent[name].append(time.perf_counter() - begin)
        optim.clip = clipping
    for name, times in spent.items():
        print(f"{name:9s} {statistics.median(times):.3f} s a step ({min(times):.3f} to {max(times):.3f})")
    for name, other in (("logs", "logs too"), ("logs", "silent"), ("logs too", "silent")):
        # Turn by turn, so that a slow minute of the machine falls on both.
        ratio = statistics.median(one / two for one, two in zip(spent[name], spent[other], strict=True))
        print(f"{name} / {other}: {ratio:.4f}")


def _trainer(folder: Path, *, quiet: bool) -> Trainer:
    changes = [f"work_dir={folder}", f"train.batch={BATCH}", "train.workers=0", "model.norm=batch", "load_from=null"]
    made = (_Quiet if quiet else Trainer)(read("ntu60_pcan", changes), Noise(), Noise())
    made.built.recognizer.train()
    if quiet:
        made.accuracy, made.window, made.movement = _Nothing(), _Nothing(), _Nothing()  # type: ignore[assignment]
    return made


if __name__ == "__main__":
    typer.run(main)
