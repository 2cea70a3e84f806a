"""One branch is not trained: its gradient goes nowhere.

A weight of zero, a rate of zero or frozen stages leave a branch as it was; the total loss still falls by the others.
No learning rate cures that.
For: the config gives the branch a loss weight or a rate of zero, or freezes its stages; its logged training loss does
not move; the console names parameters that took no part in the loss. The config is strong evidence only where the
branch also scores less than half of the best one: to freeze a good branch is no fault.
Against: the branch's logged training loss has fallen.
Missing: the training loss, or the gradient norm, of each branch.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np

from defib import settings
from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.datasets import config_fact, tree
from defib.diagnosis.streams import best_scores, named_for
from defib.records import Fact
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

FAR = 0.5  # of the better branch's best; a branch below it knows much less. Assumed
STILL = 0.02  # share of its value by which a loss may move and still stands. Assumed
FELL = 0.2  # share of its value; a loss that fell this far is trained. Assumed
LEAST = 10  # logged losses
ENDS = 3  # logged losses under the median at either end
UNUSED = re.compile(r"parameters that were not used in producing (?:the )?loss|find_unused_parameters=True")

ZERO = Words(en="{path} is 0", zh="{path} 为 0")
ZERO_MEANS = Words(en="nothing of the loss reaches branch {branch}", zh="损失完全传不到 {branch} 分支")
RATE_MEANS = Words(en="the weights of branch {branch} never change", zh="{branch} 分支的权重不会更新")
FROZEN = Words(en="{path} is {value}", zh="{path} 为 {value}")
FROZEN_MEANS = Words(en="stages of branch {branch} are frozen", zh="{branch} 分支的部分阶段被冻结")
LOSS = Words(
    en="the training loss of {branch} went from {before} to {after}", zh="{branch} 的训练损失从 {before} 变为 {after}"
)
STILL_MEANS = Words(en="it does not learn", zh="它没有在学习")
FELL_MEANS = Words(en="it learns", zh="它在学习")
SAID = Words(en="the console log says: {text}", zh="控制台日志写道：{text}")
SAID_MEANS = Words(en="part of the model took no part in the loss", zh="模型的一部分没有参与损失计算")
NEED = Words(
    en="the training loss or gradient norm of each branch was not logged; it would show whether this one is trained",
    zh="没有记录各分支的训练损失或梯度范数：它们能显示该分支是否真的在训练",
)
DETAIL = Words(en="branch {branch} is not trained", zh="{branch} 分支没有被训练")
LONGEST = 160


@cause(
    says=Words(en="one branch is not trained", zh="某个分支没有被训练"),
    explains=("fusion_below_branch", "never_learned", "plateau"),
    verdict="escalate",
)
def branch_detached(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look for a branch that the config, the console or its own loss says is not trained."""
    if not any(one.rule in branch_detached.explains for one in checkup.symptoms):
        return
    best = best_scores(run)
    clues: list[Clue] = []
    for branch in best:
        weak = best[branch] < FAR * max(best.values())
        held = [*_config(run, branch, strong=weak)]
        clues += [*held, *_loss(run, branch, asked=bool(held) or weak)]
    said = next((one for one in run.events if UNUSED.search(one.text)), None)
    if said is not None and best:
        fact = Fact(metric=said.kind, value=said.text[:LONGEST], at=said.at, place=said.place)
        clues.append(Clue(side="for", measured=SAID.fill(text=said.text[:LONGEST]), means=SAID_MEANS, facts=(fact,)))
    yield from clues
    logged = any(run.get(f"train/{name}/{branch}") for name in ("loss", "grad_norm") for branch in best)
    if any(one.side == "for" for one in clues) and not logged:
        yield Clue(side="missing", measured=NEED)


def _config(run: Run, branch: str, *, strong: bool) -> Iterator[Clue]:
    detail = DETAIL.fill(branch=branch)
    strength: Literal["strong", "weak"] = "strong" if strong else "weak"
    if run.setting(f"loss_weight.{branch}") == 0:
        path = run.settings[f"loss_weight.{branch}"].paths[0]
        facts = (run.setting_fact(f"loss_weight.{branch}"),)
        means = ZERO_MEANS.fill(branch=branch)
        yield Clue(
            side="for", strength=strength, measured=ZERO.fill(path=path), means=means, facts=facts, detail=detail
        )
    keys = "optim_wrapper.paramwise_cfg.custom_keys"
    groups = settings.at(tree(run), keys) if settings.has(tree(run), keys) else None
    for name, group in groups.items() if isinstance(groups, dict) else ():
        if isinstance(group, dict) and group.get("lr_mult") == 0 and named_for(str(name), branch):
            fact = Fact(metric=f"{keys}.{name}.lr_mult", value=0, place=run.config_place(keys))
            said, means = ZERO.fill(path=f"{keys}.{name}.lr_mult"), RATE_MEANS.fill(branch=branch)
            yield Clue(side="for", strength=strength, measured=said, means=means, facts=(fact,), detail=detail)
    for path in (f"model.backbone.{branch}_pathway.frozen_stages", f"model.backbone.{branch}_frozen_stages"):
        value = settings.at(tree(run), path) if settings.has(tree(run), path) else None
        if isinstance(value, int) and value >= 1:
            said, means = FROZEN.fill(path=path, value=value), FROZEN_MEANS.fill(branch=branch)
            yield Clue(side="for", measured=said, means=means, facts=(config_fact(run, path),), detail=detail)


def _loss(run: Run, branch: str, *, asked: bool) -> Iterator[Clue]:
    """A branch's own training loss, where the branch is under suspicion."""
    series = run.get(f"train/loss/{branch}")
    seen = None if series is None else series.value[np.isfinite(series.value)]
    if not asked or seen is None or series is None or len(seen) < LEAST:
        return
    before, after = float(np.median(seen[:ENDS])), float(np.median(seen[-ENDS:]))
    said = LOSS.fill(branch=branch, before=number(before), after=number(after))
    facts = (run.fact(series, 0), run.fact(series, -1))
    detail = DETAIL.fill(branch=branch)
    if np.ptp(seen) <= STILL * abs(before):
        yield Clue(side="for", strength="strong", measured=said, means=STILL_MEANS, facts=facts, detail=detail)
    elif before > 0 and after <= (1.0 - FELL) * before:
        yield Clue(side="against", strength="strong", measured=said, means=FELL_MEANS, facts=facts)
