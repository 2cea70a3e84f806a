"""The validation set is so small that chance moves its score by several points.

Why it matters: the best checkpoint is then mostly the luckiest one, and a fall of some points means nothing. Differences
smaller than about three times the noise are no reason to act, or to prefer one recipe to another.
How it looks: the digits of the first scores are those of a share of so few samples (all are multiples of 100 % / n) that
counting alone moves them by more than three points: fewer than 278. Read when eight evaluations with five different
values are there. It is a note: the set is no fault of the run.
Stays quiet on: larger sets. Scores that are no share of samples (mAP, losses), or are rounded to two decimals, do not say how
large the set is: listed as not checked.
Size: points, one standard deviation at 50 %.
What to do: Do not choose between checkpoints or recipes by differences within the noise; validate on more samples, or
average several evaluations.

中文：
验证集太小，单凭偶然就能让成绩变动几个百分点。

为何重要：最佳检查点多半只是运气最好的那个，下跌几个百分点说明不了什么。小于噪声约三倍的差异，不足以采取行动，也
不足以断定哪个配方更好。
判断依据：最初几个成绩的数字恰好是少量样本的比例（都是 100% / n 的整数倍），仅计数误差就超过三个百分点，即样本少
于 278 个。要有八次评估、五个不同的值才读取。它只是提示：验证集小不是训练的错。
不会报告：更大的验证集。不是样本比例的成绩（mAP、损失）或只保留两位小数的成绩无法说明验证集大小，列为未检查。
数值含义：成绩为 50% 时的一个标准差，百分点。
如何处理：不要凭噪声范围内的差异选择检查点或配方；用更多样本验证，或对多次评估取平均。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.rule import NO_DECIDING, Finding, rule
from defib.health.shapes import counting_noise, evaluation_size
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series

NOISE = 3.0  # points; falls of ten are then still beyond chance. Assumed
ROW = 8  # evaluations; fewer may all be multiples of a larger share by luck. Assumed
DIFFERENT = 5  # values; assumed
SHARES = frozenset({"top1", "top5", "accuracy", "error1", "error5"})
"""Measures that count samples, each once."""
NO_SHARE = Words(
    en="the metric that decides does not count samples, so its digits do not say how large the validation set is",
    zh="决定性指标不是按样本计数的比例，无法从其数位看出验证集的大小",
)
TOO_FEW = Words(
    en="fewer than eight evaluations, or five different scores, so far: too few to read the size of the validation set from",
    zh="目前评估不足八次或不同的分数不足五个，不足以推断验证集的大小",
)
ROUNDED = Words(
    en="the scores are rounded, or the set is large: their digits do not say how large the validation set is",
    zh="分数经过四舍五入或验证集很大，无法从其数位看出验证集的大小",
)


def _blind(run: Run) -> Words | None:
    series = run.get(run.deciding)
    if series is None:
        return NO_DECIDING
    if series.metric.rpartition("/")[2] not in SHARES:
        return NO_SHARE
    known = _enough(series)
    if known is None:
        return TOO_FEW
    return None if evaluation_size(series.value[: known + 1]) is not None else ROUNDED


@rule(
    needs=("deciding",),
    blind=_blind,
    says=Words(
        en="the validation set has about {count} samples: by chance alone the {metric} moves by {noise} points",
        zh="验证集约有 {count} 个样本：仅凭偶然，{metric}就会波动 {noise} 个百分点",
    ),
)
def validation_too_small(run: Run) -> Iterator[Finding]:
    """Read the size of the validation set from the digits of its first scores."""
    series = run.get(run.deciding)
    known = None if series is None else _enough(series)
    if series is None or known is None:
        return
    seen = series.value[: known + 1]
    size, noise = evaluation_size(seen), counting_noise(seen)
    if size is None or noise is None or noise <= NOISE:
        return
    first = int(np.argmax(np.isfinite(seen)))
    yield Finding(
        series=series,
        index=first,
        known=known,
        severity="note",
        size=noise,
        facts=(run.fact(series, first), run.fact(series, known)),
        values={"count": size, "noise": f"{noise:.1f}"},
    )


def _enough(series: Series) -> int | None:
    """The evaluation at which enough scores are there; None while they are not."""
    seen: set[float] = set()
    count = 0
    for index, value in enumerate(series.value.tolist()):
        if not np.isfinite(value):
            continue
        seen.add(value)
        count += 1
        if count >= ROW and len(seen) >= DIFFERENT:
            return index
    return None
