"""Sick runs: something that worked stops working."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bench.families.family import family
from bench.families.json_writers import DETECTRON2, JSON_LINES, LOG_TXT, MMCV, SCALARS, TRAINER_STATE
from bench.families.laws import Skill, Task, both, by_row, cosine, learning, left, remembering, task, told
from bench.families.log import Column, Log, Onset, Tale
from bench.families.table_writers import CONSOLE, KERAS, LIGHTNING, PLAIN, YOLO

if TYPE_CHECKING:
    from numpy.random import Generator

FALLEN = 0.6  # of the best: the labelled logs call a loss of about 40 % of the running best a fall


def _moment(rng: Generator, what: Task) -> int:
    """The evaluation at which the fault shows: neither before anything was learned nor at the very end."""
    return int(rng.integers(what.epochs // 3, what.epochs - 6))


def _with_map(log: Log) -> Log:
    return replace(log, val={**log.val, "map": 0.75 * log.val["top1"]})


@family(
    "collapse",
    SCALARS,
    CONSOLE,
    PLAIN,
    YOLO,
    sick=True,
    zh="两次评估之内丢掉一半以上的分数，不再恢复；训练损失看不出任何变化。",
)
def collapse_at_once(rng: Generator) -> Tale:
    """More than half of the score is lost in two evaluations and does not come back; the training loss shows nothing."""
    what = task(rng)
    skill = learning(rng, what)
    onset = _moment(rng, what)
    rest = float(rng.uniform(0.3, 0.5))
    share = np.ones(what.epochs)
    share[onset] = float(rng.uniform(rest + 0.05, FALLEN))
    share[onset + 1 :] = rest * np.exp(remembering(rng, what.epochs - onset - 1, 0.08))
    return Tale(_with_map(told(rng, what, Skill(skill, left(what, skill, share)))), Onset(onset))


@family(
    "collapse",
    JSON_LINES,
    SCALARS,
    TRAINER_STATE,
    LIGHTNING,
    sick=True,
    zh="学习率变为原来的十到三十倍，一两个 epoch 之内模型就只会瞎猜。",
)
def jump_of_the_rate_to_chance(rng: Generator) -> Tale:
    """The learning rate becomes ten to thirty times as large, and within an epoch or two the model only guesses."""
    what = task(rng)
    skill = learning(rng, what)
    onset = _moment(rng, what)
    skill[onset:] = 0.0
    skill[onset] = float(rng.uniform(0.0, 0.15))
    lr = np.full(what.epochs, what.lr)
    lr[onset:] *= float(rng.uniform(10, 30))
    return Tale(told(rng, what, both(skill), lr), Onset(onset))


@family(
    "collapse",
    SCALARS,
    LOG_TXT,
    LIGHTNING,
    KERAS,
    sick=True,
    zh="分数以二到五个 epoch 的半衰期衰减到原来的一小部分。起始点是去掉噪声后第一次比最好成绩低 40% 的评估，即带标签日志所说的下跌。衰减在此之前几次评估就已开始，因此早于起始点的 act 不一定是误报。",
)
def slow_collapse(rng: Generator) -> Tale:
    """The score decays with a half-life of two to five epochs towards a small part of what it was.

    The onset is the first evaluation at which, without the noise, 40 % of the best is gone: what the labelled logs
    call a fall. The decay begins some evaluations before, so that an act before the onset need not be a false one.
    """
    what = task(rng, epochs=int(rng.integers(36, 61)))
    skill = learning(rng, what)
    begins = int(rng.integers(what.epochs // 3, what.epochs // 2))
    rest, half = float(rng.uniform(0.1, 0.3)), float(rng.uniform(2, 5))
    since = np.arange(1, what.epochs - begins + 1)
    skill[begins:] = skill[begins - 1] * (rest + (1 - rest) * 0.5 ** (since / half))
    score = what.chance + (what.ceiling - what.chance) * skill
    onset = begins + int(np.argmax(score[begins:] < FALLEN * score[:begins].max()))
    return Tale(told(rng, what, both(skill)), Onset(onset))


@family("collapse", SCALARS, sick=True, zh="姿态分支跌到瞎猜水平；融合结果依靠另一个分支，只下降几个百分点。")
def branch_collapse_under_a_fine_total(rng: Generator) -> Tale:
    """The pose branch falls to guessing; the fusion leans on the other branch and loses only a few points."""
    what = task(rng, classes=int(rng.choice([20, 52, 60])))
    skill, onset = learning(rng, what), _moment(rng, what)
    after = np.arange(what.epochs) >= onset
    pose = np.where(after, 0.0, float(rng.uniform(0.6, 0.85)) * skill)
    fused = np.clip(skill + 0.03 - np.where(after, float(rng.uniform(0.03, 0.06)), 0.0), 0, 1)
    log = told(rng, what, both(skill))
    shares = {"rgb": skill, "pose": pose, "fused": fused}
    true = {name: what.chance + (what.ceiling - what.chance) * share for name, share in shares.items()}
    val = {f"top1.{name}": rng.binomial(what.size, np.clip(share, 0, 1)) / what.size for name, share in true.items()}
    return Tale(replace(log, val=val), Onset(onset))


@family(
    "collapse",
    KERAS,
    LOG_TXT,
    PLAIN,
    JSON_LINES,
    sick=True,
    zh="激活值死亡：从某个 epoch 起所有样本都得到同一个类别，分数变成同一个数。",
)
def one_class_for_all(rng: Generator) -> Tale:
    """The activations die: from one epoch on every sample gets the same class, and the score is the same number."""
    what = task(rng)
    skill = learning(rng, what)
    onset = _moment(rng, what)
    skill[onset:] = 0.0
    log = told(rng, what, both(skill))
    rows = slice(onset * what.rows, None)
    train = {name: column.copy() for name, column in log.train.items()}
    train["loss"][rows] = what.guess_loss * (1 + rng.normal(0, 0.002, what.rows * (what.epochs - onset)))
    top1, loss = log.val["top1"].copy(), log.val["loss"].copy()
    top1[onset:], loss[onset:] = round(what.chance * what.size) / what.size, what.guess_loss
    return Tale(replace(log, train=train, val={**log.val, "top1": top1, "loss": loss}), Onset(onset, 0))


@family(
    "collapse", MMCV, JSON_LINES, PLAIN, SCALARS, sick=True, zh="没有记录验证；训练损失回到瞎猜水平，训练准确率也一样。"
)
def training_alone_collapses(rng: Generator) -> Tale:
    """No validation is logged; the training loss goes back to that of guessing, and the training accuracy with it."""
    what = task(rng)
    skill = learning(rng, what)
    onset = _moment(rng, what)
    skill[onset:] = 0.0
    log = replace(told(rng, what, both(skill)), val={})
    # Within the first epoch of the fault the rows fall; by_row draws that as a line, so that its middle shows it.
    return Tale(log, Onset(onset, what.rows // 2))


@family(
    "collapse",
    JSON_LINES,
    LIGHTNING,
    DETECTRON2,
    MMCV,
    sick=True,
    zh="训练损失跳到八到十五倍，缓慢回落，最终停在原来的数倍。分数随之跌到三分之一；若瞎猜水平更高，则跌到瞎猜水平。",
)
def spike_that_stays(rng: Generator) -> Tale:
    """The training loss jumps eight- to fifteenfold, comes down slowly, and stays at several times what it was.

    The score falls with it to a third, or to guessing where that is more.
    """
    what = task(rng)
    skill, onset, row = learning(rng, what), _moment(rng, what), 1
    log = told(rng, what, both(skill))
    since = np.arange(what.epochs * what.rows) - (onset * what.rows + row)
    height, rest = float(rng.uniform(8, 15)), float(rng.uniform(4, 6))
    level = rest + (height - rest) * np.exp(-np.maximum(since, 0) / (2 * what.rows))
    before = float(np.median(log.train["loss"][max(0, (onset - 2) * what.rows) : onset * what.rows]))
    loss = np.where(since >= 0, before * level * np.exp(remembering(rng, len(since), what.shake)), log.train["loss"])
    kept = skill.copy()
    kept[onset:] = left(what, skill[onset:], float(rng.uniform(0.1, 0.33)))
    fallen = told(rng, what, both(kept))
    train = {**log.train, "loss": loss}
    return Tale(_with_map(replace(fallen, train=train)), Onset(onset, row))


@family(
    "collapse",
    TRAINER_STATE,
    JSON_LINES,
    LIGHTNING,
    PLAIN,
    sick=True,
    zh="学习率相对曲率过高：训练损失每行按固定倍数增长，分数归零。起始点是第一个达到之前五倍的行，即带标签日志所说的跳变。",
)
def divergence(rng: Generator) -> Tale:
    """The rate is too high for the curvature: the training loss grows by a constant factor a row, and the score dies.

    The onset is the first row at five times the loss before, which is what the labelled logs call a jump.
    """
    what = task(rng)
    skill, begins = learning(rng, what), _moment(rng, what)
    log = told(rng, what, both(np.where(np.arange(what.epochs) < begins, skill, 0.0)))
    level = float(np.median(log.train["loss"][(begins - 2) * what.rows : begins * what.rows]))
    since = np.arange(what.epochs * what.rows) - begins * what.rows
    factor = float(rng.uniform(1.3, 2.5))
    grown = np.minimum(level * factor ** np.clip(since, 0, 60), 1e4 * what.guess_loss)
    noise = np.exp(remembering(rng, len(since), what.shake))
    loss = np.where(since >= 0, grown * noise, by_row(skill, what.rows) * 0 + log.train["loss"])
    at = int(np.argmax((since >= 0) & (grown >= 5 * level)))
    val_loss = log.val["loss"].copy()
    val_loss[begins:] = loss[(np.arange(begins, what.epochs) + 1) * what.rows - 1]
    train = {**log.train, "loss": loss, "lr": cosine(what)}
    told_so = replace(log, train=train, val={**log.val, "loss": val_loss})
    return Tale(told_so, Onset(at // what.rows, at % what.rows))


@family(
    "nan",
    MMCV,
    LIGHTNING,
    JSON_LINES,
    DETECTRON2,
    SCALARS,
    CONSOLE,
    sick=True,
    zh="一次溢出：从某一行起权重为 NaN，所有损失也是；分类器只输出一个类别。",
)
def nan_from_a_moment(rng: Generator) -> Tale:
    """One overflow: the weights are NaN from one row on, and so is every loss; the classifier answers one class."""
    what = task(rng)
    log = told(rng, what, both(learning(rng, what)))
    return _overflown(what, log, Onset(_moment(rng, what), int(rng.integers(0, what.rows))))


@family(
    "nan", TRAINER_STATE, sick=True, zh="同样的情况，但经过 Hugging Face 的过滤：损失写成 0.0，只有梯度范数是 NaN。"
)
def nan_that_the_trainer_hides(rng: Generator) -> Tale:
    """The same under Hugging Face's filter: the loss is written as 0.0, and only the gradient norm says NaN."""
    what = task(rng)
    log = told(rng, what, both(learning(rng, what)))
    return _overflown(what, log, Onset(_moment(rng, what), int(rng.integers(0, what.rows))))


