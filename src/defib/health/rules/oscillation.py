"""The deciding metric falls and recovers again and again, or training forgets everything and learns it again.

Why it matters: a run that keeps losing a part of its score has no steady place to improve from; the step size is too
large for it, or the evaluation is too noisy to choose a checkpoint by.
How it looks: falls of more than a tenth of the learned range and more than 4.5 times the noise from before the first of
them, with a recovery of at least half between them. Two are a note; three within twenty evaluations, each of more than a
sixth, are a watch. In training only a relapse to the start counts, and the third of them is a watch.
Stays quiet on: one fall, noise of the usual size, the first evaluations, what a warm restart costs, bumps of a loss that
are no larger than its noise on a logarithmic scale, and dips that lie far apart. Twenty evaluations without a swing clear it.
Size: points, the largest of the falls when the last of them was seen.
What to do: Lower the learning rate one notch, or average the weights (EMA). Where the validation set is small, evaluate on
more of it first.

中文：
决定性指标反复下跌又恢复，或训练一再遗忘又重新学会。

为何重要：总在丢失部分成绩的训练没有稳定的改进起点；要么步长太大，要么评估噪声太大，无法据此挑选检查点。
判断依据：下跌超过已学范围的十分之一，并超过首次下跌之前噪声的 4.5 倍，两次之间至少恢复一半。两次为提示；二十次
评估之内三次、每次超过六分之一，为 watch。在训练指标上只计退回起点的情况，第三次为 watch。
不会报告：单次下跌、通常大小的噪声、最初几次评估、热重启的代价、对数尺度上不超过噪声的损失起伏，以及相隔很远的下
跌。二十次评估没有再振荡即解除。
数值含义：看到最后一次下跌时，其中最大一次的百分点数。
如何处理：把学习率降低一档，或对权重做滑动平均（EMA）。若验证集很小，先扩大评估的样本数。
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from defib.health.falling import logarithmic
from defib.health.rates import raised
from defib.health.relapses import Relapse, relapses
from defib.health.rule import Finding, no_score, rule
from defib.health.scores import loss_like, score
from defib.health.shapes import EARLY, LEARNED, noise_before, outstanding
from defib.naming import metric_name
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

SHARE = 0.10  # of the learned range; assumed
LARGE = 1 / 6  # of the learned range, for a watch; assumed
NOISES = 4.5  # about from the top of the noise to its bottom over twenty evaluations; assumed
SWINGS = 2  # for a note; assumed
AGAIN = 3  # swings, for a watch; assumed
SPAN = 20  # evaluations within which they lie; assumed

WORSE = Words(
    en="the {metric} has become worse {count} times, by up to {size} % of its first value, and recovered in between: it swings",
    zh="{metric}已 {count} 次变差（最多为初始值的 {size}%）并在其间恢复：训练在振荡",
)
FORGOTTEN = Words(
    en="training has lost nearly everything {count} times and learned it again; the {metric} went back to {now}: it swings",
    zh="训练已 {count} 次几乎忘掉所学又重新学会，{metric}退回到 {now}：训练在振荡",
)


class Swing(NamedTuple):
    """A fall of the curve."""

    top: int
    fell: int
    points: float
    share: float
    """Of the learned range."""
    noise: float


@rule(
    needs=("deciding",),
    blind=no_score,
    says=Words(
        en="the {metric} has fallen {count} times by up to {size} points and recovered in between: it swings",
        zh="{metric}已 {count} 次下跌（最多 {size} 个百分点）并在其间回升：训练在振荡",
    ),
)
def oscillation(run: Run) -> Iterator[Finding]:
    """Find the moments at which a second and a third large fall are seen."""
    series = run.get(run.deciding)
    if series is not None:
        yield from _held_out(run, series)
    for train in (*run.branches("train/loss"), *run.branches("train/top1")):
        yield from _training(run, train)


def _held_out(run: Run, series: Series) -> Iterator[Finding]:
    swings = list(_swings(run, series))
    noted = False
    for count, swing in enumerate(swings, start=1):
        near = [one for one in swings[:count] if swing.fell - one.fell <= SPAN]
        large = [one for one in near if one.share >= LARGE]
        over = _over(swings, count - 1, len(series))
        if len(large) >= AGAIN:
            yield _finding(run, series, large, "watch", over)
            return
        if len(near) >= SWINGS and not noted:
            noted = True
            yield _finding(run, series, near, "note", over)


def _over(swings: list[Swing], at: int, length: int) -> int | None:
    """The first evaluation at which twenty have passed without another swing; None where it still swings."""
    falls = [one.fell for one in swings[at:]]
    quiet = (one + SPAN for one, after in zip(falls, [*falls[1:], length], strict=True) if one + SPAN < after)
    return next(quiet, None)


def _swings(run: Run, series: Series) -> Iterator[Swing]:
    """Every large fall that follows a recovery, at the evaluation at which it is large enough."""
    scored = score(run, series)
    if scored is None:
        return
    curve, floor = scored
    skipped = np.isnan(curve) | raised(run, series, curve)
    witness = logarithmic(series)
    top, low, best, falling = -1, -1, -1, False
    first, last = -1, -1  # of the swings that are judged by one noise; from a handful of evaluations there is none
    noise, margin = 0.0, 0.0
    for index in np.flatnonzero(~skipped).tolist():
        now = float(curve[index])
        if top < 0 or (not falling and now >= curve[top]):
            top, best = index, index if best < 0 or now > curve[best] else best
            continue
        if falling:
            low = index if now < curve[low] else low
            if now - curve[low] >= (curve[top] - curve[low]) / 2:
                falling, top = False, index
                best = index if now > curve[best] else best
            continue
        learned, drop = float(curve[best]) - floor, float(curve[top] - now)
        if learned < LEARNED or drop <= SHARE * learned:
            continue
        if index - last > SPAN or first < EARLY:  # a new series of swings: its noise is that from before it
            first = index
            noise = noise_before(curve, index)
            margin = 0.0 if witness is None else outstanding(witness, index)
        if drop > NOISES * noise and (witness is None or witness[top] - witness[index] > margin):
            falling, low, last = True, index, index
            yield Swing(top, index, drop, drop / learned, noise)


def _training(run: Run, series: Series) -> Iterator[Finding]:
    """The third relapse of training to where it began."""
    found = relapses(run, series)
    if len(found) >= AGAIN:
        first, third = found[0], found[AGAIN - 1]
        size = max(abs(one.best - float(series.value[one.known])) for one in found[:AGAIN])
        yield Finding(
            series=series,
            index=first.onset,
            known=third.known,
            severity="watch",
            size=size,
            cleared=_calm(series, found),
            facts=tuple(run.fact(series, one.known) for one in found[:AGAIN]),
            says=FORGOTTEN.fill(
                count=AGAIN,
                metric=metric_name(run, series.key),
                now=f"{float(series.value[third.known]):.3g}{series.unit}",
            ),
        )


def _calm(series: Series, found: list[Relapse]) -> int | None:
    """Where training has gone well for longer than it had swung; None until then."""
    end = found[-1].cleared
    if end is None:
        return None
    calm = 2 * end - found[0].onset
    return calm if calm < len(series) else None


def _finding(
    run: Run, series: Series, swings: list[Swing], severity: Literal["watch", "note"], over: int | None
) -> Finding:
    size = max(one.points for one in swings)
    values = {"count": len(swings), "size": f"{size:.1f}"}
    loss = loss_like(series)
    return Finding(
        series=series,
        index=swings[0].fell,
        known=swings[-1].fell,
        severity=severity,
        size=size,
        noise=swings[0].noise,
        cleared=over,
        facts=tuple(run.fact(series, at) for one in swings for at in (one.top, one.fell)),
        values=dict(values),
        says=WORSE.fill(metric=metric_name(run, series.key), **values) if loss else None,
    )
