"""A score that was clearly above guessing is at guessing.

Why it matters: the model gives the same answer whatever it sees. It has lost all that it knew, not a part of it, and more
epochs seldom bring it back.
How it looks: of what lay between guessing and the second best evaluation, a tenth or less is left. That is told at once when a
loss says the same (it is back where training began, or at ln K), else with the second such evaluation in a row. Where the
level of guessing is not known, the first evaluation stands for it, and a loss must say the same. A score that is the same to
the last digit three times in a row, far below its best, is at the frequency of a class. Where nothing held out was logged the
training accuracy is looked at, as medians of five values.
Stays quiet on: falls that leave a part (see `val_collapse`), one bad evaluation without a witness, scores that never were far
above guessing or above their own noise, one lucky evaluation, accuracies of small batches.
Size: points below the second best.
What to do: Stop: more epochs seldom help. Go back to the best checkpoint before the fall with the cause removed (`defib
rescue`).

中文：
曾明显高于随机猜测的成绩退回到了随机水平。

为何重要：无论输入什么，模型都给出同样的答案。它丢掉的不是一部分而是全部知识，继续训练很少能恢复。
判断依据：以随机水平到第二好成绩之间的距离为准，剩余不到十分之一。若损失同时印证（回到起点，或达到 ln K），立即
报告；否则要连续出现两次。若不知道随机水平，则以首次评估代替，并且必须有损失印证。成绩远低于最好水平、且连续三次
每一位数字都相同，说明只剩某一类别的频率。没有验证数据时，改看训练准确率的五值中位数。
不会报告：仍保留一部分的下跌（见 `val_collapse`）、没有损失印证的单次坏评估、从未明显高于随机水平或自身噪声的成
绩、一次侥幸的高分，以及小批量的准确率波动。
数值含义：低于第二好成绩的百分点数。
如何处理：停止训练：继续很少有用。去掉原因后，从下跌之前最好的检查点重新开始（`defib rescue`）。
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.health.chance import chance
from defib.health.guessing import at_guessing
from defib.health.rule import Finding, rule
from defib.naming import metric_name
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

ZERO = frozenset({"map", "map50", "map75"})
"""Measures of which a model that guesses has nothing."""
BACK = 0.9
"""Share of the way back to where it began, from which a loss says that all is lost; assumed."""
NEAR = 0.95
"""Of ln K, from which a held-out loss is that of guessing; assumed."""
KNEW = 0.8
"""Of ln K, below which it must have been; assumed."""
ROWS, LATELY = 5, 20
"""Training values whose median is the start, or that of the moment; and those from which the level before is taken. Assumed"""
SHARE = 0.02  # of the log so far, for a block of training accuracies; as in `loss_divergence`. Assumed
NO_SCORE = Words(
    en="neither a held-out score nor a training accuracy in per cent was logged",
    zh="既没有记录以百分比表示的验证成绩，也没有记录训练准确率",
)
TO_START = Words(
    en="the {metric} is down to {now}, where it began",
    zh="{metric}低至 {now}，回到了起始水平",
)
SAME = Words(
    en="the {metric} is down to {now} and stays the same to the last digit: one answer for all",
    zh="{metric}低至 {now}，且每一位数字都不再变化：模型对所有样本给出同一个答案",
)


def _blind(run: Run) -> Words | None:
    return None if _score(run) is not None else NO_SCORE


@rule(
    needs=(),
    blind=_blind,
    fall=True,
    says=Words(
        en="the {metric} is down to {now}: that is guessing",
        zh="{metric}低至 {now}：相当于随机猜测",
    ),
)
def fell_to_chance(run: Run) -> Iterator[Finding]:
    """Look at the held-out score, or where there is none at the training accuracy."""
    series = _score(run)
    if series is None:
        return
    level = chance(run, series)
    guess = level if level > 0 or series.metric.rpartition("/")[2] in ZERO else None
    seen = _blocks(series) if series.metric == "train/top1" else series
    for lost in at_guessing(seen.value, guess, lambda index: _loss_is_back(run, seen, index)):
        words: dict[str, object] = {"now": f"{seen.value[lost.known]:.1f}%"}
        other = SAME if lost.same else TO_START if guess is None else None
        yield Finding(
            series=seen,
            index=lost.onset,
            known=lost.known,
            severity="act",
            size=float(seen.value[lost.best] - seen.value[lost.known]),
            cleared=lost.cleared,
            facts=tuple(run.fact(seen, index) for index in dict.fromkeys((lost.best, lost.onset, lost.known))),
            values=words,
            says=None if other is None else other.fill(metric=metric_name(run, series.key), **words),
        )


def _score(run: Run) -> Series | None:
    """The score that decides; another held-out accuracy; the training accuracy where nothing held out was logged."""
    held_out = [one for one in (run.get(run.deciding), run.get("val/top1"), run.get("test/top1")) if _rises(one)]
    if held_out:
        return held_out[0]
    train = None if run.deciding else run.get("train/top1")
    return train if _rises(train) else None


def _rises(series: Series | None) -> bool:
    return series is not None and series.better == "higher" and series.unit == "%"


def _blocks(series: Series) -> Series:
    """A training accuracy as medians of five values, later of a fiftieth of the log so far: batches differ."""
    ends, end = list[int](), 0
    while (end := end + max(ROWS, int(SHARE * end))) <= len(series):
        ends.append(end)
    values = [float(np.median(series.value[start:stop])) for start, stop in zip([0, *ends], ends, strict=False)]
    last = np.array(ends, dtype=int) - 1  # a block is known when its last value is
    kept = {name: getattr(series, name)[last] for name in ("step", "epoch", "record", "line", "file")}
    return msgspec.structs.replace(series, value=np.array(values), **kept)


def _loss_is_back(run: Run, series: Series, index: int) -> bool:
    """Whether a loss that was logged since the evaluation before is where training began, or at ln K."""
    since, until = float(series.record[index - 1]), float(series.record[index])
    split = series.metric.partition("/")[0]
    held_out = None if split == "train" else run.get(f"{split}/loss")
    train = run.get("train/loss")
    return (held_out is not None and _held_out_is_back(run, held_out, since, until)) or (
        train is not None and _train_is_back(train, since, until)
    )


def _held_out_is_back(run: Run, loss: Series, since: float, until: float) -> bool:
    finite = np.isfinite(loss.value)
    before, now = loss.value[finite & (loss.record <= since)], loss.value[finite & (loss.record <= until)][-1:]
    if len(before) < 2 or len(now) == 0 or loss.record[finite & (loss.record <= until)][-1] <= since:  # noqa: PLR2004
        return False
    guess = math.log(run.classes) if run.classes and run.classes > 1 else math.inf
    return _back(float(before[0]), float(before.min()), float(now[0])) or bool(
        now[0] >= NEAR * guess and before.min() <= KNEW * guess
    )


def _train_is_back(loss: Series, since: float, until: float) -> bool:
    begin, end = np.searchsorted(loss.record, (since, until), side="right")
    within = loss.value[begin:end]
    within = within[np.isfinite(within)][-ROWS:]
    before = loss.value[max(begin - LATELY, 0) : begin]
    before, start = before[np.isfinite(before)], loss.value[:ROWS]
    if not len(within) or len(before) < ROWS or not np.isfinite(start).all():
        return False
    return _back(float(np.median(start)), float(np.median(before)), float(np.median(within)))


def _back(start: float, best: float, now: float) -> bool:
    return start > best and now - best >= BACK * (start - best)
