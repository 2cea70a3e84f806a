"""How far the running statistics of BatchNorm are from those of the batch: evaluation uses the former, training the latter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn.modules.batchnorm import _BatchNorm

if TYPE_CHECKING:
    from typing import Any, Sequence

    from torch import Tensor, nn

    from defib.hooks.branches import Branch

MOST = 4
"""Layers of a branch that are looked at, spread evenly over its depth; each costs one more pass over its input (assumed)."""


class BatchNorms:
    """The gap in the forward passes between `begin` and `end`."""

    def __init__(self, branches: Sequence[Branch]) -> None:
        """branches: of which each with BatchNorm layers that keep running statistics is looked at."""
        self._places: list[tuple[str, list[nn.Module]]] = []
        for branch in branches:
            layers: list[nn.Module] = [
                one for one in branch.modules if isinstance(one, _BatchNorm) and one.track_running_stats
            ]
            if layers:
                self._places.append((branch.suffix, layers[:: -(-len(layers) // MOST)]))
        self._hooks: list[Any] = []
        self._found: dict[str, dict[int, Tensor]] = {}

    def begin(self) -> None:
        """Look from now on."""
        for suffix, layers in self._places:
            for layer in layers:
                self._hooks.append(layer.register_forward_pre_hook(self._looking(suffix)))

    def end(self) -> dict[str, Tensor]:
        """Metric name -> scalar, the mean over the layers of a branch; no look is taken any more."""
        for hook in self._hooks:
            hook.remove()
        found = {
            "train/batchnorm_gap" + suffix: torch.stack(list(gaps.values())).mean()
            for suffix, gaps in self._found.items()
        }
        self._hooks, self._found = [], {}
        return found

    def _looking(self, suffix: str) -> Any:
        def look(module: Any, given: tuple[Any, ...]) -> None:
            if module.training and given and isinstance(given[0], torch.Tensor):
                with torch.no_grad():
                    measured = gap(given[0], module.running_mean, module.running_var, module.eps)
                    self._found.setdefault(suffix, {})[id(module)] = measured

        return look


def gap(given: Tensor, mean: Tensor, variance: Tensor, eps: float) -> Tensor:
    """The root of the mean square of (batch mean - running mean) / running standard deviation, over the channels.

    given: [N, C, ...], the input of the layer.

    >>> float(gap(torch.tensor([[1.0], [3.0]]), torch.tensor([0.0]), torch.tensor([4.0]), 0.0))
    1.0
    """
    axes = [axis for axis in range(given.dim()) if axis != 1]
    apart = given.detach().float().mean(axes) - mean
    return (apart.square() / (variance + eps)).mean().sqrt()
