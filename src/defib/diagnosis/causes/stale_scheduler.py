"""After a resume the learning rate is that of the old schedule, not the config's.

A full resume restores the scheduler's state, and with it the old rate and the old milestones: what was changed in the
config in between is overruled without a word (mmengine, PyTorch's schedulers, and others).
For: after a restart the logged rates differ from what the config asks for by more than a fifth, while they continue those
from before it; the log or the config says that the run was resumed, not only loaded.
Against: the logged rates are the config's; they are those of the config's schedule begun anew.
Missing: the learning rate, or a config whose schedule can be computed.

中文：
恢复训练之后，学习率来自旧的调度，而不是配置。

完整恢复会连同调度器的状态一起恢复，包括旧的学习率和旧的里程碑：这期间对配置的改动会被悄悄覆盖（mmengine、
PyTorch 的调度器等都是如此）。
支持：重启之后，记录的学习率与配置相差超过五分之一，却与重启之前衔接；日志或配置写明训练是恢复（resume），而不只
是加载权重。
反对：记录的学习率与配置一致；或与配置的调度从头开始时一致。
尚缺：学习率，或能算出调度的配置。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.restarts import AGREES, leads_to, off_schedule, restarts
from defib.records import Fact
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.diagnosis.restarts import Off, Restart
    from defib.records import Checkup, Run, Series

CONTINUES = 0.2  # relative; the rate on both sides of the restart. Assumed

OTHER = Words(
    en="after the restart in epoch {epoch} the logged rate is {logged} where the config asks for {asked} (epoch {at})",
    zh="第 {epoch} 轮重启之后，日志中的学习率为 {logged}，而配置要求 {asked}（第 {at} 轮）",
)
OLD_MEANS = Words(
    en="it continues the rate from before the restart: the restored scheduler overrules the config",
    zh="它延续了重启之前的学习率：恢复的调度器状态覆盖了配置",
)
OTHER_MEANS = Words(
    en="the schedule that is in force is not the one in the config, or the config is not this run's",
    zh="实际生效的调度不是配置中的那一个，或者该配置不属于这次训练",
)
SAME = Words(
    en="after the restart in epoch {epoch} the logged rate is {logged}, and the config asks for {asked} (epoch {at})",
    zh="第 {epoch} 轮重启之后，日志中的学习率为 {logged}，配置要求 {asked}（第 {at} 轮）",
)
SAME_MEANS = Words(en="the config's schedule is in force", zh="生效的正是配置中的调度")
ANEW_MEANS = Words(
    en="it is the config's schedule, begun anew at the restart", zh="生效的是配置中的调度，只是从重启处重新开始"
)
RESUMED = Words(en="the console log says: {text}", zh="控制台日志写道：{text}")
RESUME_SET = Words(en="the config says resume = True", zh="配置中 resume = True")
RESUMED_MEANS = Words(en="a full resume restores the old scheduler", zh="完整恢复会载入旧的调度器状态")
EARLIER = Words(
    en="the run was restarted in epoch {epoch}, and the fall began in epoch {onset}",
    zh="训练在第 {epoch} 轮重启，而下跌始于第 {onset} 轮",
)
EARLIER_MEANS = Words(
    en="what was there some time before the fall does not explain that it was sudden",
    zh="下跌前早已存在的因素不能解释它的突然性",
)
NEED = Words(
    en="the learning rate around the restart and a config whose schedule can be computed: together they show which one is in force",
    zh="重启前后的学习率，以及可以计算出调度的配置：两者对照才知道哪个调度生效",
)


@cause(
    says=Words(
        en="after the resume the old schedule was still in force, and not the config's",
        zh="恢复训练后生效的仍是旧的学习率调度，而不是配置中的调度",
    ),
    explains=(
        "val_collapse",
        "branch_collapse",
        "loss_divergence",
        "oscillation",
        "plateau",
        "lr_zero",
        "lr_dead",
        "fell_to_chance",
    ),
    event=True,
)
def stale_scheduler(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare the rates after the last restart with what the config asks for."""
    if not checkup.symptoms:
        return
    restart = next(reversed(restarts(run)), None)
    if restart is None:
        return
    rate = run.get("train/lr")
    off = None if rate is None else off_schedule(run, rate, restart)
    told = tuple(_resumed(run, restart))
    if rate is None or off is None:
        if told and leads_to(restart, checkup):
            yield from told
            yield Clue(side="missing", measured=NEED)
        return
    words = {
        "epoch": number(restart.epoch),
        "logged": number(off.logged),
        "asked": number(off.asked),
        "at": number(float(rate.epoch[off.index])),
    }
    facts = (run.fact(rate, off.index), run.setting_fact("schedule"))
    if off.agrees or off.from_anew <= AGREES:
        means = SAME_MEANS if off.agrees else ANEW_MEANS
        yield Clue(side="against", strength="strong", measured=SAME.fill(**words), means=means, facts=facts)
    elif off.differs:
        old = bool(told) and _continues(run, rate, restart)
        yield Clue(
            side="for",
            strength="strong" if old else "weak",
            measured=OTHER.fill(**words),
            means=OLD_MEANS if old else OTHER_MEANS,
            facts=facts,
        )
        yield from told
        yield from _timing(restart, checkup)


def _continues(run: Run, rate: Series, restart: Restart) -> bool:
    """Whether the rates go on over the restart, and already differed from the config, which was edited later."""
    before, after = rate.value[restart.before(rate)], rate.value[restart.after(rate)]
    earlier: Off | None = off_schedule(run, rate, restart, before=True)
    if not len(before) or earlier is None or not earlier.differs:
        return False
    return bool(abs(after[0] - before[-1]) <= CONTINUES * max(after[0], before[-1]))


def _resumed(run: Run, restart: Restart) -> Iterator[Clue]:
    said = restart.resumed
    if said is not None:
        fact = Fact(metric=said.kind, value=said.text, at=said.at, place=said.place)
        yield Clue(side="for", measured=RESUMED.fill(text=said.text), means=RESUMED_MEANS, facts=(fact,))
    elif run.setting("resume") is True:
        yield Clue(side="for", measured=RESUME_SET, means=RESUMED_MEANS, facts=(run.setting_fact("resume"),))


def _timing(restart: Restart, checkup: Checkup) -> Iterator[Clue]:
    onset = None if checkup.incident is None else checkup.incident.onset.epoch
    if onset is not None and not leads_to(restart, checkup):
        words = {"epoch": number(restart.epoch), "onset": number(onset)}
        yield Clue(side="against", measured=EARLIER.fill(**words), means=EARLIER_MEANS)
