"""What a made-up run leaves behind, before any program's format is put on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.words import Words

Column = np.ndarray


class Onset(NamedTuple):
    """When the fault can first be seen: in an evaluation, or in a logged training row of its epoch."""

    evaluation: int
    """Position in `Log.epoch`."""
    row: int | None = None
    """Row within that epoch, from 0; None when the evaluation shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The curves of one run. Shares are fractions, epochs count from 0; a writer turns both into its program's own."""

    epoch: Column
    """The epoch of each evaluation in the order of writing; a resumed run repeats some."""
    rows: int
    """Training rows logged an epoch."""
    iters: int
    """Iterations of an epoch."""
    train: dict[str, Column]
    """`loss`, `lr`, `grad_norm`, `top1`; one value a row."""
    val: dict[str, Column]
    """`top1`, `loss`, `map`, `miou`, `fscore`, `top1.<branch>`; one value an evaluation."""

    def iteration(self, row: int) -> int:
        """The iteration within its epoch at which a training row was logged, from 1; every epoch logs at the same."""
        return (row + 1) * self.iters // self.rows

    def step(self, evaluation: int, row: int | None = None) -> int:
        """The steps done at a training row, or at the end of an evaluation's epoch."""
        within = self.iters if row is None else self.iteration(row)
        return int(self.epoch[evaluation]) * self.iters + within


class Tale(NamedTuple):
    """One drawn run: its curves, and when its fault can first be seen."""

    log: Log
    onset: Onset | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """One program's log format."""

    name: str
    file: str
    text: Callable[[Log], str]
    unit: str
    """`epoch`; `step`; `epoch+iter` or `epoch/step` where evaluations have an epoch, and training rows an iteration
    within it or a step."""
    first: int = 0
    """The number of the first epoch in such a file; where `unit` is `step`, of the first step less one."""

    def onset(self, log: Log, onset: Onset) -> tuple[str, str]:
        """Unit and value of an onset in the file's own counting, as `index.csv` states it."""
        epoch = int(log.epoch[onset.evaluation])
        if self.unit == "step":
            return self.unit, str(log.step(*onset) + self.first)
        if onset.row is not None and self.unit == "epoch/step":
            return "step", str(log.step(*onset) + self.first - 1)
        if onset.row is not None and self.unit == "epoch+iter":
            return self.unit, f"{epoch + self.first}+{log.iteration(onset.row)}"
        return "epoch", str(epoch + self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Runs of one kind, drawn by a seed."""

    name: str
    label: str
    sick: bool
    """Whether something is wrong that somebody should know of; a spike that heals by itself is not."""
    written: tuple[Writer, ...]
    """The formats, taken in turn."""
    draw: Callable[[np.random.Generator], Tale]
    story: Words
    """What it shows."""
