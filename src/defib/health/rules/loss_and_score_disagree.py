"""The loss gets better and the score does not move, or the held-out loss explodes and the score is fine.

Why it matters: a loss that falls smoothly looks like learning. Where the score stays dead, the loss is minimised by something that the
score does not ask for, or the score is computed on the wrong labels, classes or threshold. The other way round the model is
right and far too sure: its scores can be used, its probabilities cannot.
How it looks: since the first evaluation, for twelve of them and a fifth of the planned epochs, the score is zero, the same to the
last digit, or never out of its noise above guessing, while the held-out loss (the training loss where none was logged, and no
training accuracy rose) came down by half: a watch. The median of five held-out losses is twice the lowest such median,
five times the noise and a tenth of the first above it, while the score is at its best: a note.
Stays quiet on: scores of detectors that are zero in the first epochs, late learners, whose loss has not fallen either,
scores that are constant at 100 %, models that learn the training set by heart first, held-out losses whose noise is that large.
Size: per cent of the loss that is gone; times the lowest held-out loss.
What to do: Compute the score of a few samples by hand: labels, class order, threshold. Where only the held-out loss
explodes, use the scores and distrust the probabilities; label smoothing helps the next run.

中文：
损失在变好而成绩不动，或验证损失暴涨而成绩正常。

为何重要：平稳下降的损失看起来像是在学习。如果成绩始终不动，说明损失优化的不是成绩所考察的东西，或者成绩是用错误
的标签、类别或阈值算的。反过来，模型判断正确但过于自信：成绩可用，概率不可用。
判断依据：从首次评估起至少十二次、且占计划轮数的五分之一，成绩一直为零、每一位数字不变，或从未越出噪声高于随机猜
测，而验证损失（没有记录且训练准确率没有上升时用训练损失）降低了一半：为 watch。五个验证损失的中位数达到最低中位
数的两倍，差距超过噪声的五倍和首个中位数的十分之一，而成绩仍在最好水平：为提示。
不会报告：检测器最初几轮为零的成绩、损失同样没有下降的慢热训练、恒为 100% 的成绩、先把训练集背下来的模型，以及噪
声本来就这么大的验证损失。
数值含义：损失减少的百分比；或相对最低验证损失的倍数。
如何处理：手工计算几个样本的成绩，核对标签、类别顺序和阈值。若只有验证损失暴涨，成绩可用而概率不可信；下次训练
可用标签平滑。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.chance import chance
from defib.health.guessing import guess_noise, medians
from defib.health.rule import NO_DECIDING, Finding, rule
from defib.naming import metric_name
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Column, Run, Series

ROW = 12  # evaluations; detectors start with some that are zero. Assumed
PLANNED = 0.2  # of the planned epochs; assumed
HALF = 0.5  # of the loss at the first evaluation; assumed
ZERO, FULL = 0.5, 99.5  # per cent; assumed
NOISES, LEAST = 2.5, 0.5  # of the noise, and points, that a score must be above guessing; assumed
RISE = 10.0  # points of training accuracy; assumed
TWICE, OVER = 2.0, 1.5  # of the lowest held-out loss; assumed
LEVEL = 5  # held-out losses under one median; two of them may be wild. Assumed
SHARE = 0.1  # of the first held-out loss; a tiny loss that doubles is still tiny. Assumed
FAR = 5.0  # times the noise on a logarithmic scale; the lowest of many medians lies far below the mean. Assumed
RECENT = 20  # changes from which that noise is judged; assumed
KNOWS, SLACK = 20.0, 2.0  # points above guessing; points below the best that are still fine. Assumed
NO_PAIR = Words(
    en="no held-out score in per cent was logged beside a loss",
    zh="没有同时记录以百分比表示的验证成绩和损失",
)
SURE = Words(
    en="the {metric} has risen to {now}, {factor} times its lowest, while the {score} is {value}: right, but far too sure",
    zh="{metric}已升至 {now}，为其最低值的 {factor} 倍，而{score}为 {value}：答案正确，但过于自信",
)


def _score(run: Run) -> Series | None:
    for series in (run.get(run.deciding), run.get("val/top1"), run.get("test/top1")):
        if series is not None and series.better == "higher" and series.unit == "%":
            return series
    return None


def _blind(run: Run) -> Words | None:
    score = _score(run)
    if score is None:
        return NO_DECIDING if run.deciding is None else NO_PAIR
    return None if _held_out(run, score) is not None or run.get("train/loss") is not None else NO_PAIR


@rule(
    needs=(),
    blind=_blind,
    says=Words(
        en="the {loss} has come down from {from_} to {to}, and the {metric} is {now} as it was at the first of {count} evaluations",
        zh="{loss}已从 {from_} 降到 {to}，而{metric}在 {count} 次评估中始终为 {now}",
    ),
)
def loss_and_score_disagree(run: Run) -> Iterator[Finding]:
    """Look at the score that decides beside the losses."""
    score = _score(run)
    if score is None:
        return
    yield from _dead_score(run, score)
    loss = _held_out(run, score)
    if loss is not None:
        yield from _exploding_loss(run, score, loss)


def _held_out(run: Run, score: Series) -> Series | None:
    return run.get(f"{score.metric.partition('/')[0]}/loss")


def _dead_score(run: Run, score: Series) -> Iterator[Finding]:
    finite = np.flatnonzero(np.isfinite(score.value))
    if len(finite) < ROW:
        return
    value = score.value[finite]
    alive = _alive(run, score, value)
    pair = None if alive is not None and alive < ROW else _losses(run, score, finite)
    if pair is None:
        return
    loss, level = pair
    start = float(level[np.isfinite(level)][0])
    fell = (level <= HALF * start) & (start > 0)
    fell[: ROW - 1] = False
    planned = run.setting("max_epochs")
    if isinstance(planned, int):
        epochs = score.epoch[finite]
        fell &= np.isnan(epochs) | (epochs - epochs[0] >= PLANNED * planned)
    if not fell.any():
        return
    known = int(np.argmax(fell))
    if alive is not None and alive <= known:
        return
    if loss.metric == "train/loss" and _trains(run, float(score.record[finite[known]])):
        return
    yield Finding(
        series=score,
        index=int(finite[0]),
        known=int(finite[known]),
        severity="watch",
        size=100.0 * (1.0 - float(level[known]) / start),
        cleared=None if alive is None else int(finite[alive]),
        facts=(run.fact(score, int(finite[0])), run.fact(score, int(finite[known]))),
        values={
            "loss": metric_name(run, loss.key),
            "from_": number(start),
            "to": number(float(level[known])),
            "now": f"{float(np.median(value[: known + 1])):.2f}%",
            "count": known + 1,
        },
    )


def _alive(run: Run, score: Series, value: Column) -> int | None:
    """The first evaluation at which a score has moved; 0 for one that never was dead."""
    floor = chance(run, score)
    moved = value > ZERO if value[0] <= ZERO else (value != value[0]) | (value[0] >= FULL)
    if floor:
        guesses = medians(value) > floor + max(LEAST, NOISES * guess_noise(value[:ROW], floor))
        moved &= guesses | (value[0] > floor + max(LEAST, NOISES * guess_noise(value[:ROW], floor)))
    first = np.flatnonzero(moved)
    return int(first[0]) if len(first) else None


def _losses(run: Run, score: Series, finite: np.ndarray) -> tuple[Series, Column] | None:
    """The loss to compare with, and its median since the evaluation before, at each evaluation."""
    loss = _held_out(run, score)
    if loss is None or not np.isfinite(loss.value).any():
        loss = run.get("train/loss")
    if loss is None:
        return None
    records = score.record[finite]
    ends = np.searchsorted(loss.record, records, side="right")
    starts = np.concatenate(([0], ends[:-1]))
    level = np.full(len(records), np.nan)
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        within = loss.value[start:end]
        within = within[np.isfinite(within)]
        if len(within):
            level[index] = np.median(within)
    if loss.metric != "train/loss":
        level = medians(level)
    return (loss, level) if np.isfinite(level).any() else None


def _trains(run: Run, record: float) -> bool:
    """Whether a training accuracy rose until then."""
    for series in run.branches("train/top1"):
        seen = series.value[(series.record <= record) & np.isfinite(series.value)]
        if len(seen) and float(seen.max()) - float(seen[0]) > RISE:
            return True
    return False


def _exploding_loss(run: Run, score: Series, loss: Series) -> Iterator[Finding]:
    finite = np.flatnonzero(np.isfinite(loss.value) & (loss.value > 0))
    value = loss.value[finite]
    smooth = medians(value, LEVEL)
    lowest = np.fmin.accumulate(smooth)
    with np.errstate(invalid="ignore"):
        high = np.flatnonzero((smooth >= TWICE * lowest) & (smooth - lowest >= SHARE * smooth[LEVEL - 1 : LEVEL].sum()))
    for at in high.tolist():
        changes = np.abs(np.diff(np.log(value[max(at - RECENT, 0) : at])))
        noise = 1.4826 * float(np.median(changes)) / float(np.sqrt(2.0))
        if np.log(smooth[at] / lowest[at]) < FAR * noise:
            continue
        now = _fine(run, score, float(loss.record[finite[at]]))
        if now is None:
            continue
        with np.errstate(invalid="ignore"):
            over = np.flatnonzero(smooth[at:] < OVER * lowest[at:])
        best = int(np.nanargmin(smooth[: at + 1]))
        yield Finding(
            series=loss,
            index=int(finite[at]),
            known=int(finite[at]),
            severity="note",
            size=float(smooth[at] / lowest[at]),
            cleared=int(finite[at + over[0]]) if len(over) else None,
            facts=(run.fact(loss, int(finite[best])), run.fact(loss, int(finite[at]))),
            says=SURE.fill(
                metric=metric_name(run, loss.key),
                now=number(float(smooth[at])),
                factor=number(float(smooth[at] / lowest[at]), 2),
                score=metric_name(run, score.key),
                value=f"{now:.1f}%",
            ),
        )
        return


def _fine(run: Run, score: Series, record: float) -> float | None:
    """The median of the last three scores until then, when it is at its best and well above guessing."""
    seen = score.value[(score.record <= record) & np.isfinite(score.value)]
    if len(seen) < 3:  # noqa: PLR2004 (one median)
        return None
    smooth = medians(seen)
    best = float(np.nanmax(smooth))
    return float(smooth[-1]) if best - chance(run, score) >= KNOWS and smooth[-1] >= best - SLACK else None
