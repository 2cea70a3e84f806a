"""The loss weight of one branch is too high.

A branch that is pushed too hard shakes first, and drags the others through what they share.
For: its weight is above the reference's; it was the first branch to fall.
Against: in the open incident another branch lost more than it did; all branches fell together at an event.
Missing: the gradient norm by branch.

中文：
某个分支的损失权重过高。

被推得太用力的分支会最先抖动，并通过共享部分拖累其他分支。
支持：权重高于参考配方；它最先下跌。
反对：在这次异常中，另一分支损失得更多；所有分支在某个事件处同时下跌。
尚缺：各分支的梯度范数。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.onset import at_onset, branch_falls
from defib.diagnosis.streams import streams
from defib.naming import branch_of
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run, Series

ABOVE = 1.2

HIGHER = Words(
    en="the loss weight of {branch} is {weight}; {reference} has {theirs}",
    zh="{branch} 的损失权重为 {weight}；参考配方“{reference}”为 {theirs}",
)
HIGHER_MEANS = Words(
    en="the branch is pushed harder than in the recipe known to work", zh="该分支被推得比已知可行的配方更用力"
)
FIRST = Words(
    en="{branch} is the first branch to fall (epoch {epoch})", zh="{branch} 是最先下跌的分支（第 {epoch} 轮）"
)
FIRST_MEANS = Words(en="the trouble began in this branch", zh="问题最早出现在这个分支")
OTHER = Words(
    en="at the fall (epoch {epoch}) {other} lost {lost}% of its last value before it, and {branch} {own}% of its own",
    zh="在这次下跌（第 {epoch} 轮）中，{other} 比上一次评估低了 {lost}%（相对值），{branch} 只低了 {own}%",
)
OTHER_MEANS = Words(
    en="the branch with the raised weight did not lead this fall", zh="这次下跌并非由权重被抬高的分支引起"
)
TOGETHER = Words(en="something happened at the onset (see the schedule)", zh="崩溃点处另有事件（见调度器）")
TOGETHER_MEANS = Words(
    en="a weight that was there all along does not explain a sudden fall", zh="一直存在的权重不能解释突然的下跌"
)
NEED_NORM = Words(
    en="the gradient norm by branch was not logged; it would show whether this branch drove the steps",
    zh="没有分支级梯度范数；它能显示是否由该分支主导了更新",
)
DETAIL = Words(en="the loss weight of branch {branch} is too high", zh="{branch} 分支的损失权重过高")


@cause(
    says=Words(en="the loss weight of one branch is too high", zh="某个分支的损失权重过高"),
    explains=("branch_collapse", "oscillation", "val_collapse", "dead_branch", "fell_to_chance"),
)
def branch_weight_too_high(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare branch weights with the reference, and the order and size of the branches' falls."""
    if run.reference is None or checkup.incident is None:
        return
    falls = branch_falls(checkup)
    for key, setting in run.settings.items():
        stem, _, branch = key.partition(".")
        theirs = run.reference.settings.get(key)
        if stem != "loss_weight" or not isinstance(setting.value, int | float) or not isinstance(theirs, int | float):
            continue
        if setting.value < ABOVE * theirs:
            continue
        name = branch_of(run, f"val/top1/{branch}")
        words = {
            "branch": name,
            "weight": number(float(setting.value)),
            "theirs": number(float(theirs)),
            "reference": run.reference.says,
        }
        yield Clue(
            side="for",
            measured=HIGHER.fill(**words),
            means=HIGHER_MEANS,
            facts=(run.setting_fact(key),),
            detail=DETAIL.fill(branch=name),
        )
        yield from _order(run, checkup, branch, falls)
        if at_onset(checkup, "lr_jump"):
            yield Clue(side="against", measured=TOGETHER, means=TOGETHER_MEANS)
        if run.get(f"train/grad_norm/{branch}") is None:
            yield Clue(side="missing", measured=NEED_NORM)


def _order(run: Run, checkup: Checkup, branch: str, falls: dict[str, tuple[float, float]]) -> Iterator[Clue]:
    others = [epoch for name, (epoch, _) in falls.items() if name != branch]
    if branch in falls and (not others or falls[branch][0] < min(others)):
        symptom = next(one for one in checkup.symptoms if one.rule == "branch_collapse" and one.branch == branch)
        words = {"branch": branch_of(run, symptom.metric), "epoch": number(falls[branch][0])}
        yield Clue(side="for", measured=FIRST.fill(**words), means=FIRST_MEANS, facts=symptom.facts)
    onset = None if checkup.incident is None else checkup.incident.onset.epoch
    lost = {one.branch: share for one in streams(run) if one.branch and (share := _lost(one, onset)) is not None}
    if branch not in lost or onset is None:
        return
    worst = max(lost, key=lambda name: lost[name])
    if worst != branch and lost[worst] > 1.5 * lost[branch]:
        words = {
            "epoch": number(onset),
            "other": branch_of(run, f"val/top1/{worst}"),
            "branch": branch_of(run, f"val/top1/{branch}"),
            "lost": f"{lost[worst]:.0f}",
            "own": f"{lost[branch]:.0f}",
        }
        yield Clue(side="against", measured=OTHER.fill(**words), means=OTHER_MEANS)


def _lost(series: Series, onset: float | None) -> float | None:
    """Share of its value, per cent, that a branch lost from the evaluation before the onset to the one at it."""
    if onset is None:
        return None
    before, after = series.value[series.epoch < onset], series.value[series.epoch >= onset]
    if not len(before) or not len(after) or not before[-1] > 0:
        return None
    return 100.0 * float(before[-1] - after[0]) / float(before[-1])
