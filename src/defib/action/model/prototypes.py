"""What a class looks like in the space of features: one vector a class, moved a little by every sample that was right.

PCAN (Li et al., AAAI 2025), section 3.2. Buffers, so that they are saved, restored and the same on every process.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from defib.action.model.across import summed


class Prototypes(nn.Module):
    """The prototypes of one head."""

    centres: Tensor
    """[K, channels], not normalised."""

    def __init__(self, features: int, channels: int, classes: int, momentum: float) -> None:
        """features: channels of the stream's features; momentum: the paper's rho. They start at random, as the paper's."""
        super().__init__()
        self.project = nn.Linear(features, channels)
        self.momentum = momentum
        self.register_buffer("centres", functional.normalize(torch.randn(classes, channels), dim=1))

    def embed(self, features: Tensor) -> Tensor:
        """[N, features] -> [N, channels], each of length one."""
        return functional.normalize(self.project(features).float(), dim=1)

    def mixed(self, embedded: Tensor, label: Tensor, right: Tensor) -> Tensor:
        """The prototypes as this batch would move them, with a gradient through the batch's share: [K, channels].

        embedded: [N, channels]; label: [N]; right: [N], true for the samples that count.
        """
        total, count = sums(embedded, label, right, len(self.centres))
        return self._moved(total, count)

    @torch.no_grad()
    def update(self, embedded: Tensor, label: Tensor, right: Tensor) -> None:
        """Move each prototype towards the mean of its right samples in the batch, over all processes."""
        total, count = sums(embedded.detach(), label, right, len(self.centres))
        self.centres.copy_(self._moved(summed(total), summed(count)))

    def cosine(self, embedded: Tensor) -> Tensor:
        """Cosines between samples and prototypes: [N, K]."""
        return embedded @ functional.normalize(self.centres, dim=1).T

    def _moved(self, total: Tensor, count: Tensor) -> Tensor:
        mean = total / count.clamp(min=1)[:, None]
        moved = self.momentum * self.centres + (1 - self.momentum) * mean
        return torch.where(count[:, None] > 0, moved, self.centres)


def sums(embedded: Tensor, label: Tensor, chosen: Tensor, classes: int) -> tuple[Tensor, Tensor]:
    """For each class the sum of its chosen samples and their number: [K, channels], [K]."""
    weight = functional.one_hot(label, classes).to(embedded.dtype) * chosen.to(embedded.dtype)[:, None]
    return weight.T @ embedded, weight.sum(0)
