"""A training step of the full-size network, as mmaction2's settings have it and as ours do: python -m bench.action.step.

All take turns in one process, so that what else the machine does falls on each. The stock settings are fp32 with
contiguous tensors; ours are bf16 with channels last. Forward, two cross-entropies, backward, clipping, SGD. On a GPU
(`--device cuda --batch 16`) a third turn lets cuDNN try its algorithms, and the memory of each is shown.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

import torch
import typer
from torch.nn.functional import cross_entropy

from defib.action.model import ModelConfig, Recognizer
from defib.action.taxonomy import ntu60
from defib.action.training.optim import clip, optimizer_of
from defib.action.training.precision import Precision
from defib.action.training.recipe import OptimConfig

if TYPE_CHECKING:
    from collections.abc import Callable

GFLOP = 341
"""Of a clip, forward and backward: twice the multiplications of its convolutions, three times for both ways."""
SIDE, FRAMES = 224, (8, 32)
MATRIX = {"cpu": 2048, "cuda": 8192}


class Way(NamedTuple):
    """How a step is computed."""

    name: str
    half: bool
    tries: bool


STOCK, OURS = Way("stock", half=False, tries=False), Way("ours", half=True, tries=False)
TRIES = (Way("stock, cudnn.benchmark", half=False, tries=True), Way("ours, cudnn.benchmark", half=True, tries=True))


def main(rounds: int = 5, device: str = "cpu", batch: int = 2) -> None:
    """Print seconds of each turn, the ratio of the medians, and the share of the machine's bf16 matrix product."""
    torch.manual_seed(0)
    there = torch.device(device)
    rgb = torch.randn(batch, 3, FRAMES[0], SIDE, SIDE, device=there)
    pose = torch.rand(batch, 17, FRAMES[1], SIDE // 4, SIDE // 4, device=there)
    label = torch.arange(batch, device=there) % 60
    ways = (STOCK, OURS, *(TRIES if there.type == "cuda" else ()))
    found: dict[str, list[float]] = {way.name: [] for way in ways}
    memory: dict[str, float] = {}
    steps = {way.name: _step(way, rgb, pose, label) for way in ways}
    for turn in range(rounds + 2):  # the first two warm up: the second still with memory that the others left
        for way in ways:
            torch.backends.cudnn.benchmark = way.tries
            begin = _now(there)
            steps[way.name]()
            if turn > 1:
                found[way.name].append(_now(there) - begin)
            if there.type == "cuda":
                memory[way.name] = torch.cuda.max_memory_allocated(there) / 2**30
                torch.cuda.reset_peak_memory_stats(there)
    peak = _peak(there)
    for name, times in found.items():
        rate = batch / statistics.median(times)
        shown = ", ".join(f"{one:.3g}" for one in times)
        held = f", {memory[name]:.1f} GiB" if name in memory else ""
        print(
            f"{name}: {shown} s, {rate:.2f} clips/s, {100 * rate * GFLOP / peak:.0f} % of the matmul peak ({peak:.0f} GFLOP/s){held}"
        )
    for way in ways[1:]:
        ratio = statistics.median(found[STOCK.name]) / statistics.median(found[way.name])
        print(f"{way.name} / stock: {ratio:.2f} times as fast (median of {rounds} turns each)")


def _now(device: torch.device) -> float:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()


def _step(way: Way, rgb: torch.Tensor, pose: torch.Tensor, label: torch.Tensor) -> Callable[[], None]:
    torch.manual_seed(0)
    recognizer = Recognizer(ModelConfig(), ntu60()).train().to(rgb.device)
    if way.half:
        recognizer = recognizer.to(memory_format=torch.channels_last_3d)
        rgb, pose = (one.contiguous(memory_format=torch.channels_last_3d) for one in (rgb, pose))
    config = OptimConfig(lr=0.0075)
    optimizer, precision = (
        optimizer_of(config, recognizer, 0.0075),
        Precision("bf16" if way.half else "fp32", rgb.device),
    )
    branches = recognizer.branches()

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        with precision.forward():
            outputs = recognizer(rgb, pose)
        sum(cross_entropy(scores.float(), label) for scores in outputs.logits.values()).backward()
        clip(config, branches)
        optimizer.step()

    return step


def _peak(device: torch.device) -> float:
    """GFLOP/s of a large bf16 matrix product, the best of ten."""
    side = MATRIX[device.type]
    one, other = (torch.randn(side, side, device=device).bfloat16() for _ in range(2))
    best = float("inf")
    for _ in range(10):
        begin = _now(device)
        one @ other
        best = min(best, _now(device) - begin)
    return 2 * side**3 / best / 1e9


if __name__ == "__main__":
    typer.run(main)
