"""The warm-up ran a second time after a resume.

A scheduler that was not restored begins from nothing: the rate drops to the start of the warm-up and climbs back, past a
rate that may have been far lower for good reason. It does harm where the old rate had long decayed.
For: right after a restart the logged rate is at most half of what it was, or that of the config's schedule begun anew, and
climbs, after it had held or fallen before; the config has a warm-up; weights were loaded there and nothing was resumed.
Against: the rate went on as before; the config asks for that climb at that time.
Missing: the learning rate.

中文：
恢复训练之后，学习率预热又进行了一次。

没有恢复状态的调度器会从头开始：学习率降到预热的起点再往上升，越过原本出于充分理由而低得多的学习率。如果旧的学习
率早已衰减，就会造成损害。
支持：紧接重启之后，记录的学习率不超过原来的一半（或正是配置的调度从头开始的值）并逐步上升，而此前持平或下降；配置中有学习率预热；该处只加载了权
重，没有恢复状态。
反对：学习率与之前衔接；配置本来就要求此时上升。
尚缺：学习率。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.onset import NEAR
from defib.diagnosis.rates import warms_up
from defib.diagnosis.restarts import AGREES, leads_to, off_schedule, restarts
from defib.records import Fact
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.diagnosis.restarts import Restart
    from defib.records import Checkup, Run, Series

SMALL = 0.5  # of the rate before the restart, at which a warm-up may begin; assumed
AGAIN = 0.2  # relative; a rate that changes less than this at the restart went on as before. Assumed
HELD = 3  # logged values before the restart that do not rise: the first warm-up was over
HELD_EPOCHS = 2.0  # epochs before the restart in which it does not rise either
CLIMBS = 3  # different rates, each above the one before

CLIMB = Words(
    en="at the restart in epoch {epoch} the rate went from {before} to {start} and climbed to {top} by epoch {end}",
    zh="第 {epoch} 轮重启时，学习率从 {before} 变为 {start}，到第 {end} 轮又爬升到 {top}",
)
CLIMB_MEANS = Words(
    en="the scheduler began from nothing: the warm-up, long over, ran again",
    zh="调度器从头开始：早已结束的预热又执行了一次",
)
HAS_WARMUP = Words(en="the config begins with a warm-up", zh="配置以学习率预热开始")
HAS_WARMUP_MEANS = Words(en="a scheduler that is not restored repeats it", zh="调度器若未恢复，就会重复预热")
WEIGHTS = Words(en="the console log says there: {text}", zh="控制台日志在该处写道：{text}")
WEIGHTS_MEANS = Words(
    en="weights were loaded, and no line says that anything else was resumed",
    zh="只加载了权重，没有任何一行说明恢复了其他状态",
)
WENT_ON = Words(
    en="at the restart in epoch {epoch} the rate went from {before} to {start}",
    zh="第 {epoch} 轮重启时，学习率由 {before} 变为 {start}",
)
WENT_ON_MEANS = Words(en="the schedule went on where it was; no warm-up ran", zh="调度从原处继续，没有重新预热")
PLANNED_MEANS = Words(en="the config asks for that climb at that time", zh="配置本来就要求此时升高学习率")
NEED_RATE = Words(
    en="the learning rate was not logged around the restart; it would show whether the warm-up ran again",
    zh="重启前后没有记录学习率；它能显示预热是否重复执行",
)


@cause(
    says=Words(en="the warm-up ran a second time after a resume", zh="恢复训练后重复执行了学习率预热"),
    explains=("val_collapse", "branch_collapse", "loss_divergence", "fell_to_chance", "loss_spike"),
    event=True,
)
def warmup_repeated(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look at the rate on both sides of each restart."""
    warm = run.config is not None and warms_up(run.config.tree)
    rate = run.get("train/lr")
    for restart in restarts(run):
        values = None if rate is None else (rate.value[restart.before(rate)], rate.value[restart.after(rate)])
        if rate is None or values is None or len(values[0]) < HELD or len(values[1]) < CLIMBS:
            if leads_to(restart, checkup) and warm:
                yield Clue(side="for", measured=HAS_WARMUP, means=HAS_WARMUP_MEANS, facts=(restart.fact(),))
                yield Clue(side="missing", measured=NEED_RATE)
            continue
        before, after = values
        off = off_schedule(run, rate, restart) if warm else None
        anew = off is not None and off.differs and off.from_anew <= AGREES
        length = _climbed(rate, restart, anew=anew)
        if length is not None and _in_time(rate, restart, checkup, length):
            yield from _repeated(run, rate, restart, length, warm=warm)
        elif warm and leads_to(restart, checkup) and abs(after[0] - before[-1]) <= AGAIN * before[-1]:
            words = {
                "epoch": number(restart.epoch),
                "before": number(float(before[-1])),
                "start": number(float(after[0])),
            }
            yield Clue(side="against", strength="strong", measured=WENT_ON.fill(**words), means=WENT_ON_MEANS)


