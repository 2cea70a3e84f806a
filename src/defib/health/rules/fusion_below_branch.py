"""The fused score stays below the best single branch.

Why it matters: fusion exists to add what one branch knows to the other; below the better one it subtracts. One branch
is then mostly wrong and sure of it, or scores are on different scales.
How it looks: four evaluations in a row at which the fused score is below the best branch by more than 2 points, a
twentieth of the branch, and twice the noise that the size of the validation set explains. Both scores are counted on the
same clips, so that the run's own ups and downs do not count here.
Stays quiet on: single evaluations, differences within that noise, runs without a fused score.
Size: points below the best branch at the fourth evaluation.
What to do: Report the better branch meanwhile. Then look at why the other one is so sure and wrong: its labels, its class
list, its loss weight; or weigh the fusion on held-out data.

中文：
融合分数持续低于最好的单个分支。

为何重要：融合是为了让分支互补；低于较好的分支就成了拖累。常见情形是某个分支大多判错却非常自信，或各分支分数的尺
度不同。
判断依据：连续四次评估中，融合分数低于最好分支的幅度同时超过 2 个百分点、该分支成绩的二十分之一，以及验证集大小
所能解释的噪声的两倍。两者在同样的样本上统计，因此训练自身的起伏不影响比较。
不会报告：单次评估、噪声范围内的差异，以及没有融合分数的训练。
数值含义：第四次评估时低于最好分支的百分点数。
如何处理：暂时以较好的分支为准。再查另一个分支为何判错却很自信：标签、类别表、损失权重；或在留出数据上重新确定
融合权重。
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from defib.health.branches import fine_branches
from defib.health.rule import Finding, rule
from defib.health.shapes import FIRST, counting_noise
from defib.metrics import FUSED
from defib.naming import branch_of
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

ROW = 4  # evaluations in a row; assumed
NOISES = 2.0  # times what the size of the validation set alone explains; assumed
POINTS = 2.0  # by which a branch is better, at least; assumed
SHARE = 0.05  # of the branch's score, at least; assumed
NO_FUSION = Words(en="no fused score beside single branches was logged", zh="没有同时记录融合分数与单分支分数")


def _blind(run: Run) -> Words | None:
    deciding = run.get(run.deciding)
    fused = deciding is not None and deciding.branch == FUSED
    return None if fused and fine_branches(run) else NO_FUSION


@rule(
    needs=("deciding",),
    blind=_blind,
    says=Words(
        en="the fused score has been below branch {other} since here ({now} against {best}): fusion subtracts",
        zh="从此处起融合分数一直低于 {other} 分支（{now} 对 {best}）：融合在拖后腿",
    ),
)
def fusion_below_branch(run: Run) -> Iterator[Finding]:
    """Find stretches of four evaluations or more with the fused score clearly below a branch."""
    fused = run.get(run.deciding)
    if fused is None:
        return
    row: list[tuple[int, Series, int]] = []
    reported: list[Finding] = []
    for index, record in enumerate(fused.record):
        beside = [(series, at) for series in fine_branches(run) for at in np.flatnonzero(series.record == record)]
        if not beside:
            continue
        series, at = max(beside, key=lambda pair: float(pair[0].value[pair[1]]))
        best = float(series.value[at])
        margin = NOISES * (counting_noise(fused.value[: min(index + 1, FIRST)]) or 0.0)
        if best - float(fused.value[index]) > max(POINTS, SHARE * best, margin):
            row.append((index, series, int(at)))
            if len(row) == ROW:
                reported.append(_finding(run, fused, row))
        else:
            if len(row) >= ROW:
                reported[-1] = replace(reported[-1], cleared=index)
            row = []
    yield from reported


def _finding(run: Run, fused: Series, row: list[tuple[int, Series, int]]) -> Finding:
    last, series, at = row[-1]
    now, best = float(fused.value[last]), float(series.value[at])
    return Finding(
        series=fused,
        index=row[0][0],
        known=last,
        severity="watch",
        size=best - now,
        facts=tuple(fact for i, other, j in row for fact in (run.fact(fused, i), run.fact(other, j))),
        values={
            "other": branch_of(run, series.key),
            "now": f"{now:.2f}{fused.unit}",
            "best": f"{best:.2f}{series.unit}",
        },
    )
