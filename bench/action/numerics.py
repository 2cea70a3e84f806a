"""Our backbone beside mmaction2's own with the same random weights: python -m bench.action.numerics WHEEL.

Evaluation and training mode, forward and backward. Prints the largest relative difference of each.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import torch
import typer

from bench.action.stock import backbone
from defib.action.model import ModelConfig
from defib.action.model.rgbpose import RGBPoseConv3D

if TYPE_CHECKING:
    from torch import Tensor, nn

SIZES = {"rgb": (1, 3, 8, 96, 96), "pose": (1, 17, 32, 24, 24)}
"""Every layer runs; 224 would only take longer."""
CLOSE = 1e-5


def main(wheel: Path, seed: int = 0) -> None:
    """Compare, and leave with 1 where anything differs by more than 1e-5 of its largest value."""
    torch.manual_seed(seed)
    ours = RGBPoseConv3D(ModelConfig())
    with torch.no_grad():
        for value in [*ours.parameters(), *(b for b in ours.buffers() if b.is_floating_point())]:
            value.add_(0.02 * torch.rand_like(value))  # no norm at zero, no statistics at their start
    with tempfile.TemporaryDirectory() as folder:
        stock = backbone(wheel, Path(folder))
    stock.load_state_dict(ours.state_dict())  # strict: every name and shape
    print(f"{len(ours.state_dict())} tensors, the same names and shapes")
    inputs = [torch.randn(size) for size in SIZES.values()]
    worst = 0.0
    for mode in (False, True):
        pairs = [_run(model.train(mode), inputs) for model in (ours, stock)]
        differences = {name: _apart(pairs[0][name], pairs[1][name]) for name in pairs[0]}
        top = max(differences, key=lambda name: differences[name])
        worst = max(worst, differences[top])
        print(f"{'training' if mode else 'evaluation'}: largest relative difference {differences[top]:.1e} ({top})")
    raise SystemExit(worst > CLOSE)


def _run(model: nn.Module, inputs: list[Tensor]) -> dict[str, Tensor]:
    """Features and gradients by name."""
    model.zero_grad()
    found = model(*inputs)
    features = list(found.values()) if isinstance(found, dict) else list(found)
    torch.stack([x.square().mean() for x in features]).sum().backward()
    gradients = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
    return {"rgb": features[0].detach(), "pose": features[1].detach(), **gradients}


def _apart(one: Tensor, other: Tensor) -> float:
    return float((one - other).abs().max() / other.abs().max().clamp(min=1e-12))


if __name__ == "__main__":
    typer.run(main)
