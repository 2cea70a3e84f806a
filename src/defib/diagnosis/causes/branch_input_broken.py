"""The input of one branch broke, or never was right: another order of channels, empty skeletons, a path to nothing.

The other branches see their own data and learn on. Only this branch's loss tells, in training as well as in validation.
For: from the onset on the training loss of the branch is higher than before, and that of each other branch is not; the run
was started anew at the onset, when its data or pipeline may have changed.
Against: the other branches broke as well; the learning rate jumped at the onset; the loss of the branch in training went on
as before (then only its validation broke).
Missing: a look at what the branch is given.

中文：
某个分支的输入坏了，或从来就不对：通道顺序不同、骨骼数据为空、路径指向空处。

其他分支看到的是自己的数据，继续学习。只有该分支的损失能说明问题，训练和验证都是如此。
支持：从崩溃点起，该分支的训练损失比之前高，其他分支则没有；训练在崩溃点处重新启动过，数据或流水线可能已经改变。
反对：其他分支也坏了；崩溃点处学习率发生跳变；该分支的训练损失与之前一样（那么只是它的验证出了问题）。
尚缺：看一看送入该分支的数据。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.onset import NEAR, at_onset
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run, Series, Symptom

RULES = ("branch_collapse", "dead_branch")
ROSE, SAME = 1.5, 1.1  # times the loss of the epoch before; assumed, as for the total
LEAST = 5  # logged losses on either side

ALONE = Words(
    en="the training loss of {branch} went from {was} to {now} at epoch {epoch}; {others} went on as before",
    zh="{branch} 的训练损失在第 {epoch} 轮从 {was} 变为 {now}；{others} 照旧",
)
ALONE_MEANS = Words(en="what only this branch sees has changed", zh="发生变化的是只有该分支才看到的内容")
TOGETHER = Words(
    en="the training loss of {others} rose as well at epoch {epoch}", zh="第 {epoch} 轮 {others} 的训练损失也上升了"
)
TOGETHER_MEANS = Words(en="what broke was not the input of one branch", zh="出问题的不是某个分支的输入")
WENT_ON = Words(
    en="the training loss of {branch} went on as before ({was}, then {now})",
    zh="{branch} 的训练损失照旧（先是 {was}，后是 {now}）",
)
WENT_ON_MEANS = Words(en="its input in training is as it was", zh="训练中它的输入没有变化")
RESTARTED = Words(en="the run was started again at epoch {epoch}", zh="训练在第 {epoch} 轮重新启动过")
RESTARTED_MEANS = Words(
    en="its data, or the pipeline of this branch, may have been another one since",
    zh="此后使用的数据或该分支的数据管线可能已经不同",
)
JUMPED = Words(en="the learning rate jumped at the onset", zh="学习率恰在下跌开始时发生跳变")
JUMPED_MEANS = Words(en="that explains the fall without a broken input", zh="这足以解释下跌，无需假设输入损坏")
PROBE = Words(
    en="ten samples as {branch} is given them (after the pipeline), drawn and looked at beside their labels",
    zh="取十个样本，把 {branch} 实际接收到的输入（经过数据管线之后）画出来，与标签对照查看",
)
DETAIL = Words(en="the input of branch {branch} is broken", zh="{branch} 分支的输入出了问题")


@cause(says=Words(en="the input of one branch is broken", zh="某个分支的输入出了问题"), explains=RULES)
def branch_input_broken(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare the training losses of the branches around the moment at which one of them broke."""
    for symptom in checkup.symptoms:
        if symptom.rule not in RULES or not symptom.branch or symptom.onset.epoch is None:
            continue
        clues = list(_losses(run, symptom, symptom.branch, symptom.onset.epoch))
        if not clues:
            continue
        yield from clues
        yield from _restarted(run, symptom.onset.epoch)
        if at_onset(checkup, "lr_jump"):
            yield Clue(side="against", measured=JUMPED, means=JUMPED_MEANS)
        yield Clue(
            side="missing", measured=PROBE.fill(branch=symptom.branch), detail=DETAIL.fill(branch=symptom.branch)
        )
        return


def _losses(run: Run, symptom: Symptom, branch: str, epoch: float) -> Iterator[Clue]:
    own = run.get(f"train/loss/{branch}")
    around = None if own is None else _around(own, epoch)
    if own is None or around is None:
        return
    others = {
        one.branch: found
        for one in run.branches("train/loss")
        if one.branch and one.branch != branch and (found := _around(one, epoch)) is not None
    }
    was, now = around
    names = ", ".join(str(name) for name in others)
    words = {"branch": branch, "epoch": number(epoch), "was": number(was), "now": number(now), "others": names}
    if now <= SAME * was:
        yield Clue(
            side="against", strength="strong", measured=WENT_ON.fill(**words), means=WENT_ON_MEANS, facts=symptom.facts
        )
    elif not others or now <= ROSE * was:
        return
    elif all(later <= SAME * before for before, later in others.values()):
        yield Clue(side="for", strength="strong", measured=ALONE.fill(**words), means=ALONE_MEANS, facts=symptom.facts)
    else:
        yield Clue(
            side="against",
            strength="strong",
            measured=TOGETHER.fill(**words),
            means=TOGETHER_MEANS,
            facts=symptom.facts,
        )


def _around(series: Series, epoch: float) -> tuple[float, float] | None:
    """Median loss in the epoch before and since; None where too little was logged or it is no number."""
    earlier = series.value[(series.epoch < epoch) & (series.epoch >= epoch - 1)]
    later = series.value[(series.epoch >= epoch) & (series.epoch <= epoch + 1)]
    if len(earlier) < LEAST or len(later) < LEAST or not np.isfinite(earlier).all() or not np.isfinite(later).all():
        return None
    return float(np.median(earlier)), float(np.median(later))


def _restarted(run: Run, epoch: float) -> Iterator[Clue]:
    for segment in run.segments[1:]:
        at = segment.start.epoch
        if at is not None and abs(at - epoch) <= NEAR:
            yield Clue(side="for", measured=RESTARTED.fill(epoch=number(at)), means=RESTARTED_MEANS)
            return
