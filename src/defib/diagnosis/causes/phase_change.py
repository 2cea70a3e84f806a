"""The fall coincides with a planned change of phase.

Layers that are unfrozen, mosaic or mixup that is switched off, another loss, another stage or other data: what is trained
changes at once, and with it the score. Such a dip often heals by itself.
For: a hook of the config changes the phase within an epoch of the onset; the console log tells of one there.
Against: the phases that are planned, or were told of, all begin elsewhere.
Missing: nothing; a change of phase that neither config nor log mentions cannot be seen.

中文：
下跌与计划中的阶段切换同时发生。

解冻某些层、关闭 mosaic 或 mixup、更换损失、进入另一阶段或更换数据：训练的内容一下子变了，成绩也随之改变。这种下
跌往往会自行恢复。
支持：配置中的 hook 在崩溃点前后一轮之内切换阶段；控制台日志提到那里有切换。
反对：计划中或日志提到的阶段都在别处开始。
尚缺：没有；配置和日志都没有提到的阶段切换无从得知。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.onset import NEAR
from defib.diagnosis.phases import phases
from defib.records import Fact, Point
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.diagnosis.phases import Phase
    from defib.records import Checkup, Event, Run

MOST = 5  # epochs that are listed

PLANNED = Words(
    en="the config's {hook} changes the phase from epoch {epoch} on ({path} = {value})",
    zh="配置中的 {hook} 从第 {epoch} 轮起切换训练阶段（{path} = {value}）",
)
SAID = Words(en="the console log says in epoch {epoch}: {text}", zh="控制台日志在第 {epoch} 轮写道：{text}")
MEANS = Words(
    en="what is trained, or on what, changed where the fall begins", zh="训练的内容或数据正好在下跌开始处发生了变化"
)
ELSEWHERE = Words(
    en="the changes of phase are at epochs {epochs}; the fall began in epoch {onset}",
    zh="训练阶段的切换位于第 {epochs} 轮；下跌始于第 {onset} 轮",
)
ELSEWHERE_MEANS = Words(en="no change of phase is near the onset", zh="崩溃点附近没有切换训练阶段")
DETAIL = Words(
    en="the training changed its phase in epoch {epoch} ({hook})", zh="训练在第 {epoch} 轮切换了阶段（{hook}）"
)


@cause(
    says=Words(en="the training changed its phase at the onset", zh="训练在崩溃点切换了阶段"),
    explains=("val_collapse", "branch_collapse", "loss_divergence", "fell_to_chance", "loss_spike"),
    event=True,
)
def phase_change(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare the onset with the phases that config and console log tell of."""
    onset = None if checkup.incident is None else checkup.incident.onset.epoch
    if onset is None:
        return
    planned = phases(run)
    told = [event for event in run.events if event.kind == "phase" and event.at.epoch is not None]
    near = [one for one in planned if 0.0 <= onset - one.epoch <= NEAR]
    heard = [
        one for one in told if one.at.epoch is not None and one.at.epoch >= onset - NEAR and _before(run, one, onset)
    ]
    for one in near:
        yield _planned(run, one)
    yield from map(_told, heard)
    if not near and not heard and (planned or told):
        epochs = sorted({one.epoch for one in planned} | {float(one.at.epoch or 0.0) for one in told})
        words = {"epochs": ", ".join(number(one) for one in epochs[:MOST]), "onset": number(onset)}
        yield Clue(side="against", strength="strong", measured=ELSEWHERE.fill(**words), means=ELSEWHERE_MEANS)


def _before(run: Run, event: Event, onset: float) -> bool:
    """Whether it was said before the evaluation with which the fall begins."""
    decider = run.get(run.deciding)
    later = None if decider is None else decider.record[decider.epoch >= onset]
    return later is None or not len(later) or event.record <= later[0]


def _planned(run: Run, phase: Phase) -> Clue:
    fact = Fact(metric=phase.path, value=phase.value, at=Point(epoch=phase.epoch), place=run.config_place(phase.path))
    words = {"hook": phase.hook, "epoch": number(phase.epoch), "path": phase.path, "value": str(phase.value)}
    return Clue(
        side="for",
        strength="strong",
        measured=PLANNED.fill(**words),
        means=MEANS,
        facts=(fact,),
        detail=DETAIL.fill(**words),
    )


def _told(event: Event) -> Clue:
    fact = Fact(metric=event.kind, value=event.text, at=event.at, place=event.place)
    words = {"text": event.text, "epoch": number(event.at.epoch)}
    return Clue(side="for", strength="strong", measured=SAID.fill(**words), means=MEANS, facts=(fact,))
