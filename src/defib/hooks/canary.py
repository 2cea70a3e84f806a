"""A handful of held-out batches, looked at often: it sees a fall long before the next evaluation, and leaves nothing behind."""

from __future__ import annotations

import random
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from typing import Any, Callable, Iterator, Mapping

    from torch import Tensor, nn

    Look = Callable[[], Mapping[str, Any]]


class Canary:
    """Asks one question again and again, always of the same batches."""

    def __init__(self, model: nn.Module, look: Look) -> None:
        """look: computes named numbers on batches of its own, with the model as it finds it: `{"loss": ..., "top1": ...}`, shares in per cent."""
        self._model, self._look = model, look

    def ask(self) -> dict[str, Tensor]:
        """Metric name -> scalar on the model's device. Mode, buffers and chance are afterwards as they were."""
        device = next((one.device for one in self._model.parameters()), torch.device("cpu"))
        with undisturbed(self._model), torch.no_grad():
            found = self._look()
            return {
                "train/canary_" + name: torch.as_tensor(value, device=device).float() for name, value in found.items()
            }


@contextmanager
def undisturbed(model: nn.Module) -> Iterator[None]:
    """In evaluation mode; then every module's mode, every buffer and every generator of random numbers is put back."""
    modes = [(module, module.training) for module in model.modules()]
    buffers = [(one, one.detach().clone()) for one in model.buffers()]
    python, numpy = random.getstate(), sys.modules.get("numpy")
    drawn = numpy.random.get_state() if numpy is not None else None
    devices = list(range(torch.cuda.device_count())) if torch.cuda.is_initialized() else []  # type: ignore[no-untyped-call]
    try:
        with torch.random.fork_rng(devices=devices):
            model.eval()
            yield
    finally:
        for module, mode in modes:
            module.training = mode
        with torch.no_grad():
            for one, kept in buffers:
                one.copy_(kept)
        random.setstate(python)
        if numpy is not None:
            numpy.random.set_state(drawn)
