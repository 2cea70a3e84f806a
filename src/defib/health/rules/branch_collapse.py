"""One branch fell far below its own best.

Why it matters: a mean or a fused score can hide a dead branch for many epochs, and the branch that falls first points
at the cause.
How it looks: as `val_collapse`, on every branch but the deciding one.
Stays quiet on: a branch that is legitimately weak but steady, noise, fusions with other weights.
Size: points below the branch's best when it was known.
What to do: Look at what that branch alone depends on: its input, its loss weight, its learning rate, its detach switches.
Where it fell first, treat it first; `defib rescue` goes back to the best evaluation of the metric that decides.

中文：
某个分支远远跌破了它自己的最好成绩。

为何重要：平均值或融合分数会把一个已经失效的分支掩盖很多轮；而最先下跌的分支往往指向原因。
判断依据：方法与 `val_collapse` 相同，作用于决定性指标以外的每个分支。
不会报告：本来就弱但平稳的分支、噪声，以及采用其他权重的融合分数。
数值含义：能够确认时，低于该分支最好成绩的百分点数。
如何处理：检查只与该分支有关的东西：输入、损失权重、学习率、detach 开关。若它最先下跌，就先处理它；
`defib rescue` 会回到决定性指标最好的那次评估。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.health.branches import own_branches
from defib.health.falling import fallen
from defib.health.rule import Finding, rule
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run

ONE_BRANCH = Words(en="only one branch was logged", zh="只记录了一个分支")


@rule(
    needs=("deciding",),
    fall=True,
    blind=lambda run: None if own_branches(run) else ONE_BRANCH,
    says=Words(
        en="branch {branch} fell from {best} to {now}, and lost {share} of what it had learned",
        zh="{branch} 分支从 {best} 跌到 {now}，丢失了已学到部分的 {share}",
    ),
)
def branch_collapse(run: Run) -> Iterator[Finding]:
    """Find the falls of the single branches."""
    for series in own_branches(run):
        yield from fallen(run, series)
