"""The metric that decides has never left the level at which it began.

Why it matters: nothing is being learned; more epochs will not change that. Labels, input or optimizer are wrong, or
parameters are missing from it.
How it looks: eight evaluations of which not one is above guessing by a tenth of the way to 100 % and by 3.5 times the
noise. Where the number of classes is not known: eight evaluations of hits (top-1, mAP, ...) up to 10 points that differ by less than one, or
eight that are equal to the last digit, or sixteen up to 50 points that show no trend while every loss stands still. Where
nothing was evaluated: ten epochs in which neither loss nor accuracy moved, and the two agree with guessing.
Stays quiet on: fewer evaluations, a metric that rose and levelled off, one that is constant at 100 %, a training accuracy
that rises meanwhile (that is over-fitting, or a late start), a loss that still falls, and losses as the metric that
decides (listed as not checked).
Size: points of the best of them above guessing, or above the first.
What to do: Let it over-fit one batch; check that labels, input and parameters in the optimizer are right; then try three
learning rates a factor of ten apart.

中文：
决定性指标从未离开起始水平。

为何重要：什么也没学到，再训练更多轮也不会改变。标签、输入或优化器有误，或参数没有交给优化器。
判断依据：八次评估中，没有一次高出随机水平达到通往 100% 的十分之一以及噪声的 3.5 倍。不知道类别数时：八次不超过
10 个百分点的命中类成绩（top-1、mAP 等）彼此相差不到一个百分点，或八次每一位数字都相同，或十六次不超过 50 个百分
点的成绩没有趋势且所有损失都不动。没有评估时：十轮之内损失和准确率都没有变化，且两者都符合随机猜测。
不会报告：评估次数更少、先上升后趋平的指标、恒为 100% 的指标、同时训练准确率在上升（那是过拟合或慢热）、损失仍在
下降，以及以损失为决定性指标的训练（列为未检查）。
数值含义：其中最好成绩高于随机水平（或首次评估）的百分点数。
如何处理：让它在一个批次上过拟合；核对标签、输入和优化器中的参数；再以十倍为间隔试三个学习率。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.chance import chance
from defib.health.rule import NO_DECIDING, Finding, rule
from defib.health.shapes import NOISES, noise_before
from defib.health.standing import agrees_with_guessing, losses_stand
from defib.naming import metric_name
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

ROW = 8  # evaluations; assumed
SHARE = 0.1  # of the way from guessing to 100 %; assumed
HITS = frozenset(
    {"top1", "top5", "mean_class", "map", "map50", "miou", "mean_accuracy", "pixel_accuracy", "dice", "fscore"}
)
"""Measures of which a working model reaches far more than a tenth; a text score of 8 % may be a good one."""
LONG = 16  # evaluations without a trend, where it is not known what guessing scores; a late start may take a dozen. Assumed
HALF = 50.0  # points, up to which a score that does not move is not simply good; assumed
TREND = 2.0  # times the noise, by which the later half of the evaluations is better; assumed
GROWS = 1.2  # times the earlier half of the evaluations, from which a low score is on its way; assumed
LOW, FLAT, FULL = 10.0, 1.0, 99.5  # points; assumed
MEDIAN = 5  # training values; assumed
RISE = 10.0  # points of training accuracy; assumed
EPOCHS = 10.0  # of training without an evaluation; assumed
VALUES = 10  # training values, the least of which medians say something; assumed
MOVED = 5.0  # points of training accuracy; assumed
UNTAUGHT = Words(
    en="the {metric} is still about {now} after {epochs} epochs and the loss has not moved: both are what guessing gives",
    zh="{metric}在 {epochs} 轮之后仍约为 {now}，损失也没有变化：两者都只是随机猜测的水平",
)
NO_SCORE = Words(en="the metric that decides is a loss", zh="决定性指标是损失")


def _blind(run: Run) -> Words | None:
    series = run.get(run.deciding)
    if series is None:
        return None if run.branches("train/top1") and run.get("train/loss") is not None else NO_DECIDING
    return None if series.better == "higher" else NO_SCORE


@rule(
    needs=(),
    blind=_blind,
    says=Words(
        en="the {metric} has not left the level at which it began in {count} evaluations; its best is {best}",
        zh="{metric}在 {count} 次评估中一直没有离开起始水平，最好为 {best}",
    ),
)
def plateau(run: Run) -> Iterator[Finding]:
    """Look at the first evaluations, and whether any rose above guessing; at training where nothing was evaluated."""
    series = run.get(run.deciding)
    if series is None:
        yield from _training(run)
        return
    finite = np.flatnonzero(np.isfinite(series.value))
    floor = chance(run, series)
    for count, stuck in ((ROW, _stuck), (LONG, _still)):
        known = int(finite[count - 1]) if len(finite) >= count else -1
        if known < 0 or not stuck(run, series, known, floor) or _trains(run, int(series.record[known])):
            continue
        first = series.value[: known + 1]
        best = float(np.nanmax(first))
        level = floor or float(first[finite[0]])
        rose = np.flatnonzero(series.value[known + 1 :] - level > SHARE * (100.0 - level))
        yield Finding(
            series=series,
            index=int(finite[0]),
            known=known,
            severity="watch",
            size=best - level,
            cleared=known + 1 + int(rose[0]) if len(rose) else None,
            facts=(run.fact(series, int(finite[0])), run.fact(series, int(np.nanargmax(first)))),
            values={"count": count, "best": f"{best:.2f}{series.unit}"},
        )
        return


def _training(run: Run) -> Iterator[Finding]:
    """A training accuracy and a loss that have not moved and agree with guessing."""
    loss = run.get("train/loss")
    for series in run.branches("train/top1"):
        finite = np.flatnonzero(np.isfinite(series.value))
        if loss is None or len(finite) < VALUES:
            continue
        span = series.epoch - series.epoch[finite[0]] + 1.0
        late = np.flatnonzero(span[finite] >= EPOCHS)
        known = int(finite[max(int(late[0]), VALUES - 1)]) if len(late) else -1
        record = int(series.record[known])
        if known < 0 or not losses_stand(run, record) or not agrees_with_guessing(series, loss, record):
            continue
        seen = series.value[finite[finite <= known]]
        if _risen(seen, floor=float(np.median(seen[: len(seen) // 2]))):
            continue
        later = np.flatnonzero(series.value[known + 1 :] > float(np.max(seen)) + RISE)
        yield Finding(
            series=series,
            index=int(finite[0]),
            known=known,
            severity="watch",
            size=float(seen.max() - seen[0]),
            cleared=known + 1 + int(later[0]) if len(later) else None,
            facts=(run.fact(series, int(finite[0])), run.fact(series, known)),
            says=UNTAUGHT.fill(
                metric=metric_name(run, series.key),
                now=f"{float(np.median(seen)):.1f}{series.unit}",
                epochs=int(EPOCHS),
            ),
        )


def _risen(seen: np.ndarray, floor: float) -> bool:
    """Whether the later half of some accuracies lies above the earlier one by more than five points."""
    return float(np.median(seen[len(seen) // 2 :])) - floor > MOVED


def _still(run: Run, series: Series, known: int, floor: float) -> bool:
    """Whether a low score shows no trend while no loss has moved; where guessing is known `_stuck` has looked."""
    first = series.value[: known + 1]
    first = first[np.isfinite(first)]
    if floor or float(first.max()) > HALF or series.metric.rpartition("/")[2] not in HITS:
        return False
    middle = len(first) // 2
    gained = float(np.mean(first[middle:]) - np.mean(first[:middle]))
    still = gained <= max(FLAT, TREND * noise_before(series.value, known + 1) / np.sqrt(middle))
    return still and losses_stand(run, int(series.record[known]))


def _stuck(_run: Run, series: Series, known: int, floor: float) -> bool:
    """Whether the evaluations up to `known` never left the level at which they began."""
    value = series.value
    first = value[: known + 1]
    low, best = float(np.nanmin(first)), float(np.nanmax(first))
    if floor:
        return best - floor <= max(SHARE * (100.0 - floor), NOISES * noise_before(value, known + 1))
    constant = best - low < 1e-9 and best < FULL  # noqa: PLR2004 (equal to the last digit)
    hits = series.metric.rpartition("/")[2] in HITS
    if constant or not hits or best > LOW:
        return constant
    middle = known // 2 + 1
    earlier, later = float(np.nanmean(first[:middle])), float(np.nanmean(first[middle:]))
    return best - low < FLAT or (later - earlier < FLAT and later <= GROWS * earlier)


def _trains(run: Run, record: int) -> bool:
    """Whether a training accuracy rose until then, by medians of five: one lucky batch is no rise."""
    for series in run.branches("train/top1"):
        seen = series.value[(series.record <= record) & np.isfinite(series.value)]
        if not len(seen):
            continue
        width = min(MEDIAN, len(seen))
        medians = np.median(np.lib.stride_tricks.sliding_window_view(seen, width), axis=1)
        if float(medians.max()) - float(seen[0] if len(seen) < 2 * MEDIAN else medians[0]) > RISE:
            return True
    return False