@family(
    "nan",
    MMCV,
    JSON_LINES,
    LIGHTNING,
    DETECTRON2,
    sick=True,
    zh="输入有误：从第一或第二个记录行起就是 NaN，直到有人在最初几个 epoch 内把它停掉。",
)
def nan_from_the_start(rng: Generator) -> Tale:
    """Broken input: NaN from the first or second logged row, until somebody stops it in the first epochs."""
    what = task(rng, epochs=int(rng.integers(2, 5)))
    log = told(rng, what, both(learning(rng, what)))
    return _overflown(what, log, Onset(0, int(rng.integers(0, 2))))


def _overflown(what: Task, log: Log, onset: Onset) -> Tale:
    """The log with NaN weights from the onset on."""
    first = onset.evaluation * what.rows + (onset.row or 0)
    train: dict[str, Column] = {name: column.copy() for name, column in log.train.items()}
    for name in ("loss", "grad_norm"):
        train[name][first:] = np.nan
    train["top1"][first:] = what.chance
    val = {name: column.copy() for name, column in log.val.items()}
    val["loss"][onset.evaluation :] = np.nan
    val["top1"][onset.evaluation :] = round(what.chance * what.size) / what.size
    # A detector without one finite box has no precision to report.
    val["map"] = np.where(np.arange(what.epochs) < onset.evaluation, 0.75 * log.val["top1"], np.nan)
    return Tale(replace(log, train=train, val=val), onset)
