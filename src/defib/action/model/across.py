"""Numbers added up over all processes of a distributed training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import distributed

if TYPE_CHECKING:
    from torch import Tensor


def summed(value: Tensor) -> Tensor:
    """The sum over all processes; the value itself where there is one."""
    if not (distributed.is_available() and distributed.is_initialized()):
        return value
    total = value.clone()
    distributed.all_reduce(total)
    return total
