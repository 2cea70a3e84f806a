"""How large and how varied the features of each branch are: a branch that dies gives the same few numbers for every sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from defib.hooks.branches import SHARED, WHOLE
from defib.hooks.seen import TINY, Last

if TYPE_CHECKING:
    from typing import Sequence

    from torch import Tensor

    from defib.hooks.branches import Branch


class Features:
    """Scale and rank at the output of every branch, in the forward passes between `begin` and `end`."""

    def __init__(self, branches: Sequence[Branch]) -> None:
        """branches: the output of each is that of its module, of those that are more than one layer, that ends last.

        Not every network calls a branch as one module: RGBPoseConv3D goes from stage to stage of both. A network that
        is one whole is looked at where its last linear layer begins.
        """
        places: list[tuple[str, nn.Module]] = []
        for branch in branches:
            if branch.name == WHOLE:
                chosen: Sequence[nn.Module] = [one for one in branch.modules if isinstance(one, nn.Linear)]
            elif branch.name == SHARED:
                continue
            else:
                chosen = [module for module in branch.modules if next(module.children(), None) is not None]
            places += [(branch.suffix, module) for module in chosen]
        self._last = Last(places, begins=WHOLE)

    def begin(self) -> None:
        """Look from now on."""
        self._last.begin()

    def end(self) -> dict[str, Tensor]:
        """Metric name -> scalar; no look is taken any more. Empty where no forward pass went by."""
        found = {}
        for suffix, seen in self._last.end().items():
            with torch.no_grad(), torch.autocast(seen.device.type, enabled=False):
                found["train/feature_scale" + suffix] = scale(seen)
                found["train/feature_rank" + suffix] = effective_rank(seen)
        return found


def scale(seen: Tensor) -> Tensor:
    """Root of the mean square of [n, C]."""
    return seen.square().mean().sqrt()


def effective_rank(seen: Tensor) -> Tensor:
    """How many directions the rows of [n, C] vary in: the participation ratio of the eigenvalues of their covariance.

    (sum of eigenvalues)^2 / sum of their squares, between 1 and min(n - 1, C); Gao et al. 2017, "A theory of
    multineuronal dimensionality". From traces alone, so that nothing is decomposed and nothing waits for the device.

    >>> round(float(effective_rank(torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]))), 3)
    2.0
    >>> round(float(effective_rank(torch.tensor([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]))), 3)
    1.0
    """
    centred = seen - seen.mean(0)
    short = centred @ centred.T if centred.shape[0] < centred.shape[1] else centred.T @ centred
    return short.trace().square() / short.square().sum().clamp(min=TINY)
