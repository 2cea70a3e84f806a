"""The metric that decides fell far below its best.

Why it matters: everything trained since is worse than what the run already had; each further epoch is wasted.
How it looks: depth below the best so far, as a share of the range between guessing and the best, summed over
evaluations (`cusum.falls`). A fall of 64 % is one at once, a fall of 40 % needs one confirmation, a fall of 5 % dozens.
Where a loss decides, its rise is a watch, and an act when nearly all that it had gained is gone while the training loss
does not fall either: a held-out loss that rises alone is over-fitting, and so is a score that sinks by less than a third.
A score at a learning rate that the schedule has raised again is not compared with one at a low rate, unless half is lost.
Stays quiet on: noise of the size that the run shows everywhere, one bump of a loss, warm restarts that heal, slow declines
of a few points, metrics that never rose above guessing, dips that heal before they add up (they are a watch).
Size: points below the best when it was known.
What to do: Stop, and run `defib rescue`: it goes back to the best evaluation before the fall and changes what the likely
cause asks for. If the fall is in the validation alone (`validation_fault`), leave the run alone.

中文：
决定性指标远远跌破了它的最好成绩。

为何重要：此后训练出的都不如已有的，每多训练一轮都是浪费。
判断依据：低于目前最好成绩的深度，以随机水平到最好成绩的范围为单位，在各次评估上累加（`cusum.falls`）。下跌 64%
一次即可判定，40% 需要一次确认，5% 则需要几十次。以损失为决定性指标时，回升为 watch；若进步几乎全部丢失、训练损
失也没有下降，则为 act：只有验证损失上升是过拟合，成绩降低不到三分之一也是。调度再次上调学习率后的成绩不与低学习
率时的比较，除非丢失一半。
不会报告：训练中处处可见的噪声、损失的单次起伏、会恢复的热重启、几个百分点的缓慢下降、从未高于随机水平的指标，以
及累加到阈值之前就恢复的下跌（为 watch）。
数值含义：能够确认时，低于最好成绩的百分点数。
如何处理：停止训练并运行 `defib rescue`：它回到下跌之前最好的评估，并改动很可能的原因所要求的设置。若问题只出
在验证环节（`validation_fault`），则不要动训练。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.falling import fallen
from defib.health.rule import Finding, no_score, rule
from defib.health.scores import loss_like, score
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run

ROW = 5  # training losses on either side; assumed
SHALLOW = 1 / 3  # of the best; over-fitting costs a score less, in the time that a run takes. Assumed
WORSE = 0.1  # of what the training loss had gained; up to so much is its noise, and training has not got worse. Assumed


@rule(
    needs=("deciding",),
    blind=no_score,
    fall=True,
    says=Words(
        en="the {metric} fell from {best} to {now}, and lost {share} of what it had learned",
        zh="{metric}从 {best} 跌到 {now}，丢失了已学到部分的 {share}",
    ),
)
def val_collapse(run: Run) -> Iterator[Finding]:
    """Find the falls of the deciding metric."""
    series = run.get(run.deciding)
    if series is None:
        return
    loss = run.get("train/loss")
    scored = score(run, series)
    if scored is None:
        return
    values, _ = scored

    def overfits(best: int, onset: int, known: int) -> bool:
        """Whether training does not get worse while a held-out loss rises, or a score has sunk by less than a third."""
        if loss is None or (not loss_like(series) and values[best] - values[known] >= SHALLOW * values[best]):
            return False
        begin, before, after = (
            float(np.median(part)) if len(part) else np.nan
            for part in (
                loss.value[:ROW],
                loss.value[loss.record <= series.record[onset]][-ROW:],
                loss.value[loss.record <= series.record[known]][-ROW:],
            )
        )
        return after <= before + WORSE * max(begin - before, 0.0)

    yield from fallen(run, series, spared=overfits)
