"""Half precision where it is asked for: autocast in the forward pass, and a scaler for the gradients of fp16."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from torch import Tensor

HALVES = {"bf16": torch.bfloat16, "fp16": torch.float16}


class Precision:
    """How numbers are held on the way through the network."""

    def __init__(self, name: str, device: torch.device) -> None:
        """name: `fp32`, `bf16` or `fp16`."""
        self._dtype, self._kind = HALVES.get(name), device.type
        self.scaler = torch.amp.GradScaler(self._kind) if name == "fp16" else None

    def forward(self) -> AbstractContextManager[None]:
        """For the forward pass; losses are computed outside of it."""
        return torch.autocast(self._kind, dtype=self._dtype, enabled=self._dtype is not None)

    def scaled(self, loss: Tensor) -> Tensor:
        """A loss whose gradients fit into half precision."""
        return loss if self.scaler is None else self.scaler.scale(loss)

    def unscale(self, optimizer: torch.optim.Optimizer) -> None:
        """The gradients in their own size."""
        if self.scaler is not None:
            self.scaler.unscale_(optimizer)

    def step(self, optimizer: torch.optim.Optimizer, *, finite: bool) -> None:
        """Move the weights, unless a gradient is no number; the scaler then tries a smaller scale."""
        if self.scaler is not None:
            self.scaler.step(optimizer)
            self.scaler.update()
        elif finite:
            optimizer.step()
