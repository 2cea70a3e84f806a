"""No gradient reaches a branch: it is cut off from its loss, frozen, or missing from the optimizer.

Nothing complains: the branch runs forward, its scores are those of its first weights, and the total loss falls all the same.
For: the weight of its loss is 0, or the multiplier of its learning rate; the config freezes or detaches it; its training
loss did not move while that of another branch fell.
Against: its training loss fell: then gradients arrive.
Missing: the gradient norm by branch, which would be 0.

中文：
梯度到不了某个分支：它与损失断开、被冻结，或没有交给优化器。

程序不会报错：该分支照常前向计算，成绩却是初始权重的成绩，而总损失照样下降。
支持：它的损失权重或学习率倍率为 0；配置冻结或断开了它；它的训练损失没有变化，而另一分支的在下降。
反对：它的训练损失下降过：说明梯度能传到。
尚缺：各分支的梯度范数（此时应为 0）。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.parts import flags, multipliers
from defib.records import Fact
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run, Series

RULES = ("dead_branch", "fusion_below_branch")
FELL = 0.1  # share of its first values that a loss must lose to have moved; assumed
STILL = 0.02  # share within which a loss did not move; assumed
TENTHS = 10
LEAST = 20  # logged values

NO_WEIGHT = Words(en="the loss weight of {branch} is 0", zh="{branch} 的损失权重为 0")
NO_WEIGHT_MEANS = Words(en="its loss is not in the total", zh="它的损失没有计入总损失")
NO_RATE = Words(en="lr_mult of {part} is 0", zh="{part} 的 lr_mult 为 0")
NO_RATE_MEANS = Words(en="its weights never change", zh="它的权重从不更新")
CUT = Words(en="{path} is {value}", zh="{path} 为 {value}")
CUT_MEANS = Words(en="the config stops gradients there", zh="配置在此处截断了梯度")
UNMOVED = Words(
    en="the training loss of {branch} went from {first} to {last}, that of {other} from {theirs} to {now} (medians of the first and last tenth)",
    zh="{branch} 的训练损失从 {first} 到 {last}，而 {other} 从 {theirs} 降到 {now}（首尾各十分之一的中位数）",
)
UNMOVED_MEANS = Words(en="no update reaches this branch", zh="更新没有到达这个分支")
MOVED = Words(
    en="the training loss of {branch} fell from {first} to {last}", zh="{branch} 的训练损失从 {first} 降到 {last}"
)
MOVED_MEANS = Words(en="gradients do reach it", zh="梯度能够到达该分支")
NEED_NORM = Words(
    en="the gradient norm of {branch} was not logged; it would be 0 if the branch is cut off",
    zh="没有记录 {branch} 的梯度范数；若该分支被截断，它会是 0",
)
DETAIL = Words(en="no gradient reaches the branch {branch}", zh="梯度到不了 {branch} 分支")


@cause(says=Words(en="no gradient reaches one of the branches", zh="梯度到不了某个分支"), explains=RULES)
def branch_detached(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look for what cuts off the branch that learns nothing."""
    for branch in dict.fromkeys(one.branch for one in checkup.symptoms if one.rule == "dead_branch" and one.branch):
        clues = [*_configured(run, branch), *_trained(run, branch)]
        if not clues:
            continue
        yield from clues
        if run.get(f"train/grad_norm/{branch}") is None:
            yield Clue(side="missing", measured=NEED_NORM.fill(branch=branch), detail=DETAIL.fill(branch=branch))
        return


def _configured(run: Run, branch: str) -> Iterator[Clue]:
    if run.setting(f"loss_weight.{branch}") == 0:
        fact = run.setting_fact(f"loss_weight.{branch}")
        yield Clue(
            side="for", strength="strong", measured=NO_WEIGHT.fill(branch=branch), means=NO_WEIGHT_MEANS, facts=(fact,)
        )
    for one in multipliers(run, branch):
        if one.value == 0:
            fact = Fact(metric=one.path, value=one.value, place=run.config_place(one.path))
            yield Clue(
                side="for", strength="strong", measured=NO_RATE.fill(part=one.part), means=NO_RATE_MEANS, facts=(fact,)
            )
    for path, value in flags(run, branch):
        fact = Fact(metric=path, value=value, place=run.config_place(path))
        yield Clue(side="for", measured=CUT.fill(path=path, value=value), means=CUT_MEANS, facts=(fact,))


def _trained(run: Run, branch: str) -> Iterator[Clue]:
    own = run.get(f"train/loss/{branch}")
    ends = None if own is None else _ends(own)
    if own is None or ends is None:
        return
    first, last = ends
    facts = (run.fact(own, 0), run.fact(own, -1))
    words = {"branch": branch, "first": number(first), "last": number(last)}
    if last <= (1 - FELL) * first:
        yield Clue(side="against", strength="strong", measured=MOVED.fill(**words), means=MOVED_MEANS, facts=facts)
        return
    others = [(one.branch, found) for one in run.branches("train/loss") if one.branch and (found := _ends(one))]
    fell = [(name, (was, now)) for name, (was, now) in others if name != branch and now <= (1 - FELL) * was]
    if fell and abs(last - first) <= STILL * first:
        name, (was, now) = fell[0]
        words |= {"other": str(name), "theirs": number(was), "now": number(now)}
        yield Clue(side="for", measured=UNMOVED.fill(**words), means=UNMOVED_MEANS, facts=facts)


def _ends(series: Series) -> tuple[float, float] | None:
    """Medians of the first and the last tenth; None where too little was logged."""
    finite = series.value[np.isfinite(series.value)]
    if len(finite) < LEAST:
        return None
    tenth = max(len(finite) // TENTHS, 1)
    return float(np.median(finite[:tenth])), float(np.median(finite[-tenth:]))
