"""How training curves move: learning laws, noise with a memory, and validation sets of a stated size.

Nothing here knows defib's rules. The laws are those of the literature: accuracies approach a ceiling, exponentially or
by a power of time; a validation score is a share of a finite number of samples, so that its noise is binomial; a logged
training loss is an average over few batches, with noise that remembers the row before (autoregressive, of order one).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bench.families.log import Column, Log

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is trained, for how long, and how it is measured."""

    classes: int
    epochs: int
    rows: int
    iters: int
    size: int
    """Validation samples."""
    ceiling: float
    """The share that the finished model gets right."""
    pace: float
    """Epochs in which about two thirds are learned."""
    lr: float
    shake: float
    """Noise of a logged training loss, as a share of it."""

    @property
    def chance(self) -> float:
        """The share that guessing gets right."""
        return 1.0 / self.classes

    @property
    def guess_loss(self) -> float:
        """The cross-entropy of guessing."""
        return float(np.log(self.classes))


def task(rng: Generator, **given: float) -> Task:
    """A task, drawn; what is given is not drawn."""
    drawn = {
        "classes": int(rng.choice([5, 10, 20, 60, 100])),
        "epochs": int(rng.integers(24, 61)),
        "rows": int(rng.integers(4, 11)),
        "iters": 50 * int(rng.integers(2, 11)),
        "size": int(rng.integers(400, 5001)),
        "ceiling": float(rng.uniform(0.55, 0.95)),
        "pace": float(rng.uniform(2.5, 7.0)),
        "lr": float(10 ** rng.uniform(-4, -1)),
        "shake": float(rng.uniform(0.02, 0.10)),
    }
    return Task(**{**drawn, **given})


def learning(rng: Generator, task: Task) -> Column:
    """The skill after each epoch, from 0 (guessing) to about 1: exponential in half of the runs, a power in the others."""
    time = np.arange(1, task.epochs + 1) / task.pace
    if rng.random() < 0.5:  # noqa: PLR2004 (half)
        return 1.0 - np.exp(-time)
    return 1.0 - (1.0 + time) ** -1.5


def remembering(rng: Generator, count: int, size: float, memory: float = 0.5) -> Column:
    """Noise of a standard deviation `size` in which each value remembers the one before."""
    fresh = rng.normal(0.0, size * np.sqrt(1.0 - memory**2), count)
    noise, last = np.empty(count), rng.normal(0.0, size)
    for index in range(count):
        last = memory * last + fresh[index]
        noise[index] = last
    return noise


def measured(rng: Generator, share: Column, size: int) -> Column:
    """A true share as it is measured on `size` samples: the noise is binomial."""
    return rng.binomial(size, np.clip(share, 0.0, 1.0)) / size


def by_row(values: Column, rows: int, start: float = 0.0) -> Column:
    """Values after each epoch, drawn out to the training rows within the epochs by straight lines."""
    ends = np.arange(len(values) + 1, dtype=np.float64)
    return np.interp(np.arange(1, len(values) * rows + 1) / rows, ends, np.concatenate(([start], values)))


def left(task: Task, skill: Column, share: Column | float) -> Column:
    """The skill at which the true score is a share of what it was; guessing is the least that can be left.

    A share of the skill is not that: where guessing gets one in five right, half of the skill is far more than half of
    the score.
    """
    score = task.chance + (task.ceiling - task.chance) * skill
    return np.clip((score * share - task.chance) / (task.ceiling - task.chance), 0.0, 1.0)


class Skill(NamedTuple):
    """What the model can do after each epoch: on what it trains on, and on what was held out."""

    seen: Column
    held_out: Column


def told(rng: Generator, task: Task, skill: Skill, lr: Column | None = None) -> Log:
    """The usual log of a classifier: training loss, accuracy, gradient norm and rate; held-out accuracy and loss."""
    count = task.epochs * task.rows
    floor = float(rng.uniform(0.02, 0.15)) * task.guess_loss
    rows = by_row(skill.seen, task.rows)
    loss = floor + (task.guess_loss - floor) * np.clip(1.0 - rows, 0.0, None) ** 1.2
    loss = loss * np.exp(remembering(rng, count, task.shake))
    top1 = np.clip(task.chance + (0.98 - task.chance) * rows + remembering(rng, count, 0.04), 0.0, 1.0)
    right = task.chance + (task.ceiling - task.chance) * skill.held_out
    rest = float(rng.uniform(0.25, 0.45)) * task.guess_loss
    val_loss = rest + (task.guess_loss - rest) * np.clip(1.0 - skill.held_out, 0.0, None)
    return Log(
        epoch=np.arange(task.epochs),
        rows=task.rows,
        iters=task.iters,
        train={
            "loss": loss,
            "top1": top1,
            "grad_norm": float(rng.uniform(0.5, 8.0)) * np.exp(remembering(rng, count, 0.25, 0.2)),
            "lr": cosine(task) if lr is None else by_epoch(lr, task.rows),
        },
        val={
            "top1": measured(rng, right, task.size),
            "loss": val_loss * np.exp(rng.normal(0.0, 0.6 / np.sqrt(task.size), task.epochs)),
        },
    )


def cosine(task: Task) -> Column:
    """The learning rate of each row: half a cosine from the top to nearly nothing."""
    time = np.arange(task.epochs * task.rows) / (task.epochs * task.rows)
    return task.lr * (0.01 + 0.99 * 0.5 * (1.0 + np.cos(np.pi * time)))


def by_epoch(values: Column, rows: int) -> Column:
    """One value an epoch, the same in all its training rows."""
    return np.repeat(values, rows)


def both(skill: Column) -> Skill:
    """The same skill on what was seen and on what was held out."""
    return Skill(skill, skill)
