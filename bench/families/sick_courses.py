"""Sick runs without a sudden fall: nothing is learned, too much is learned by heart, or the run never comes to rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bench.families.family import family
from bench.families.json_writers import JSON_LINES, LOG_TXT, MMCV, SCALARS, TRAINER_STATE
from bench.families.laws import Skill, both, learning, left, remembering, task, told
from bench.families.log import Onset, Tale
from bench.families.table_writers import CONSOLE, KERAS, LIGHTNING, PLAIN, YOLO

if TYPE_CHECKING:
    from numpy.random import Generator


@family(
    "oscillating",
    SCALARS,
    MMCV,
    LOG_TXT,
    CONSOLE,
    sick=True,
    zh="学习率处在稳定边缘且从不衰减：直到结束，分数不断下跌又回升，最多时跌掉一半到四分之三。",
)
def rate_at_the_edge(rng: Generator) -> Tale:
    """A rate at the edge of stability that never decays: to the end the score falls and rises, at most by half to three quarters of itself."""
    what = task(rng, epochs=int(rng.integers(30, 61)))
    skill = learning(rng, what)
    begins = int(rng.integers(6, what.epochs // 3))
    depth = float(rng.uniform(0.45, 0.75))
    # How far from the valley's floor an evaluation finds the weights: anywhere, with little memory.
    thrown = np.clip(0.5 + remembering(rng, what.epochs, 0.4, 0.2), 0, 1) * depth
    swung = np.where(np.arange(what.epochs) < begins, skill, left(what, skill, 1 - thrown))
    lr = np.full(what.epochs, what.lr)
    return Tale(told(rng, what, Skill(0.5 * (skill + swung), swung), lr), Onset(begins))


@family(
    "overfit",
    TRAINER_STATE,
    LIGHTNING,
    KERAS,
    PLAIN,
    sick=True,
    zh="验证损失很早就达到最低，之后升到二到四倍；分数保持不变。",
)
def overfitting_by_the_loss(rng: Generator) -> Tale:
    """The held-out loss has its lowest value early and rises to two to four times that; the score stays where it is."""
    what = task(rng)
    best = int(rng.integers(6, max(8, what.epochs // 3)))
    skill = learning(rng, what)
    held_out = np.where(np.arange(what.epochs) < best, skill, skill[best - 1])
    log = told(rng, what, Skill(skill, held_out))
    since = np.clip(np.arange(what.epochs) - best, 0, None)
    loss = log.val["loss"] * (1 + float(rng.uniform(1, 3)) * since / (what.epochs - best))
    return Tale(replace(log, val={**log.val, "loss": loss}), Onset(best))


@family(
    "overfit",
    PLAIN,
    SCALARS,
    MMCV,
    KERAS,
    sick=True,
    zh="小训练集被背熟；验证分数达到最高之后，慢慢失去自身的 15% 到 30%。",
)
def overfitting_by_the_score(rng: Generator) -> Tale:
    """A small training set is known by heart; the held-out score peaks and then loses 15 to 30 % of itself slowly."""
    what = task(rng, epochs=int(rng.integers(36, 61)), size=int(rng.integers(1000, 5001)))
    skill = learning(rng, what)
    best = int(rng.integers(8, what.epochs // 3))
    held_out = np.where(np.arange(what.epochs) < best, skill, skill[best - 1])
    lost = float(rng.uniform(0.15, 0.3))
    held_out[best:] = left(what, held_out[best:], 1 - lost * np.linspace(0, 1, what.epochs - best))
    log = told(rng, what, Skill(skill, held_out))
    since = np.clip(np.arange(what.epochs) - best, 0, None)
    loss = log.val["loss"] * (1 + since / (what.epochs - best))
    return Tale(replace(log, val={**log.val, "loss": loss}), Onset(best))


@family(
    "plateau",
    SCALARS,
    KERAS,
    TRAINER_STATE,
    LOG_TXT,
    JSON_LINES,
    sick=True,
    zh="标签与输入毫无关系：从头到尾损失和分数都停留在瞎猜水平。",
)
def never_learned(rng: Generator) -> Tale:
    """Labels that have nothing to do with the inputs: loss and score stay at guessing from beginning to end."""
    what = task(rng)
    return Tale(told(rng, what, both(np.zeros(what.epochs))), Onset(0))


@family(
    "plateau",
    KERAS,
    PLAIN,
    TRAINER_STATE,
    sick=True,
    zh="类别不平衡：每次评估都只输出最大的类别，得到同一个数；损失缓慢下降。",
)
def always_the_largest_class(rng: Generator) -> Tale:
    """Unbalanced classes: every evaluation answers the largest one and gives the same number; the loss creeps down."""
    what = task(rng, classes=int(rng.choice([2, 3, 5])))
    creep = 0.15 * learning(rng, what)
    log = told(rng, what, Skill(creep, creep))
    share = round(float(rng.uniform(0.5, 0.8)) * what.size) / what.size
    top1 = np.clip(share + remembering(rng, len(log.train["top1"]), 0.03), 0, 1)
    val = {**log.val, "top1": np.full(what.epochs, share)}
    return Tale(replace(log, train={**log.train, "top1": top1}, val=val), Onset(0))


@family(
    "plateau",
    SCALARS,
    LIGHTNING,
    YOLO,
    JSON_LINES,
    sick=True,
    zh="本应按 epoch 衰减的学习率按步衰减：第一个 epoch 之后学习率为零，分数停留在瞎猜水平附近。",
)
def rate_dies_in_the_first_epoch(rng: Generator) -> Tale:
    """A decay meant for epochs is applied a step: the rate is zero after the first epoch, and the score stays near guessing."""
    what = task(rng)
    skill = np.full(what.epochs, float(rng.uniform(0.01, 0.06)))
    lr = np.full(what.epochs, what.lr)
    lr[1:] = 0.0
    log = told(rng, what, both(skill), lr)
    return Tale(replace(log, val={**log.val, "map": 0.75 * np.clip(log.val["top1"] - what.chance, 0, 1)}), Onset(1))
