"""One branch knows nothing while the others learn.

Why it matters: the total hides it. The parameters of the branch may be missing from the optimizer, its input broken, its
weight in the loss zero; the fusion then learns to do without it.
How it looks: in eight evaluations the median of three of a branch never rose out of its noise above guessing (or, where that
is not known, never left a level of at most 10 %, or did not change at all), while another gained 20 points: a watch. In
training, a branch whose loss was well below ln K, or its accuracy well above guessing, is back there for thirty logged
values while another branch is not: an act.
Stays quiet on: a weak branch that is above guessing, or still rises; the first eight evaluations; runs in which nothing
learns; branches that fell in evaluations (see `branch_collapse`) or stand at ln K in training since the start (see
`loss_at_chance`).
Size: points above guessing, or above the first evaluation; for a loss, per cent of ln K.
What to do: Check that the branch's parameters are in the optimizer and get a gradient, that its loss has a weight, and look
at its input with your own eyes, ten clips of it.

中文：
一个分支什么也没学到，而其他分支在学习。

为何重要：总分会掩盖这一点。该分支的参数可能没有交给优化器，输入可能有误，或损失权重为零；融合层于是学会了不用
它。
判断依据：八次评估中，该分支的三点中位数从未越出噪声、高于随机猜测（若不知道随机水平，则从未离开不超过 10% 的起
始水平，或完全不变），而另一分支提高了 20 个百分点：为 watch。在训练中，若某分支的损失曾明显低于 ln K，或准确率
曾明显高于随机猜测，之后连续三十个记录值退回随机水平，而另一分支没有：为 act。
不会报告：高于随机水平或仍在上升的弱分支、最初八次评估之内、所有分支都没学到东西的训练、在评估中下跌的分支（见
`branch_collapse`），以及从一开始就停在 ln K 的训练损失（见 `loss_at_chance`）。
数值含义：高于随机猜测或首次评估的百分点数；对损失而言是 ln K 的百分比。
如何处理：确认该分支的参数已交给优化器并得到梯度、它的损失有权重，并亲眼查看它的输入，看十个片段。
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from defib.health.branches import fine_branches
from defib.health.chance import chance
from defib.health.guessing import guess_noise
from defib.health.rule import Finding, rule
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Column, Run, Series

ROW, LEVEL = 8, 3  # evaluations, and those under one median; assumed
LEARNED = 20.0  # points that another has gained; assumed
NOISES, LEAST = 2.5, 0.5  # of the noise, and points, that a branch must be above; assumed
LOW, FLAT, FULL = 10.0, 1.0, 99.5  # points, where the number of classes is not known; assumed
BLOCK, BLOCKS = 10, 3  # training values under one median; medians in a row. Assumed
ALIVE, DEAD = 0.7, 0.95  # of ln K; assumed
MUCH, LEFT = 20.0, 0.1  # points of training accuracy above guessing, and the share of them that is left; assumed
ONE_BRANCH = Words(en="only one branch was logged", zh="只记录了一个分支")
FELL = Words(
    en="branch {branch} is back at guessing in training ({now}, it had reached {best}) while {other} is not",
    zh="{branch} 分支在训练中退回到随机猜测的水平（{now}，曾达到 {best}），而 {other} 没有",
)


def _blind(run: Run) -> Words | None:
    trained = any(len(_trained(run, metric)) > 1 for metric in ("train/loss", "train/top1"))
    return None if fine_branches(run) or trained else ONE_BRANCH


@rule(
    needs=(),
    blind=_blind,
    fall=True,
    says=Words(
        en="branch {branch} is still at {now} after {count} evaluations, while {other} has gained {gain} points: it learns nothing",
        zh="{count} 次评估之后，{branch} 分支仍为 {now}，而 {other} 已提高 {gain} 个百分点：该分支没有学到任何东西",
    ),
)
def dead_branch(run: Run) -> Iterator[Finding]:
    """Look at each branch beside the others, in evaluations and in training."""
    branches = fine_branches(run)
    deciding = run.get(run.deciding)
    for branch in branches:
        others = [one for one in (*branches, deciding) if one is not None and one.key != branch.key]
        yield from _never_alive(run, branch, others)
    for metric in ("train/loss", "train/top1"):
        trained = _trained(run, metric)
        for branch in trained:
            yield from _died(run, branch, [one for one in trained if one.key != branch.key])


def _never_alive(run: Run, branch: Series, others: list[Series]) -> Iterator[Finding]:
    finite = np.flatnonzero(np.isfinite(branch.value))
    if len(finite) < ROW:
        return
    value = branch.value[finite]
    floor = chance(run, branch)
    noise = guess_noise(value[:ROW], floor)
    level = np.median(np.lib.stride_tricks.sliding_window_view(value, LEVEL), axis=1)  # ends at index + LEVEL - 1
    start = floor or float(level[0])
    margin = max(LEAST if floor else FLAT, NOISES * noise)
    if not floor and (level[0] > LOW or margin > LOW):
        if np.ptp(value[:ROW]) > 0 or value[0] >= FULL:
            return
        margin = 0.0
    left = np.flatnonzero((level > start + margin) if floor else (np.abs(level - start) > margin)) + LEVEL - 1
    learned = [(record, one) for one in others if (record := _gained(run, one)) is not None]
    if not learned:
        return
    record, other = min(learned, key=lambda pair: pair[0])
    known = max(ROW - 1, int(np.searchsorted(branch.record[finite], record)))
    if known >= len(finite) or (len(left) and left[0] <= known):
        return
    seen = other.value[(other.record <= branch.record[finite[known]]) & np.isfinite(other.value)]
    now = float(np.median(value[max(known - LEVEL + 1, 0) : known + 1]))
    yield Finding(
        series=branch,
        index=int(finite[0]),
        known=int(finite[known]),
        severity="watch",
        size=now - start,
        cleared=int(finite[left[0]]) if len(left) else None,
        facts=(run.fact(branch, int(finite[0])), run.fact(branch, int(finite[known]))),
        values={
            "now": f"{now:.2f}{branch.unit}",
            "count": known + 1,
            "other": other.branch or other.metric,
            "gain": number(float(seen.max() - _start(run, other)), 3),
        },
    )


def _start(run: Run, series: Series) -> float:
    finite = series.value[np.isfinite(series.value)]
    return chance(run, series) or float(finite[0])


def _gained(run: Run, series: Series) -> float | None:
    """The record at which a branch had gained much."""
    if not np.isfinite(series.value).any():
        return None
    gained = np.flatnonzero(series.value - _start(run, series) >= LEARNED)
    return float(series.record[gained[0]]) if len(gained) else None


def _trained(run: Run, metric: str) -> list[Series]:
    """The branches of a training metric, where guessing is known."""
    if not run.classes or run.classes < 2:  # noqa: PLR2004 (one class is no choice)
        return []
    return [
        one for one in run.branches(metric) if one.branch and not one.branch.endswith("_coarse") and len(one) >= BLOCK
    ]


def _died(run: Run, branch: Series, others: list[Series]) -> Iterator[Finding]:
    """The first time that three medians in a row are back at guessing while another branch is not."""
    ends, medians = _medians(branch)
    dead, best = _states(run, branch, medians)
    row = np.lib.stride_tricks.sliding_window_view(dead, BLOCKS).all(axis=1) if len(dead) >= BLOCKS else np.array([])
    for first in np.flatnonzero(row).tolist():
        known = int(ends[first + BLOCKS - 1])
        other = next((one for one in others if _is_alive(run, one, float(branch.record[known]))), None)
        if other is None:
            continue
        onset = int(ends[first - 1]) + 1 if first else 0
        back = np.flatnonzero(~dead[first + BLOCKS :])
        now = float(medians[first + BLOCKS - 1])
        yield Finding(
            series=branch,
            index=onset,
            known=known,
            severity="act",
            size=100.0 * now / _guess(run, branch) if branch.better == "lower" else now - _guess(run, branch),
            cleared=int(ends[first + BLOCKS + back[0]]) if len(back) else None,
            facts=(run.fact(branch, onset), run.fact(branch, known)),
            says=FELL.fill(
                branch=branch.branch,
                now=f"{number(now, 3)}{branch.unit}",
                best=f"{number(float(best[first]), 3)}{branch.unit}",
                other=other.branch or other.metric,
            ),
        )
        return


def _medians(series: Series) -> tuple[Column, Column]:
    """Where blocks of ten finite values end, and their medians."""
    finite = np.flatnonzero(np.isfinite(series.value))
    count = len(finite) // BLOCK
    blocks = series.value[finite[: count * BLOCK]].reshape(count, BLOCK)
    return finite[BLOCK - 1 : count * BLOCK : BLOCK], np.median(blocks, axis=1) if count else np.array([])


def _guess(run: Run, series: Series) -> float:
    return math.log(run.classes or 1) if series.better == "lower" else chance(run, series)


def _states(run: Run, series: Series, medians: Column) -> tuple[np.ndarray, Column]:
    """For each median whether it is back at guessing after it was far from it; and the best so far."""
    guess = _guess(run, series)
    if series.better == "lower":
        best = np.minimum.accumulate(medians)
        return (best <= ALIVE * guess) & (medians >= DEAD * guess), best
    best = np.maximum.accumulate(medians)
    return (best - guess >= MUCH) & (medians - guess <= LEFT * (best - guess)), best


def _is_alive(run: Run, series: Series, record: float) -> bool:
    """Whether a branch was far from guessing then and is not back."""
    ends, medians = _medians(series)
    upto = int(np.searchsorted(series.record[ends.astype(int)], record, side="right"))
    if not upto:
        return False
    dead, best = _states(run, series, medians[:upto])
    far = (
        best[-1] <= ALIVE * _guess(run, series) if series.better == "lower" else best[-1] - _guess(run, series) >= MUCH
    )
    return bool(far) and not bool(dead[-1])
