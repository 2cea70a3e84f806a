"""Healthy runs that look frightening because of noise, of scale, or of a dip that heals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bench.families.family import family
from bench.families.json_writers import DETECTRON2, JSON_LINES, LOG_TXT, MMCV, SCALARS, TRAINER_STATE
from bench.families.laws import Skill, both, by_row, learning, left, remembering, task, told
from bench.families.log import Log, Onset, Tale
from bench.families.table_writers import CONSOLE, KERAS, LIGHTNING, PLAIN, YOLO

if TYPE_CHECKING:
    from numpy.random import Generator


@family(
    "healthy",
    SCALARS,
    KERAS,
    TRAINER_STATE,
    PLAIN,
    sick=False,
    zh="验证集只有 80 到 200 个样本：相邻两次评估之间，分数会上下浮动约四个百分点。",
)
def noisy_validation(rng: Generator) -> Tale:
    """A validation set of 80 to 200 samples: the score wanders by about four points from one evaluation to the next."""
    what = task(rng, size=int(rng.integers(80, 201)), ceiling=float(rng.uniform(0.5, 0.85)))
    return Tale(told(rng, what, both(learning(rng, what))))


@family(
    "spike",
    MMCV,
    JSON_LINES,
    LIGHTNING,
    TRAINER_STATE,
    sick=False,
    zh="遇到一个坏批次：训练损失跳到五到十五倍，几行之后恢复；分数几乎不变。",
)
def loss_spike_that_recovers(rng: Generator) -> Tale:
    """One bad batch: the training loss jumps five- to fifteenfold and is back within a few rows; the score hardly moves."""
    what = task(rng)
    log = told(rng, what, both(learning(rng, what)))
    evaluation, row = int(rng.integers(what.epochs // 3, what.epochs - 5)), int(rng.integers(0, what.rows))
    height, length = float(rng.uniform(5, 15)), float(rng.uniform(0.4, 1.2))
    since = np.arange(what.epochs * what.rows) - (evaluation * what.rows + row)
    jump = np.where(since >= 0, (height - 1) * np.exp(-np.maximum(since, 0) / length), 0.0)
    train = {**log.train, "loss": log.train["loss"] * (1 + jump), "grad_norm": log.train["grad_norm"] * (1 + 3 * jump)}
    return Tale(replace(log, train=train), Onset(evaluation, row))


@family(
    "spike",
    SCALARS,
    KERAS,
    CONSOLE,
    LOG_TXT,
    sick=False,
    zh="归一化层的统计量在两次评估期间漂移：分数掉了约一半，随后全部恢复。",
)
def dip_of_two_evaluations(rng: Generator) -> Tale:
    """Statistics of the normalisation drift for two evaluations: about half of the score is gone, then all is back."""
    what = task(rng)
    skill = learning(rng, what)
    onset = int(rng.integers(what.epochs // 3, what.epochs - 6))
    share = np.ones(what.epochs)
    share[onset] -= float(rng.uniform(0.42, 0.55))
    share[onset + 1] -= float(rng.uniform(0.2, 0.4))
    return Tale(told(rng, what, Skill(skill, left(what, skill, share))), Onset(onset))


@family(
    "healthy",
    SCALARS,
    sick=False,
    zh="分割任务：一个从未被预测的类别开始被预测到，“已预测类别的平均值”因此下降。`mFscore` 不计分数为 NaN 的类别；这个仍然很差的新类别进入平均后它会下降，而一直把该类别按零计入的平均交并比上升。",
)
def class_appears(rng: Generator) -> Tale:
    """Segmentation: a class that was never predicted begins to be, and the mean over predicted classes falls.

    `mFscore` leaves out classes whose score is NaN; with the new, still bad class in the mean it drops while the mean
    intersection over union, which counted that class as zero, rises.
    """
    what = task(rng, size=int(rng.integers(300, 1500)))
    skill = learning(rng, what)
    appears = int(rng.integers(what.epochs // 4, what.epochs // 2))
    known = 0.9 * skill
    new = np.where(np.arange(what.epochs) < appears, 0.0, 0.8 * (1 - np.exp(-(np.arange(what.epochs) - appears) / 12)))
    wander = remembering(rng, what.epochs, 0.008, 0.3)
    f_known, f_new = np.sqrt(known), np.sqrt(np.clip(new, 0, 1))
    fscore = np.where(new > 0, 0.5 * (f_known + f_new), f_known)
    log = told(rng, what, both(skill))
    val = {"miou": np.clip(0.5 * (known + new) + wander, 0, 1), "fscore": np.clip(fscore + wander, 0, 1)}
    return Tale(replace(log, val=val))


@family("healthy", SCALARS, sick=False, zh="两个分支，其中一个天生看到的信息就少；它一直偏弱，而融合结果优于任一分支。")
def weak_branch(rng: Generator) -> Tale:
    """Two branches, of which one can see only little by nature; it stays weak, and the fusion is better than both."""
    what = task(rng, classes=int(rng.choice([20, 52, 60])))
    skill = learning(rng, what)
    ceilings = {"rgb": what.ceiling, "pose": float(rng.uniform(0.25, 0.5)) * what.ceiling, "fused": what.ceiling + 0.03}
    hard = rng.normal(0, 0.4 / np.sqrt(what.size), what.epochs)  # the branches look at the same samples
    log = told(rng, what, both(skill))
    val = {
        f"top1.{name}": np.clip(
            rng.binomial(what.size, np.clip(what.chance + (top - what.chance) * skill, 0, 1)) / what.size + hard, 0, 1
        )
        for name, top in ceilings.items()
    }
    return Tale(replace(log, val=val))


@family(
    "healthy",
    PLAIN,
    LOG_TXT,
    SCALARS,
    YOLO,
    sick=False,
    zh="分数在训练过半时达到最高，之后到结束共下降二到四个百分点。",
)
def slow_late_decline(rng: Generator) -> Tale:
    """The score peaks after half of the run and then loses two to four points until the end."""
    what = task(rng, size=int(rng.integers(1500, 5001)), epochs=int(rng.integers(40, 81)))
    skill = learning(rng, what)
    peak = int(rng.uniform(0.5, 0.65) * what.epochs)
    points = float(rng.uniform(0.02, 0.04)) / what.ceiling
    held_out = skill.copy()
    held_out[peak:] -= points * np.linspace(0, 1, what.epochs - peak)
    log = told(rng, what, Skill(skill, held_out))
    return Tale(replace(log, val={**log.val, "map": 0.7 * log.val["top1"]}))


@family("healthy", LIGHTNING, sick=False, zh="回归任务：损失下降三个数量级，噪声是重尾的，个别点会突然高出十倍。")
def heavy_tails(rng: Generator) -> Tale:
    """A regression whose losses fall by three orders of magnitude, with heavy-tailed noise: single bumps tenfold."""
    what = task(rng, epochs=int(rng.integers(60, 151)), rows=int(rng.integers(2, 5)))
    size = float(rng.uniform(0.25, 0.5))
    falling = 10 ** (-3 * (1 - np.exp(-np.arange(1, what.epochs + 1) / (what.epochs / 3))))
    loss = by_row(falling, what.rows, 1.0) * np.exp(size * rng.standard_t(3, what.epochs * what.rows))
    val = falling * np.exp(size * rng.standard_t(3, what.epochs))
    train = {"loss": loss, "lr": np.full(len(loss), what.lr)}
    log = Log(epoch=np.arange(what.epochs), rows=what.rows, iters=what.iters, train=train, val={"loss": val})
    return Tale(log)


@family("healthy", JSON_LINES, sick=False, zh="训练集很早就被背熟；测试分数长时间停留在瞎猜水平，之后升到接近满分。")
def grokking(rng: Generator) -> Tale:
    """The training set is known by heart early; the test score stays at chance for long and then rises to nearly all."""
    classes = int(rng.choice([97, 113]))
    what = task(rng, classes=classes, epochs=120, rows=1, ceiling=0.99, size=3000)
    time = np.arange(what.epochs)
    seen = 1 - np.exp(-time / float(rng.uniform(2, 5)))
    centre, width = float(rng.uniform(35, 80)), float(rng.uniform(3, 8))
    held_out = 1 / (1 + np.exp(-(time - centre) / width))
    log = told(rng, what, Skill(seen, held_out))
    # Before it groks, the held-out loss is far above that of guessing: the model is sure of what is wrong.
    return Tale(replace(log, val={**log.val, "loss": log.val["loss"] * (1 + 2.5 * (1 - held_out) * seen)}))


@family(
    "healthy",
    SCALARS,
    TRAINER_STATE,
    MMCV,
    sick=False,
    zh="混合精度：缩放器试了过大的缩放系数，梯度范数为 NaN，该步被跳过。",
)
def skipped_half_precision_steps(rng: Generator) -> Tale:
    """Mixed precision: the scaler tries a scale that is too large, the gradient norm is NaN, the step is skipped."""
    what = task(rng)
    log = told(rng, what, both(learning(rng, what)))
    norm = log.train["grad_norm"].copy()
    norm[0] = np.nan
    norm[rng.choice(len(norm), int(rng.integers(1, 5)), replace=False)] = np.nan
    return Tale(replace(log, train={**log.train, "grad_norm": norm}))


@family("healthy", YOLO, sick=False, zh="验证损失每一行都是 NaN，因为根本没有计算它；分数正常。")
def validation_loss_never_computed(rng: Generator) -> Tale:
    """The validation loss is NaN in every row because nobody computes it; the scores are fine."""
    what = task(rng)
    log = told(rng, what, both(learning(rng, what)))
    never = np.full(what.epochs, np.nan)
    return Tale(replace(log, val={**log.val, "loss": never, "map": 0.65 * log.val["top1"]}))


@family(
    "healthy",
    LIGHTNING,
    PLAIN,
    sick=False,
    zh="物理信息网络：损失从十的十三次方开始，数百个 epoch 持续下降，途中有起伏。",
)
def physics_scale(rng: Generator) -> Tale:
    """A physics-informed network: the loss begins at ten to the thirteenth and falls for hundreds of epochs, with bumps."""
    epochs = int(rng.integers(200, 401))
    decades = float(rng.uniform(9, 13))
    path = decades * (1 - np.exp(-np.arange(1, epochs + 1) / (epochs / 3)))
    bumps = np.zeros(epochs)
    for at in rng.choice(epochs // 2, int(rng.integers(2, 6)), replace=False):
        bumps[at:] += float(rng.uniform(0.5, 1.5)) * np.exp(-np.arange(epochs - at) / float(rng.uniform(0.5, 3)))
    loss = 10 ** (13 - path + bumps + remembering(rng, epochs, 0.08))
    train = {"loss": loss, "lr": np.full(epochs, 1e-3)}
    return Tale(Log(epoch=np.arange(epochs), rows=1, iters=1, train=train, val={}))


@family(
    "healthy",
    KERAS,
    SCALARS,
    LOG_TXT,
    DETECTRON2,
    sick=False,
    zh="起步困难：八到十四次评估都停留在瞎猜水平，损失缓慢下降，之后才开始学会。",
)
def late_learner(rng: Generator) -> Tale:
    """A hard start: guessing for eight to fourteen evaluations, the loss creeping down, and then it learns."""
    what = task(rng, epochs=int(rng.integers(40, 61)))
    wait = int(rng.integers(8, 15))
    late = 1 - np.exp(-np.arange(1, what.epochs - wait + 1) / what.pace)
    skill = np.concatenate((np.linspace(0.0, 0.01, wait), 0.01 + 0.98 * late))
    log = told(rng, what, both(skill))
    return Tale(replace(log, val={**log.val, "map": 0.7 * np.clip(log.val["top1"] - what.chance, 0, 1)}))
