"""A training step of the full-size network, as mmaction2's settings have it and as ours do: python -m bench.action.step.

Both take turns in one process, so that what else the machine does falls on both. The stock settings are fp32 with
contiguous tensors; ours are bf16 with channels last. Forward, two cross-entropies, backward, clipping, SGD.
"""

from __future__ import annotations

import statistics
import time

import torch
import typer
from torch.nn.functional import cross_entropy

from defib.action.model import ModelConfig, Recognizer
from defib.action.taxonomy import ntu60
from defib.action.training.optim import clip, optimizer_of
from defib.action.training.precision import Precision
from defib.action.training.recipe import OptimConfig

GFLOP = 341
"""Of a clip, forward and backward: twice the multiplications of its convolutions, three times for both ways."""
BATCH, SIDE, FRAMES = 2, 224, (8, 32)
MATRIX = 2048


def main(rounds: int = 5) -> None:
    """Print seconds of each turn, the ratio of the medians, and the share of the machine's bf16 matrix product."""
    torch.manual_seed(0)
    rgb = torch.randn(BATCH, 3, FRAMES[0], SIDE, SIDE)
    pose = torch.rand(BATCH, 17, FRAMES[1], SIDE // 4, SIDE // 4)
    label = torch.tensor([3, 7])
    steps = {name: _step(name == "ours", rgb, pose, label) for name in ("stock", "ours")}
    found: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(rounds + 1):  # the first warms up
        for name, step in steps.items():
            begin = time.perf_counter()
            step()
            if turn:
                found[name].append(time.perf_counter() - begin)
    peak = _peak()
    for name, times in found.items():
        rate = BATCH / statistics.median(times)
        shown = ", ".join(f"{one:.2f}" for one in times)
        print(
            f"{name}: {shown} s, {rate:.2f} clips/s, {100 * rate * GFLOP / peak:.0f} % of the matmul peak ({peak:.0f} GFLOP/s)"
        )
    ratio = statistics.median(found["stock"]) / statistics.median(found["ours"])
    print(f"ours / stock: {ratio:.2f} times as fast (median of {rounds} turns each)")


def _step(ours, rgb, pose, label):  # noqa: ANN001, ANN202
    torch.manual_seed(0)
    recognizer = Recognizer(ModelConfig(), ntu60()).train()
    if ours:
        recognizer = recognizer.to(memory_format=torch.channels_last_3d)
        rgb, pose = (one.contiguous(memory_format=torch.channels_last_3d) for one in (rgb, pose))
    config = OptimConfig(lr=0.0075)
    optimizer, precision = (
        optimizer_of(config, recognizer, 0.0075),
        Precision("bf16" if ours else "fp32", torch.device("cpu")),
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


def _peak() -> float:
    """GFLOP/s of a large bf16 matrix product, the best of ten."""
    one, other = (torch.randn(MATRIX, MATRIX).bfloat16() for _ in range(2))
    best = float("inf")
    for _ in range(10):
        begin = time.perf_counter()
        one @ other
        best = min(best, time.perf_counter() - begin)
    return 2 * MATRIX**3 / best / 1e9


if __name__ == "__main__":
    typer.run(main)
