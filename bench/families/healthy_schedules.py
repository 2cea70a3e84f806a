"""Healthy runs whose curves jump because the schedule says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bench.families.family import family
from bench.families.json_writers import JSON_LINES, LOG_TXT, MMCV, SCALARS, TRAINER_STATE
from bench.families.laws import Skill, both, learning, task, told
from bench.families.log import Log, Tale
from bench.families.table_writers import CONSOLE, KERAS, LIGHTNING, PLAIN, YOLO

if TYPE_CHECKING:
    from numpy.random import Generator


@family(
    "healthy",
    MMCV,
    SCALARS,
    CONSOLE,
    LIGHTNING,
    sick=False,
    zh="学习率两次降为十分之一；每次损失下降、分数上升、噪声变小。",
)
def step_decay(rng: Generator) -> Tale:
    """The learning rate falls to a tenth twice; each time the loss drops, the score rises and the noise shrinks."""
    what = task(rng)
    first, second = int(0.5 * what.epochs), int(0.75 * what.epochs)
    skill = 0.8 * learning(rng, what)
    skill[first:] += 0.13 * (1 - np.exp(-np.arange(1, what.epochs - first + 1)))
    skill[second:] += 0.03 * (1 - np.exp(-np.arange(1, what.epochs - second + 1)))
    wobble = np.where(np.arange(what.epochs) < first, 0.03, 0.006)
    held_out = np.clip(skill + rng.normal(0, 1, what.epochs) * wobble, 0, 1)
    lr = np.full(what.epochs, what.lr)
    lr[first:] *= 0.1
    lr[second:] *= 0.1
    return Tale(told(rng, what, Skill(skill, held_out), lr))


@family(
    "healthy",
    SCALARS,
    PLAIN,
    JSON_LINES,
    LIGHTNING,
    sick=False,
    zh="带热重启的余弦退火：每次重启时较高的学习率会损失一部分分数，之后恢复得更好。",
)
def warm_restarts(rng: Generator) -> Tale:
    """Cosine with warm restarts: at each restart the high rate costs a part of the score, which comes back better."""
    what = task(rng)
    period = int(rng.integers(8, 13))
    phase = (np.arange(what.epochs) % period) / period
    rate = 0.5 * (1 + np.cos(np.pi * phase))
    cost = float(rng.uniform(0.08, 0.25)) * rate * (np.arange(what.epochs) >= period)
    skill = np.clip(learning(rng, what) * (1 - cost), 0, 1)
    return Tale(told(rng, what, both(skill), what.lr * (0.001 + rate)))


@family(
    "healthy",
    TRAINER_STATE,
    KERAS,
    LIGHTNING,
    SCALARS,
    sick=False,
    zh="冻结的骨干网络被解冻：分数下跌一两次评估，然后超过原来的水平。",
)
def unfreezing(rng: Generator) -> Tale:
    """A frozen backbone is set free: the score dips for one or two evaluations and then passes what it was."""
    what = task(rng)
    free = int(rng.integers(6, 12))
    head = learning(rng, what)
    skill = 0.6 * head
    rest = what.epochs - free
    skill[free:] = 0.6 + (0.38) * (1 - np.exp(-np.arange(1, rest + 1) / what.pace))
    depth, width = float(rng.uniform(0.05, 0.2)), int(rng.integers(1, 3))
    skill[free : free + width] = skill[free - 1] * (1 - depth)
    lr = np.full(what.epochs, what.lr)
    lr[free:] *= 0.1
    return Tale(told(rng, what, both(np.clip(skill, 0, 1)), lr))


@family(
    "healthy",
    YOLO,
    YOLO,
    LOG_TXT,
    sick=False,
    zh="结束前几个 epoch 关闭 mosaic 或 mixup：训练损失立即下降，分数只有少量变化。",
)
def mixing_switched_off(rng: Generator) -> Tale:
    """Mosaic or mixup ends some epochs before the end: the training loss drops at once, the score shifts by little."""
    what = task(rng)
    off = what.epochs - int(rng.integers(5, 11))
    skill = learning(rng, what)
    held_out = skill.copy()
    held_out[off : off + 2] -= float(rng.uniform(0.0, 0.05))
    held_out[off:] += 0.02
    log = told(rng, what, Skill(skill, np.clip(held_out, 0, 1)))
    loss = log.train["loss"] * 1.5 + 0.5
    loss[off * what.rows :] *= float(rng.uniform(0.4, 0.7))
    score = 0.6 * log.val["top1"]
    return Tale(replace(log, train={**log.train, "loss": loss}, val={**log.val, "map": score}))


@family(
    "healthy",
    LOG_TXT,
    JSON_LINES,
    PLAIN,
    MMCV,
    sick=False,
    zh="训练被中断，从若干 epoch 之前的检查点恢复，因此这些 epoch 出现了两次。",
)
def resumed_with_overlap(rng: Generator) -> Tale:
    """The run was killed and resumed from a checkpoint some epochs back, so that these epochs stand twice."""
    what = task(rng)
    killed = int(rng.integers(8, what.epochs - 6))
    back = int(rng.integers(1, 4))
    log = told(rng, what, both(learning(rng, what)))
    order = np.concatenate((np.arange(killed), np.arange(killed - back, what.epochs)))
    rows = (order[:, None] * what.rows + np.arange(what.rows)).ravel()
    second = np.arange(len(order)) >= killed
    # What is repeated is close to the first time and not the same: the order of the data is another one.
    nudge = np.where(np.repeat(second, what.rows), np.exp(rng.normal(0, 0.02, len(rows))), 1.0)
    train = {name: column[rows] for name, column in log.train.items()}
    train["loss"] = train["loss"] * nudge
    val = {name: column[order] for name, column in log.val.items()}
    val["top1"] = np.clip(val["top1"] + np.where(second, rng.normal(0, 0.004, len(order)), 0), 0, 1)
    return Tale(Log(epoch=order, rows=what.rows, iters=what.iters, train=train, val=val))
