"""Clips from a dataset to the device: the same ones whatever the number of workers, and wherever training was resumed."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch.utils.data import DataLoader

from defib.action.errors.training import BadValue
from defib.action.training.leaving import SIGNALS
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from torch import Tensor

    from defib.action.training.batches import Batches

Batch = dict[str, Any]
NONE_HELD_OUT = Words(en="no clip is held out to test on", zh="没有留作验证的片段")


class Clips(Protocol):
    """What a dataset is. A sample depends on the seed, the epoch and its index alone."""

    def __len__(self) -> int:
        """Clips."""

    def __getitem__(self, index: int) -> Batch:
        """`rgb` and `pose` tensors, those that there are, `label` and `name`."""

    def set_epoch(self, epoch: int) -> None:
        """Which epoch the random numbers are for."""


class _InEpoch(torch.utils.data.Dataset[Batch]):
    """A dataset asked by (epoch, index): workers that live for many epochs need no other word of it."""

    def __init__(self, clips: Clips) -> None:
        self.clips = clips

    def __getitem__(self, key: tuple[int, int]) -> Batch:
        epoch, index = key
        self.clips.set_epoch(epoch)
        return self.clips[index]


class _Keys(torch.utils.data.Sampler[list[tuple[int, int]]]):
    def __init__(self, batches: Batches) -> None:
        self.batches = batches

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[list[tuple[int, int]]]:
        for indices in self.batches:
            yield [(self.batches.epoch, index) for index in indices]


def training(clips: Clips, batches: Batches, workers: int) -> DataLoader[Batch]:
    """Batches of an epoch; `batches.set` says which. The workers live for all epochs."""
    return _loader(clips, _Keys(batches), workers, stay=workers > 0)


def held_out(clips: Clips, batch: int, workers: int, rank: int, world: int) -> DataLoader[Batch]:
    """This process's share of a held-out set, in order. Raises BadValue when nothing is held out."""
    if not len(clips):
        raise BadValue(path="recipe", key="data", reason=NONE_HELD_OUT)
    mine = [(0, index) for index in range(rank, len(clips), world)]
    return _loader(clips, [mine[begin : begin + batch] for begin in range(0, len(mine), batch)], workers, stay=False)


def _loader(clips: Clips, batches: Iterable[list[tuple[int, int]]], workers: int, *, stay: bool) -> DataLoader[Batch]:
    return DataLoader(
        _InEpoch(clips),
        batch_sampler=batches,
        num_workers=workers,
        persistent_workers=stay,
        collate_fn=collate,
        worker_init_fn=_deaf,
        pin_memory=torch.cuda.is_available(),
        generator=torch.Generator(),  # else each pass draws a number from the one that a checkpoint restores
    )


def _deaf(_worker: int) -> None:
    """A worker hears no signal, it leaves with the process that it works for.

    A terminal's Ctrl-C and a cluster's SIGTERM go to every process, and a training that loses its workers cannot save.
    """
    for one in SIGNALS:
        signal.signal(one, signal.SIG_IGN)


def collate(samples: Sequence[Batch]) -> Batch:
    """Samples as one batch: tensors stacked, labels as int64, names as a list."""
    found: Batch = {}
    for key in samples[0]:
        values = [sample[key] for sample in samples]
        if isinstance(values[0], torch.Tensor):
            found[key] = torch.stack(values)
        elif isinstance(values[0], int):
            found[key] = torch.tensor(values)
        else:
            found[key] = values
    return found


def moved(batch: Batch, device: torch.device, *, channels_last: bool) -> Batch:
    """A batch on the device; pictures in the order that its convolutions like."""
    found: Batch = {}
    for key, value in batch.items():
        if not isinstance(value, torch.Tensor):
            found[key] = value
            continue
        there = value.to(device, non_blocking=True)
        found[key] = ordered(there) if channels_last and there.is_floating_point() else there
    return found


def ordered(value: Tensor) -> Tensor:
    """A tensor of five dimensions with its channels last in memory; any other as it is."""
    return value.contiguous(memory_format=torch.channels_last_3d) if value.dim() == 5 else value  # noqa: PLR2004


def folded(value: Tensor) -> tuple[Tensor, int]:
    """Clips of a sample as samples of their own: [N, C, ...] -> [N * C, ...], C; five dimensions have one clip each."""
    if value.dim() == 5:  # noqa: PLR2004 (N, channels, T, H, W)
        return value, 1
    return value.flatten(0, 1), value.shape[1]
