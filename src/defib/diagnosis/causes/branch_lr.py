"""One branch has a learning rate far from that of the rest of the model.

A multiplier for a part of the model (`paramwise_cfg.custom_keys`) is easily forgotten when the base rate is changed: ten
times a rate that was raised is too much for the branch, a tenth of one that was lowered leaves it behind.
For: the multiplier of the branch, where the branch is the one that fell, swings or learns nothing.
Against: the multiplier pulls the other way; something happened at the onset of a sudden fall.
Missing: the gradient norm by branch.

中文：
某个分支的学习率与模型其余部分相差很远。

修改基础学习率时，很容易忘记模型局部的倍率（`paramwise_cfg.custom_keys`）：上调之后再乘以十，对该分支就过大；下
调之后只剩十分之一，它就会落后。
支持：下跌、振荡或学不到东西的正是带有倍率的分支。
反对：倍率的方向相反；突然下跌的崩溃点处有事件发生。
尚缺：各分支的梯度范数。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.onset import at_onset
from defib.diagnosis.parts import multipliers
from defib.records import Fact
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run, Symptom

HIGH, LOW = 3.0, 1.0 / 3.0
"""Times the rate of the model, from which a multiplier is told; assumed."""
FELL = ("branch_collapse",)
BEHIND = ("dead_branch", "fusion_below_branch")

TOLD = Words(
    en="the learning rate of {part} is {times} times that of the model", zh="{part} 的学习率是模型其余部分的 {times} 倍"
)
HIGH_MEANS = Words(en="the branch that fell takes the largest steps", zh="下跌的分支步长最大")
LOW_MEANS = Words(en="the branch that is behind takes the smallest steps", zh="落后的分支步长最小")
OTHER_WAY = Words(en="that alone does not explain this symptom", zh="仅此一点不能解释该症状")
EVENT = Words(en="the learning rate itself jumped at the onset", zh="学习率本身恰在下跌开始时发生跳变")
EVENT_MEANS = Words(
    en="a multiplier that was there all along does not explain a sudden fall", zh="一直存在的倍率不能解释突然的下跌"
)
NEED_NORM = Words(
    en="the gradient norm of {branch} was not logged; it would show whether its steps are too large",
    zh="没有记录 {branch} 的梯度范数；它能显示该分支的步长是否过大",
)
DETAIL_HIGH = Words(en="the learning rate of branch {branch} is too high", zh="{branch} 分支的学习率过高")
DETAIL_LOW = Words(en="the learning rate of branch {branch} is too low", zh="{branch} 分支的学习率过低")


@cause(
    says=Words(en="the learning rate of one branch does not fit", zh="某个分支的学习率不合适"),
    explains=FELL + BEHIND,
)
def branch_lr(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare the multipliers of the rates with what became of the branches."""
    told: set[tuple[str, str]] = set()
    for symptom in checkup.symptoms:
        if symptom.rule not in FELL + BEHIND or symptom.branch is None:
            continue
        for one in multipliers(run, symptom.branch):
            if LOW < one.value < HIGH or one.value == 0 or (one.part, symptom.branch) in told:
                continue
            told.add((one.part, symptom.branch))
            fact = Fact(metric=one.path, value=one.value, place=run.config_place(one.path))
            yield from _weighed(checkup, symptom, TOLD.fill(part=one.part, times=number(one.value)), fact)
            if run.get(f"train/grad_norm/{symptom.branch}") is None:
                yield Clue(side="missing", measured=NEED_NORM.fill(branch=symptom.branch))


def _weighed(checkup: Checkup, symptom: Symptom, measured: Words, fact: Fact) -> Iterator[Clue]:
    high, fell = fact.value >= HIGH, symptom.rule in FELL
    if high != fell:
        yield Clue(side="against", measured=measured, means=OTHER_WAY, facts=(fact,))
        return
    detail = (DETAIL_HIGH if high else DETAIL_LOW).fill(branch=symptom.branch)
    means = HIGH_MEANS if high else LOW_MEANS
    yield Clue(side="for", measured=measured, means=means, facts=(fact,), detail=detail)
    if fell and (jumps := at_onset(checkup, "lr_jump")):
        yield Clue(side="against", measured=EVENT, means=EVENT_MEANS, facts=jumps[0].facts)
