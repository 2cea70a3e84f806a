"""Prototype diversity: prototypes of different classes should point in different directions (PCAN's L_PDA, Eq. 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn import functional

if TYPE_CHECKING:
    from torch import Tensor

TINY = 1e-12
"""Under the root, so that its slope stays finite where the sum vanishes."""


def diversity(prototypes: Tensor) -> Tensor:
    """The root of the sum of all cosines between prototypes: the length of the sum of their directions. Least: zero.

    prototypes: [K, C]. Given the mix of the stored ones and the batch's means (`Prototypes.mixed`) it has a gradient;
    the published code takes it of a copy outside the graph, so there it is a constant.
    """
    return (functional.normalize(prototypes, dim=1).sum(0).square().sum() + TINY).sqrt()
