"""A setting was changed when the run was restarted, and the fall came with it.

A run that was going well is stopped, a number in the config is raised, the run is resumed: what it does from then on is an
experiment with that number. The configs that the parts of a run leave behind tell of it.
For: between the part before a restart and the one after it a setting went towards larger or noisier steps (rate, momentum,
loss weights, a looser limit of the gradient, a smaller batch), and the fall began at the restart or soon after.
Against: the fall began long after the restart.
Missing: nothing; where the parts left no configs, the cause says nothing.

中文：
训练重启时改动了某个设置，下跌随之出现。

一次进展良好的训练被停下，配置中的某个数被调高，然后恢复训练：此后的表现就是对这个数的一次试验。训练各部分留下的
配置会说明这一点。
支持：重启前后两部分之间，某个设置朝更大或噪声更大的更新方向改变（学习率、动量、损失权重、更松的梯度裁剪、更小的
批大小），而下跌始于重启处或其后不久。
反对：下跌在重启之后很久才开始。
尚缺：无；如果各部分没有留下配置，这个原因不作判断。
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.restarts import leads_to, restarts
from defib.records import Fact, Place
from defib.settings import name_of, plain
from defib.words import Words, number, shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from defib.diagnosis.restarts import Restart
    from defib.records import Checkup, Earlier, Run

SMALL = 1.2  # times; a change below it is rounding, or too little to bring a run down. Assumed
LARGE = 3.0  # times; a change beyond it is strong evidence when the fall comes with it. Assumed
RAISED = frozenset({"lr", "momentum", "clip"})
"""Settings that make larger steps when they go up."""
EITHER = "loss_weight"
LOWERED = frozenset({"batch_size"})

CHANGED = Words(
    en="at the restart in epoch {epoch} {name} went from {old} ({file}) to {new}",
    zh="第 {epoch} 轮重启时，{name} 由 {old}（{file}）变为 {new}",
)
REMOVED = Words(
    en="at the restart in epoch {epoch} {name}, which was {old} ({file}), was taken out",
    zh="第 {epoch} 轮重启时，{name}（原为 {old}，见 {file}）被去掉",
)
CHANGED_MEANS = Words(
    en="what changed right before the fall is the first suspect", zh="下跌之前刚刚改变的东西，是首要的怀疑对象"
)
EARLIER = Words(
    en="the run was restarted with it in epoch {epoch}, and the fall began in epoch {onset}",
    zh="训练在第 {epoch} 轮带着这一改动重启，而下跌始于第 {onset} 轮",
)
EARLIER_MEANS = Words(en="it went well with the change for a while", zh="改动之后训练曾正常进行了一段时间")


class _Changed(NamedTuple):
    key: str
    old: Any
    new: Any
    factor: float
    """How many times, 1 or more; infinite for a limit that is gone."""


@cause(
    says=Words(en="a setting was changed when the run was restarted", zh="训练重启时改动了某个设置"),
    explains=("val_collapse", "branch_collapse", "loss_divergence", "fell_to_chance", "dead_branch", "loss_spike"),
    event=True,
)
def setting_changed(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare the settings on both sides of the last restart."""
    restart = next(reversed(restarts(run)), None)
    if restart is None or restart.epoch is None or checkup.incident is None:
        return
    before = _before(run, restart)
    if before is None:
        return
    changes = tuple(_changes(before.settings, run))
    for one in changes:
        words = {
            "epoch": number(restart.epoch),
            "name": name_of(one.key),
            "old": shown_value(one.old),
            "new": shown_value(one.new),
            "file": before.file,
        }
        strong = one.factor >= LARGE and leads_to(restart, checkup)
        was = Fact(metric=one.key, value=one.old, at=before.at, place=Place(file=before.file))
        yield Clue(
            side="for",
            strength="strong" if strong else "weak",
            measured=(REMOVED if one.new is None else CHANGED).fill(**words),
            means=CHANGED_MEANS,
            facts=(was, run.setting_fact(one.key), restart.fact()),
        )
    onset = checkup.incident.onset.epoch
    if changes and onset is not None and not leads_to(restart, checkup):
        measured = EARLIER.fill(epoch=number(restart.epoch), onset=number(onset))
        yield Clue(side="against", strength="strong", measured=measured, means=EARLIER_MEANS)


def _before(run: Run, restart: Restart) -> Earlier | None:
    """The newest settings that were in force before a restart."""
    assert restart.epoch is not None
    found = [one for one in run.earlier if one.at.epoch is not None and one.at.epoch < restart.epoch]
    return found[-1] if found else None


def _changes(before: Mapping[str, Any], run: Run) -> Iterator[_Changed]:
    for key, was in before.items():
        stem = key.partition(".")[0]
        old, new = plain(was), plain(run.setting(key))
        if key == "clip" and old is not None and run.config is not None and run.setting(key) is None:
            yield _Changed(key, was, None, float("inf"))
        if old is None or new is None or old <= 0 or new <= 0:
            continue
        factor = new / old
        if (stem in LOWERED) or (stem == EITHER and factor < 1):
            factor = 1 / factor
        if (stem in RAISED | LOWERED or stem == EITHER) and factor >= SMALL:
            yield _Changed(key, was, run.setting(key), factor)
