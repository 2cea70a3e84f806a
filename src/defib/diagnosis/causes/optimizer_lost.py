"""The run was restarted without the state of its optimizer.

Momentum and second moments begin from nothing: the first steps of Adam are then as large as the rate allows in every
direction, on weights that were trained. The loss jumps at the restart and usually heals within an epoch.
For: the console log says so; weights were loaded there and nothing was resumed, though the run went on counting; the
config saves checkpoints without the optimizer; the loss jumps at the restart, and heals.
Against: the loss went on as before; the log says that the run was resumed; plain SGD has no state that could be lost.
Missing: the console log, which says what was restored; the training loss around the restart.

中文：
重启时没有恢复优化器的状态。

动量和二阶矩从零开始：Adam 最初几步会在每个方向上都按学习率允许的最大步长更新，而权重早已训练过。损失在重启处跳
高，通常一轮之内恢复。
支持：控制台日志写明如此；在该处加载了权重、没有恢复状态，而轮数继续累计；配置保存的检查点不含优化器；损失在重启
处跳高后恢复。
反对：损失与之前衔接；日志写明训练已恢复（resume）；普通 SGD 没有可丢的状态。
尚缺：写明恢复了什么的控制台日志；重启前后的训练损失。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib import settings
from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.restarts import ROW, leads_to, restarts
from defib.records import Fact
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.diagnosis.restarts import Restart
    from defib.records import Checkup, Event, Run

JUMP = 1.2  # times the loss before the restart; assumed
NOISE = 3.0  # times the usual scatter of the loss before it; assumed
SAME = 1.05  # times the loss before it, within which it went on as before; assumed
USUAL = 20  # logged losses before the restart from which the scatter is judged

SAVED_WITHOUT = "default_hooks.checkpoint.save_optimizer"

SAID = Words(en="the console log says: {text}", zh="控制台日志写道：{text}")
LOST_MEANS = Words(en="the optimizer began from nothing", zh="优化器从零开始")
WEIGHTS_MEANS = Words(
    en="weights were loaded, and no line says that the optimizer was resumed",
    zh="只加载了权重，没有任何一行说明恢复了优化器",
)
RESUMED_MEANS = Words(
    en="a full resume restores the optimizer when the checkpoint holds it",
    zh="只要检查点中有优化器状态，完整恢复就会载入它",
)
NOT_SAVED = Words(
    en="the config has save_optimizer = False: its checkpoints hold no optimizer",
    zh="配置中 save_optimizer = False：检查点不含优化器状态",
)
LOSS = Words(
    en="the training loss was {before} before the restart in epoch {epoch} and {after} right after it",
    zh="第 {epoch} 轮重启前训练损失为 {before}，重启后为 {after}",
)
HEALED = Words(en="{said}; by epoch {at} it was back at {healed}", zh="{said}；到第 {at} 轮回到 {healed}")
JUMP_MEANS = Words(en="the first steps after the restart disturbed the weights", zh="重启后的最初几步扰动了权重")
HEALED_MEANS = Words(en="moments that have to be gathered again look like this", zh="动量需要重新积累时正是这种表现")
SAME_MEANS = Words(en="whatever was lost, it did no harm", zh="即使有所丢失，也没有造成影响")
NOTHING = Words(en="the optimizer is SGD without momentum", zh="优化器是不带动量的 SGD")
NOTHING_MEANS = Words(en="it has no state that could be lost", zh="它没有可丢失的状态")
NEED_LOG = Words(
    en="the console log of the restart, which says what was restored", zh="重启时的控制台日志：它会说明恢复了哪些状态"
)
NEED_LOSS = Words(en="the training loss around the restart", zh="重启前后的训练损失")


@cause(
    says=Words(en="the restart lost the state of the optimizer", zh="重启时丢失了优化器状态"),
    explains=("val_collapse", "branch_collapse", "loss_divergence", "fell_to_chance", "loss_spike"),
    event=True,
)
def optimizer_lost(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look at the restart that comes right before the onset."""
    restart = next((one for one in reversed(restarts(run)) if leads_to(one, checkup)), None)
    if restart is None:
        return
    lost = next((one for one in restart.events if one.kind == "optimizer-lost"), None)
    told = lost or restart.resumed or restart.loaded
    if lost is not None:
        yield Clue(side="for", strength="strong", measured=_said(lost), means=LOST_MEANS, facts=(_fact(lost),))
    elif restart.resumed is not None:
        yield Clue(side="against", measured=_said(told), means=RESUMED_MEANS, facts=(_fact(told),))
    elif told is not None:
        yield Clue(side="for", strength="strong", measured=_said(told), means=WEIGHTS_MEANS, facts=(_fact(told),))
    else:
        yield Clue(side="missing", measured=NEED_LOG)
    yield from _config(run)
    yield from _loss(run, restart)


def _said(event: Event | None) -> Words:
    return SAID.fill(text="" if event is None else event.text)


def _fact(event: Event | None) -> Fact:
    if event is None:
        return Fact(metric="console", value=None)
    return Fact(metric=event.kind, value=event.text, at=event.at, place=event.place)


def _config(run: Run) -> Iterator[Clue]:
    tree = {} if run.config is None else run.config.tree
    if settings.has(tree, SAVED_WITHOUT) and settings.at(tree, SAVED_WITHOUT) is False:
        fact = Fact(metric=SAVED_WITHOUT, value=False, place=run.config_place(SAVED_WITHOUT))
        yield Clue(side="for", strength="strong", measured=NOT_SAVED, means=LOST_MEANS, facts=(fact,))
    if run.setting("optimizer") == "SGD" and not run.setting("momentum"):
        facts = (run.setting_fact("optimizer"),)
        yield Clue(side="against", strength="strong", measured=NOTHING, means=NOTHING_MEANS, facts=facts)


def _loss(run: Run, restart: Restart) -> Iterator[Clue]:
    loss = next(iter(run.branches("train/loss")), None)
    if loss is None or restart.before(loss).sum() < ROW or restart.after(loss).sum() < ROW:
        yield Clue(side="missing", measured=NEED_LOSS)
        return
    last, first = (int(np.flatnonzero(rows)[at]) for rows, at in ((restart.before(loss), -1), (restart.after(loss), 0)))
    earlier, later = loss.value[restart.before(loss)], loss.value[restart.after(loss)]
    usual = earlier[-USUAL:][np.isfinite(earlier[-USUAL:])]
    before, after = float(np.median(earlier[-ROW:])), float(np.median(later[:ROW]))
    words = {"before": number(before), "after": number(after), "epoch": number(restart.epoch)}
    facts: tuple[Fact, ...] = (run.fact(loss, last), run.fact(loss, first))
    scatter = float(np.median(np.abs(usual - np.median(usual)))) if len(usual) else float("nan")
    said = LOSS.fill(**words)
    if after <= SAME * before:
        yield Clue(side="against", strength="strong", measured=said, means=SAME_MEANS, facts=facts)
    elif after >= JUMP * before and after > before + NOISE * scatter:
        back = np.flatnonzero(later[ROW:] <= SAME * before)
        if not len(back):
            yield Clue(side="for", measured=said, means=JUMP_MEANS, facts=facts)
            return
        at = first + ROW + int(back[0])
        words = {"at": number(float(loss.epoch[at])), "healed": number(float(loss.value[at]))}
        facts = (*facts, run.fact(loss, at))
        yield Clue(side="for", measured=HEALED.fill(said=said, **words), means=HEALED_MEANS, facts=facts)
