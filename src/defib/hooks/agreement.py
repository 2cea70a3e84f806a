"""Every process takes the same decision at the same step."""

from __future__ import annotations

import torch

EVERY = 8
"""Steps between two questions to the other processes: a question waits for all of them."""


def processes() -> int:
    """How many train together."""
    return torch.distributed.get_world_size() if _together() else 1


def rank() -> int:
    """Which of them this is."""
    return torch.distributed.get_rank() if _together() else 0


def worst(mine: int, device: torch.device) -> int:
    """The largest of what each process says; all of them have to ask at the same step."""
    if processes() == 1:
        return mine
    told = torch.tensor([mine], device=device)
    torch.distributed.all_reduce(told, torch.distributed.ReduceOp.MAX)
    return int(told.item())


def _together() -> bool:
    return torch.distributed.is_available() and torch.distributed.is_initialized()
