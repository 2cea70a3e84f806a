"""The learning rate is too high, in itself or for the batch.

A rate that is too high from the start shakes the run for as long as it lasts: it explains swings, falls without any
event, and a low ceiling. A rate that was unchanged through a healthy stretch does not explain a fall that has an event.
For: the peak rate is at least 1.5 times what a recipe known to work has for the same batch (linear scaling); the run
swings; or the rate is beyond what its optimizer ever takes.
Against: an event at the onset; a rate at or below the reference; a rate that had already fallen to a fifth.
Missing: the batch size, the number of GPUs, the gradient norm.

中文：
学习率过高，无论是就其本身，还是相对批大小而言。

从一开始就过高的学习率会一直让训练不稳：它可以解释振荡、没有事件的下跌和较低的上限。在正常阶段一直没变的学习率，
不能解释有事件对应的下跌。
支持：峰值学习率至少是同样批大小下有效配方的 1.5 倍（线性缩放）；训练在振荡；或学习率超出了该优化器通常的范围。
反对：崩溃点处有事件发生；学习率不高于参考配方；学习率早已降到五分之一。
尚缺：批大小、GPU 数量、梯度范数。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib import scaling
from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.onset import at_onset
from defib.diagnosis.schedule import rate_steps
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

ABOVE = 1.5
LEVEL = 1.1
FALLEN = 0.2
ABSOLUTE = {"sgd": 1.0, "adam": 0.02, "adamw": 0.02}
"""Rates that these optimizers hardly ever survive on deep networks; assumed."""

SCALED = Words(
    en="lr is {lr} at a batch of {batch}; {reference} uses {theirs} at {base}, which scales to {scaled}: {ratio} times too high",
    zh="批大小 {batch} 时 lr 为 {lr}；参考配方“{reference}”在批大小 {base} 时用 {theirs}，按线性缩放应为 {scaled}：是其 {ratio} 倍",
)
SCALED_MEANS = Words(
    en="each step is larger than the recipe known to work can stand",
    zh="每一步都大于已知可行的配方所能承受的步长",
)
FITS = Words(
    en="lr is {lr} at a batch of {batch}; the reference scales to {scaled}",
    zh="批大小 {batch} 时 lr 为 {lr}；参考配方缩放后为 {scaled}",
)
FITS_MEANS = Words(en="the rate is not higher than what is known to work", zh="学习率并不高于已知可行的值")
SWINGS = Words(en="the deciding metric falls and recovers repeatedly", zh="决定性指标反复下跌又回升")
SWINGS_MEANS = Words(en="a step size too large for the run looks like this", zh="步长过大时正是这种表现")
BEYOND = Words(en="lr is {lr} with {optimizer}", zh="{optimizer} 的 lr 为 {lr}")
BEYOND_MEANS = Words(en="deep networks hardly ever survive such a rate", zh="深层网络几乎承受不了这样的学习率")
EVENT = Words(
    en="the run was healthy at this rate until the schedule changed at the onset",
    zh="在崩溃点调度变化之前，训练在这一学习率下一直正常",
)
EVENT_MEANS = Words(en="what was there all along does not explain a sudden fall", zh="一直存在的因素不能解释突然的下跌")
DECAYED = Words(
    en="the logged rate was {now} at the onset, after a peak of {peak}",
    zh="崩溃点处日志学习率为 {now}，此前峰值为 {peak}",
)
DECAYED_MEANS = Words(en="the rate had already fallen", zh="学习率当时已经下降")
NEED_BATCH = Words(
    en="the total batch (batch size and number of GPUs; say --gpus N), without which the rate cannot be compared",
    zh="总批大小（每卡批大小与 GPU 数量；可用 --gpus N 给出），缺少它无法比较学习率",
)
NEED_NORM = Words(
    en="the gradient norm was not logged; it would show whether steps grew before the fall",
    zh="没有记录梯度范数；它能显示下跌之前步长是否变大",
)


@cause(
    says=Words(en="the learning rate is too high", zh="学习率过高"),
    explains=(
        "oscillation",
        "val_collapse",
        "branch_collapse",
        "non_finite",
        "loss_divergence",
        "gradient_not_finite",
        "loss_at_chance",
        "fell_to_chance",
        "dead_branch",
        "loss_spike",
    ),
)
def lr_too_high(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare the rate with a reference for the same batch, and with how the run behaves."""
    rate = _rate(run, checkup)
    clues = [*_scaled(run, rate), *_absolute(run, rate)]
    if rate is not None and any(one.rule == "oscillation" for one in checkup.symptoms):
        swing = next(one for one in checkup.symptoms if one.rule == "oscillation")
        clues.append(Clue(side="for", measured=SWINGS, means=SWINGS_MEANS, facts=swing.facts))
    yield from clues
    if any(clue.side == "for" for clue in clues):
        yield from _against(run, checkup)
    if clues and run.get("train/grad_norm") is None:
        yield Clue(side="missing", measured=NEED_NORM)


