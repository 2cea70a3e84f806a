"""Which clips are in which batch: a pure function of seed, epoch, step and process, so that nothing has to be remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.utils.data import Sampler

if TYPE_CHECKING:
    from collections.abc import Iterator


class Batches(Sampler[list[int]]):
    """The batches of one process over one epoch. All processes together take one global batch from the same shuffle.

    What does not fill a global batch is left out of an epoch; the next shuffles anew.
    """

    def __init__(self, length: int, batch: int, *, seed: int, rank: int = 0, world: int = 1) -> None:
        """length: clips; batch: of one process."""
        super().__init__()
        self.length, self.batch, self.seed, self.rank, self.world = length, batch, seed, rank, world
        self.epoch, self.skip = 0, 0

    def set(self, epoch: int, skip: int = 0) -> None:
        """The epoch, counted from 0, and the batches of it that were done before."""
        self.epoch, self.skip = epoch, skip

    @property
    def whole(self) -> int:
        """Batches of a whole epoch."""
        return self.length // (self.batch * self.world)

    def __len__(self) -> int:
        """Batches that are left."""
        return self.whole - self.skip

    def __iter__(self) -> Iterator[list[int]]:
        """Indices."""
        generator = torch.Generator().manual_seed(_mixed(self.seed, self.epoch))
        order = torch.randperm(self.length, generator=generator).tolist()
        wide = self.batch * self.world
        for number in range(self.skip, self.whole):
            begin = number * wide + self.rank * self.batch
            yield order[begin : begin + self.batch]


def _mixed(seed: int, epoch: int) -> int:
    """One number of two, so that neighbours are unlike."""
    return (seed * 1_000_003 + epoch * 7_919 + 17) % 2**63