def _climbed(rate: Series, restart: Restart, *, anew: bool) -> int | None:
    """How many values a climb from a small rate takes, when there is one after a rate that no longer rose.

    anew: the rates since are those of the config's schedule, begun from nothing: then the first one need not be small, as
    it is not where the rate had decayed further than the warm-up begins. A warm-up by epochs is a staircase: several logged values stand on one step of it.
    """
    before, after = rate.value[restart.before(rate)], rate.value[restart.after(rate)]
    epochs = rate.epoch[restart.before(rate)]
    late = np.flatnonzero(epochs > epochs[-1] - HELD_EPOCHS)
    held = before[min(len(before) - HELD, int(late[0]) if len(late) else len(before)) :]
    if not before[-1] > 0 or (np.diff(held) > 0).any() or not (anew or after[0] <= SMALL * before[-1]):
        return None
    changes = np.diff(after)
    ends = np.flatnonzero(~(changes >= 0))
    rises = np.flatnonzero(changes[: ends[0] if len(ends) else None] > 0)
    return int(rises[-1]) + 2 if len(rises) >= CLIMBS - 1 else None


def _in_time(rate: Series, restart: Restart, checkup: Checkup, length: int) -> bool:
    """Whether the open incident begins between the restart and an epoch after the end of the climb."""
    onset = None if checkup.incident is None else checkup.incident.onset.epoch
    if onset is None or restart.epoch is None:
        return False
    end = rate.epoch[restart.after(rate)][length - 1]
    return bool(restart.epoch - NEAR <= onset <= end + NEAR)


def _repeated(run: Run, rate: Series, restart: Restart, length: int, *, warm: bool) -> Iterator[Clue]:
    first = int(np.flatnonzero(restart.after(rate))[0])
    last = int(np.flatnonzero(restart.before(rate))[-1])
    facts = tuple(run.fact(rate, at) for at in (last, first, first + length - 1))
    words = {
        "epoch": number(restart.epoch),
        "before": number(float(facts[0].value)),
        "start": number(float(facts[1].value)),
        "top": number(float(facts[2].value)),
        "end": number(facts[2].at.epoch),
    }
    off = off_schedule(run, rate, restart)
    if off is not None and off.agrees:
        yield Clue(side="against", strength="strong", measured=CLIMB.fill(**words), means=PLANNED_MEANS, facts=facts)
        return
    yield Clue(side="for", strength="strong", measured=CLIMB.fill(**words), means=CLIMB_MEANS, facts=facts)
    if warm:
        yield Clue(side="for", measured=HAS_WARMUP, means=HAS_WARMUP_MEANS)
    if restart.loaded is not None and restart.resumed is None:
        said = restart.loaded
        fact = Fact(metric=said.kind, value=said.text, at=said.at, place=said.place)
        yield Clue(side="for", measured=WEIGHTS.fill(text=said.text), means=WEIGHTS_MEANS, facts=(fact,))
