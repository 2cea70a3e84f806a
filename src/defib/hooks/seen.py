"""What the last module of each branch gave, as rows: one for each sample or token, one column for each channel or class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from typing import Any, Sequence

    from torch import Tensor, nn

TINY = 1e-12
"""Keeps a division by nothing finite."""
ROWS = 256
"""Rows that are looked at, spread evenly; more would cost time and tell little more (assumed)."""
SEQUENCE = 3
"""Axes of [N, T, C]: samples, places, channels."""


class Last:
    """Of each branch what the module that ended last was given or gave, in the forward passes between `begin` and `end`."""

    def __init__(self, places: Sequence[tuple[str, nn.Module]], *, begins: str | None = None) -> None:
        """places: suffix of a branch and a module of it. begins: suffix of the branch of which the input counts instead of the output."""
        self._places, self._begins = places, begins
        self._hooks: list[Any] = []
        self._last: dict[str, Tensor] = {}
        self._ran: set[int] = set()

    def begin(self) -> None:
        """Look from now on."""
        self._hooks = [module.register_forward_hook(self._looking(suffix)) for suffix, module in self._places]

    def end(self) -> dict[str, Tensor]:
        """Suffix -> [n, C] of every branch that ran; no look is taken any more."""
        for hook in self._hooks:
            hook.remove()
        found = {suffix: rows(tensor) for suffix, tensor in self._last.items()}
        self._hooks, self._last, self._ran = [], {}, set()
        return found

    def _looking(self, suffix: str) -> Any:
        def look(module: nn.Module, taken: object, given: object) -> None:
            tensor = first_tensor(taken if suffix == self._begins else given)
            # Once each: the second time is another part of the batch, or a checkpointed layer on the way back.
            if tensor is not None and module.training and id(module) not in self._ran:
                self._ran.add(id(module))
                self._last[suffix] = tensor.detach()

        return look


def first_tensor(given: object) -> Tensor | None:
    """The first tensor of floating point in what a module returned, whatever it is wrapped in."""
    if isinstance(given, torch.Tensor):
        return given if given.is_floating_point() and given.dim() > 1 else None
    parts = given.values() if isinstance(given, dict) else given if isinstance(given, (tuple, list)) else ()
    for part in parts:
        found = first_tensor(part)
        if found is not None:
            return found
    return None


def rows(given: Tensor) -> Tensor:
    """[n, C] in float32, n at most `ROWS`.

    [N, C] is taken as it is, [N, T, C] as N * T rows, and [N, C, H, W] or [N, C, T, H, W] averaged over all places.
    """
    given = given.detach().float()
    if given.dim() > SEQUENCE:
        given = given.flatten(2).mean(2)
    flat = given.reshape(-1, given.shape[-1])
    return flat[:: max(1, -(-len(flat) // ROWS))]