def _rate(run: Run, checkup: Checkup) -> float | None:
    """The peak rate of the config; where it leaves the rate to the program, or there is none, the peak that was logged.

    The logged one is that of the time before the fall: what came later may be somebody's remedy.
    """
    if "lr" in run.settings:
        return scaling.effective_lr(run)
    logged, incident = run.get("train/lr"), checkup.incident
    if logged is None:
        return None
    values = logged.value
    if incident is not None and incident.onset.epoch is not None:
        values = values[logged.epoch <= incident.onset.epoch]
    elif incident is not None and incident.onset.step is not None:
        values = values[logged.step <= incident.onset.step]
    known = values[np.isfinite(values) & (values > 0)]
    return float(known.max()) if len(known) else None


def _kind(optimizer: object) -> str:
    """An optimizer without its module and its implementation.

    >>> _kind("torch.optim.SGD"), _kind("adamw_torch_fused"), _kind("AdamW"), _kind(None)
    ('sgd', 'adamw', 'adamw', '')
    """
    return optimizer.rpartition(".")[2].lower().partition("_")[0] if isinstance(optimizer, str) else ""


def _scaled(run: Run, rate: float | None) -> Iterator[Clue]:
    total, scaled = scaling.total_batch(run), scaling.scaled_lr(run)
    if rate is None or run.reference is None or "lr" not in run.reference.settings or not scaling.same_optimizer(run):
        return
    if total is None or scaled is None:
        yield Clue(side="missing", measured=NEED_BATCH)
        return
    words = {
        "lr": number(rate),
        "batch": total,
        "reference": run.reference.says,
        "theirs": number(run.reference.settings["lr"]),
        "base": run.reference.batch,
        "scaled": number(scaled),
        "ratio": number(rate / scaled, 2),
    }
    facts = (run.setting_fact("lr"),) if "lr" in run.settings else ()
    if rate >= ABOVE * scaled:
        yield Clue(side="for", strength="strong", measured=SCALED.fill(**words), means=SCALED_MEANS, facts=facts)
    elif rate <= LEVEL * scaled:
        yield Clue(side="against", strength="strong", measured=FITS.fill(**words), means=FITS_MEANS, facts=facts)


def _absolute(run: Run, rate: float | None) -> Iterator[Clue]:
    optimizer = run.setting("optimizer")
    limit = ABSOLUTE.get(_kind(optimizer))
    if rate is not None and limit is not None and rate > limit:
        words = {"lr": number(rate), "optimizer": optimizer}
        yield Clue(side="for", strength="strong", measured=BEYOND.fill(**words), means=BEYOND_MEANS)


def _against(run: Run, checkup: Checkup) -> Iterator[Clue]:
    onset = None if checkup.incident is None else checkup.incident.onset.epoch
    stepped = onset is not None and any(
        step.factor >= ABOVE and abs(step.epoch - onset) <= 1.0 for step in rate_steps(run)
    )
    if at_onset(checkup, "lr_jump") or stepped:
        yield Clue(side="against", measured=EVENT, means=EVENT_MEANS)
    logged = run.get("train/lr")
    if logged is None or onset is None:
        return
    before = logged.value[logged.epoch <= onset]
    if len(before) and before[-1] < FALLEN * np.nanmax(before):
        words = {"now": number(float(before[-1])), "peak": number(float(np.nanmax(before)))}
        yield Clue(side="against", strength="strong", measured=DECAYED.fill(**words), means=DECAYED_MEANS)
