"""One branch has another learning rate than the rest.

The config multiplies the rate of some weights; a branch at ten times the rate breaks first, one at a tenth lags behind.
For: the multiplier of a branch is ten or more and it fell first, or a tenth or less and it stays far below.
Against: another branch is the one that fell, or lags.
Missing: the learning rate of each group of parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from defib import settings
from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.datasets import tree
from defib.diagnosis.onset import branch_falls
from defib.diagnosis.streams import best_scores, named_for
from defib.records import Fact
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

HIGH, LOW = 10.0, 0.1  # times the rate of the rest; assumed
FAR = 0.5  # of the better branch's best; a branch below it lags. Assumed
KEYS = "optim_wrapper.paramwise_cfg.custom_keys"

TIMES = Words(
    en="{path} is {times}: branch {branch} is trained at {times} times the rate",
    zh="{path} 为 {times}：{branch} 分支的学习率是其余部分的 {times} 倍",
)
FIRST_MEANS = Words(en="and it is the branch that fell first", zh="而最先下跌的正是这个分支")
LAGS_MEANS = Words(en="and it is the branch that lags", zh="而落后的正是这个分支")
APART_MEANS = Words(en="the branches are trained at different speeds", zh="各分支的训练速度不同")
OTHER = Words(
    en="the first branch to fall is {other}, not {branch}, whose rate is raised",
    zh="最先下跌的是 {other}，而不是学习率被调高的 {branch}",
)
BETTER = Words(
    en="branch {branch}, whose rate is lowered, scores best ({value}%)",
    zh="学习率被调低的 {branch} 分支分数最高（{value}%）",
)
OTHER_MEANS = Words(en="the changed rate did not lead to this", zh="这次问题并非由该学习率引起")
NEED = Words(en="the learning rate of each group of parameters was not logged", zh="没有记录各参数组的学习率")
DETAIL = Words(
    en="the learning rate of branch {branch} is {times} times that of the rest",
    zh="{branch} 分支的学习率是其余部分的 {times} 倍",
)


@cause(
    says=Words(en="one branch has another learning rate than the rest", zh="某个分支的学习率与其余部分不同"),
    explains=("branch_collapse", "fusion_below_branch", "oscillation", "val_collapse"),
)
def branch_lr(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look for multipliers that name a branch, and hold the order of the falls against them."""
    groups = settings.at(tree(run), KEYS) if settings.has(tree(run), KEYS) else None
    best = best_scores(run)
    if not isinstance(groups, dict) or not any(one.rule in branch_lr.explains for one in checkup.symptoms):
        return
    for name, group in groups.items():
        times = group.get("lr_mult") if isinstance(group, dict) else None
        branch = next((one for one in best if named_for(str(name), one)), None)
        if branch is None or isinstance(times, bool) or not isinstance(times, int | float) or not times > 0:
            continue
        if LOW < times < HIGH:
            continue
        strength, means, against = _weigh(branch, checkup, best, high=times >= HIGH)
        path = f"{KEYS}.{name}.lr_mult"
        words = {"branch": branch, "times": number(float(times))}
        fact = Fact(metric=path, value=times, place=run.config_place(KEYS))
        said, detail = TIMES.fill(path=path, **words), DETAIL.fill(**words)
        yield Clue(side="for", strength=strength, measured=said, means=means, facts=(fact,), detail=detail)
        if against is not None:
            yield Clue(side="against", strength="strong", measured=against, means=OTHER_MEANS)
        yield Clue(side="missing", measured=NEED)


def _weigh(
    branch: str, checkup: Checkup, best: dict[str, float], *, high: bool
) -> tuple[Literal["strong", "weak"], Words, Words | None]:
    """How strongly the multiplier is suspected, why, and what speaks against it."""
    if not high:
        top = max(best, key=lambda name: best[name])
        if best[branch] < FAR * best[top]:
            return "strong", LAGS_MEANS, None
        against = BETTER.fill(branch=branch, value=f"{best[branch]:.2f}") if branch == top else None
        return "weak", APART_MEANS, against
    falls = {name: epoch for name, (epoch, _) in branch_falls(checkup).items() if name in best}
    if not falls:
        return "weak", APART_MEANS, None
    first = min(falls.values())
    leaders = [name for name, epoch in falls.items() if epoch == first]
    if leaders == [branch]:
        return "strong", FIRST_MEANS, None
    against = None if branch in leaders else OTHER.fill(other=leaders[0], branch=branch)
    return "weak", APART_MEANS, against
