"""Validation gets worse while training gets better, or lies far below it.

Why it matters: the model learns the training clips rather than the classes; more epochs make it worse.
How it looks: the median of five evaluations lies below the best such median by more than a tenth of what was learned and
3.5 times the noise, less than a third is lost, and training has not got worse meanwhile. A held-out loss counts as well:
its median rises by a fifth while the score makes no progress. A wide gap alone is a note: for three evaluations in a row
the mean training accuracy since the evaluation before is more than 15 points above validation, and validation has made no
new best in them; so is a single figure without an epoch. The gap is a watch where 99 % of the training set have been
right for eight evaluations without a new best.
A held-out loss that rises while the score still improves is a note too, until it has risen by half and the score stands.
Stays quiet on: noise of a small validation set, a gap while validation still improves, sudden falls (see `val_collapse`), runs that fell in training too, and slow declines of a few points.
Size: points of the gap, or of the descent; per cent of a rise of the loss.
What to do: Stop early and keep the best checkpoint. For the next run: more weight decay, augmentation as in a known recipe,
fewer epochs, more data.

中文：
训练在变好而验证在变差，或验证远低于训练。

为何重要：模型记住的是训练样本而不是类别；继续训练只会更差。
判断依据：五次评估的中位数低于最好的中位数，幅度超过所学的十分之一和噪声的 3.5 倍，但损失不到三分之一，且训练没
有变差。验证损失也算：其中位数上升五分之一而成绩没有进步。仅有较大差距时只作提示：连续三次评估中，上次评估以来的
平均训练准确率比验证高 15 个百分点以上，且验证没有新高；没有注明轮次的单个数字也只作提示。若训练集 99% 已判对，
且连续八次评估没有新高，差距为 watch。验证损失上升而成绩仍在提高时也是提示，直到损失上升一半且成绩停滞。
不会报告：小验证集的噪声、验证仍在提高时的差距、突然的下跌（见 `val_collapse`）、训练也一起下跌的情况，以及几个
百分点的缓慢下降。
数值含义：差距或下降的百分点数；对损失而言是上升的百分比。
如何处理：提前停止并保留最佳检查点。下次训练：加大权重衰减、按已知可行的配方做数据增强、减少轮数、增加数据。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.falling import logarithmic
from defib.health.rates import raised
from defib.health.rule import NO_DECIDING, Finding, rule
from defib.health.scores import score
from defib.health.shapes import noise_before
from defib.health.sinking import Descent, descents
from defib.naming import metric_name
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series, Severity

GAP = 15.0  # points; the seed of the project uses it, and nothing was measured
ROW = 3  # evaluations; assumed
LONG = (
    8  # evaluations without a new best, after which a gap is a watch where the training set is known by heart; assumed
)
BY_HEART = 99.0  # per cent, in the mean of those evaluations: nothing is left to be learned from. Assumed
LATELY = 5  # training values on either side, whose medians are compared; assumed
SINKS = 0.1  # of what was learned, below the best median; a late decline of a few points is less. Assumed
SUDDEN = 1 / 3  # of what was learned: what loses more than that is no over-fitting. Assumed
RISES = 0.2  # of the lowest held-out loss; assumed
RISES_FAR = (
    0.5  # of the lowest held-out loss, from which it is a watch when the score, better than then, stands. Assumed
)
PROGRESS = 0.02  # of what was learned, by which a score that still improves rises; assumed
TOLD = 3  # descents of one curve that are told; assumed
NO_TRAINING = Words(
    en="neither a training loss nor a training accuracy was logged, so that worse validation says nothing about over-fitting",
    zh="既没有记录训练损失，也没有记录训练准确率，验证变差并不能说明过拟合",
)
SINKING = Words(
    en="the {metric} has come down from about {best} to {now} while training goes on improving",
    zh="训练仍在改善，{metric}却从约 {best} 降到 {now}",
)
RISING = Words(
    en="the {metric} has risen from about {best} to {now} while training improves and the score does not",
    zh="训练在改善而成绩没有提高，{metric}却从约 {best} 升到 {now}",
)
CALMER = Words(
    en="the {metric} has risen from about {best} to {now}, but the score still improves: the model is more often sure and wrong",
    zh="{metric}从约 {best} 升到 {now}，但成绩仍在提高：模型更常自信地判断错误",
)
ONE_FIGURE = Words(
    en="a training accuracy of {train} is claimed against {now} in validation, without an epoch: one weak fact",
    zh="文中称训练准确率为 {train}，而验证为 {now}，但未注明轮次：只能算一条弱证据",
)


def _blind(run: Run) -> Words | None:
    if run.get(run.deciding) is None:
        return NO_DECIDING
    return None if run.branches("train/loss") or run.branches("train/top1") else NO_TRAINING


@rule(
    needs=("deciding",),
    blind=_blind,
    says=Words(
        en="training accuracy is {train} against {now} in validation, and validation no longer improves",
        zh="训练准确率为 {train}，验证为 {now}，且验证不再提高",
    ),
)
def overfitting(run: Run) -> Iterator[Finding]:
    """Find validation that gets worse while training does not, and wide gaps without progress."""
    deciding = run.get(run.deciding)
    if deciding is None:
        return
    yield from _gaps(run, deciding)
    yield from _score_sinks(run, deciding)
    for loss in run.branches("val/loss"):
        if loss.branch is None or deciding.better == "higher":
            yield from _loss_rises(run, deciding, loss)


def _gaps(run: Run, deciding: Series) -> Iterator[Finding]:
    if deciding.metric != "val/top1":
        return
    for train in run.branches("train/top1"):
        val = run.get(f"val/top1/{train.branch}") if train.branch else deciding
        if val is None:
            continue
        if np.isnan(train.step).all() and np.isnan(train.epoch).all():
            yield from _claim(run, train, val)
        else:
            yield from _gap(run, train, val)


def _score_sinks(run: Run, series: Series) -> Iterator[Finding]:
    """A score whose median of five has come down."""
    scored = score(run, series)
    if scored is None or series.better != "higher":
        return
    curve, floor = scored
    curve = np.where(raised(run, series, curve), np.nan, curve)
    learned = np.fmax.accumulate(curve) - floor
    for found in descents(curve, SINKS * learned)[:TOLD]:
        sudden = _lost(run, series, int(series.record[found.known])) > SUDDEN
        if not sudden and _trained(run, series, found.best, found.known):
            now = found.level - found.drop
            yield Finding(
                series=series,
                index=found.best,
                known=found.known,
                severity="watch",
                size=found.drop,
                noise=found.noise,
                cleared=found.cleared,
                facts=(run.fact(series, found.best), run.fact(series, found.known)),
                says=SINKING.fill(
                    metric=metric_name(run, series.key),
                    best=f"{found.level:.1f}{series.unit}",
                    now=f"{now:.1f}{series.unit}",
                ),
            )


def _loss_rises(run: Run, deciding: Series, loss: Series) -> Iterator[Finding]:
    """A held-out loss whose median of five has risen while the score made no progress, or stands by now."""
    curve = logarithmic(loss)
    if curve is None or not np.isfinite(curve).any():
        return
    curve = np.where(raised(run, loss, curve) | ~np.isfinite(curve), np.nan, curve)
    small, large = (descents(curve, np.full(len(curve), 100.0 * np.log1p(rise)))[:TOLD] for rise in (RISES, RISES_FAR))
    for found in small:
        better = _progress(run, deciding, int(loss.record[found.best]), int(loss.record[found.known]))
        if _fits(run, deciding, loss, found):
            yield _risen(run, loss, found, "note" if better else "watch")
        for further in large if better else ():
            end = len(loss) if further.cleared is None else further.cleared
            since = (at for at in range(further.known, end) if further.best == found.best)
            at = next((at for at in since if _stalled(run, deciding, int(loss.record[at]))), None)
            if at is not None and _fits(run, deciding, loss, further._replace(known=at)):
                yield _risen(run, loss, further._replace(known=at), "watch")


def _fits(run: Run, deciding: Series, loss: Series, found: Descent) -> bool:
    """Whether training has not got worse and the score has not fallen suddenly."""
    sudden = _lost(run, deciding, int(loss.record[found.known])) > SUDDEN
    return not sudden and _trained(run, loss, found.best, found.known)


def _risen(run: Run, loss: Series, found: Descent, severity: Severity) -> Finding:
    best, now = float(np.exp(-found.level / 100.0)), float(np.exp((found.drop - found.level) / 100.0))
    return Finding(
        series=loss,
        index=found.best,
        known=found.known,
        severity=severity,
        size=100.0 * (now / best - 1.0),
        cleared=found.cleared,
        facts=(run.fact(loss, found.best), run.fact(loss, found.known)),
        says=(CALMER if severity == "note" else RISING).fill(
            metric=metric_name(run, loss.key), best=number(best), now=number(now)
        ),
    )


def _lost(run: Run, series: Series, record: int) -> float:
    """The share of what a score had learned that is gone at a record; 0 where there is no telling."""
    scored = score(run, series)
    if scored is None or series.better != "higher":
        return 0.0
    curve, floor = scored
    seen = curve[series.record <= record]
    seen = seen[np.isfinite(seen)]
    if not len(seen) or seen.max() <= floor:
        return 0.0
    return float((seen.max() - seen[-1]) / (seen.max() - floor))


def _trained(run: Run, series: Series, best: int, known: int) -> bool:
    """Whether no training loss is higher than at the best, or a training accuracy is higher where none was logged."""
    begin, end = series.record[best], series.record[known]
    losses = run.branches("train/loss")
    pairs = [
        (float(np.median(before)), float(np.median(after)), one.better == "lower")
        for one in losses or run.branches("train/top1")
        if len(before := one.value[one.record <= begin][-LATELY:])
        and len(after := one.value[one.record <= end][-LATELY:])
    ]
    return bool(pairs) and all(after <= before if lower else after >= before for before, after, lower in pairs)


def _progress(run: Run, deciding: Series, begin: int, end: int) -> bool:
    """Whether the score is better at the second record than at the first; unknown counts as no progress."""
    scored = score(run, deciding)
    if scored is None or deciding.better != "higher":
        return False
    curve, floor = scored
    before, after = curve[deciding.record <= begin][-LATELY:], curve[deciding.record <= end][-LATELY:]
    if not np.isfinite(before).any() or not np.isfinite(after).any():
        return False
    gained = float(np.nanmedian(after) - np.nanmedian(before))
    known = int(np.searchsorted(deciding.record, begin, side="right"))
    return gained > max(PROGRESS * (float(np.nanmax(after)) - floor), noise_before(curve, known))


def _stalled(run: Run, deciding: Series, record: int) -> bool:
    """Whether there were ten evaluations, of which the later five are no better than the five before them."""
    seen = deciding.record[deciding.record <= record]
    return len(seen) >= 2 * LATELY and not _progress(run, deciding, int(seen[-LATELY - 1]), record)


def _claim(run: Run, train: Series, val: Series) -> Iterator[Finding]:
    first = int(np.argmax(~np.isnan(val.value)))
    seen = np.flatnonzero(val.record <= train.record[0])
    index = int(seen[-1]) if len(seen) else first
    if train.value[0] - val.value[index] > GAP:
        words = {"train": f"{train.value[0]:.0f}%", "now": f"{val.value[index]:.2f}%"}
        yield Finding(
            series=val,
            index=index,
            known=index,
            severity="note",
            size=float(train.value[0] - val.value[index]),
            facts=(run.fact(train, 0), run.fact(val, index)),
            says=ONE_FIGURE.fill(**words),
        )


def _gap(run: Run, train: Series, val: Series) -> Iterator[Finding]:
    row: list[tuple[int, float]] = []
    best, since = -np.inf, -1.0
    told: set[Severity] = set()  # each once: a wide gap stays one
    for index, now in enumerate(val.value):
        # Records ascend, so that what was trained since the evaluation before is one slice.
        begin, end = np.searchsorted(train.record, (since, val.record[index]), side="right")
        within = begin + np.flatnonzero(~np.isnan(train.value[begin:end]))
        since = float(val.record[index])
        if np.isnan(now) or not len(within):
            continue
        mean = float(train.value[within].mean())
        if mean - now > GAP and now <= best:
            row.append((index, mean))
        else:
            row = []
        best = max(best, float(now))
        heart = len(row) >= LONG and float(np.mean([one for _, one in row[-LONG:]])) >= BY_HEART
        severity: Severity = "watch" if heart else "note"
        if severity not in told and (heart or len(row) == ROW):
            told.add(severity)
            yield Finding(
                series=val,
                index=row[0][0],
                known=index,
                severity=severity,
                size=mean - float(now),
                facts=(run.fact(train, int(within[-1])), run.fact(val, index)),
                values={"train": f"{mean:.1f}%", "now": f"{now:.2f}%"},
            )
