"""Running statistics of BatchNorm, kept from before a step, so that one bad batch does not poison them for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import nn


class Statistics:
    """A copy of every running mean and variance of a network."""

    def __init__(self, model: nn.Module) -> None:
        """model: where it will be."""
        names = ("running_mean", "running_var")
        self._live = [one for name, one in model.named_buffers() if name.endswith(names)]
        self._kept = [one.clone() for one in self._live]

    @torch.no_grad()
    def keep(self) -> None:
        """Remember them as they stand."""
        if self._live:
            torch._foreach_copy_(self._kept, self._live)

    @torch.no_grad()
    def restore(self) -> None:
        """Put back what was remembered."""
        if self._live:
            torch._foreach_copy_(self._live, self._kept)
