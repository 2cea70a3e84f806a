"""What a module gave, as rows: one for each sample or token, one column for each channel or class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

TINY = 1e-12
"""Keeps a division by nothing finite."""
ROWS = 256
"""Rows that are looked at, spread evenly; more would cost time and tell little more (assumed)."""
SEQUENCE = 3
"""Axes of [N, T, C]: samples, places, channels."""


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
