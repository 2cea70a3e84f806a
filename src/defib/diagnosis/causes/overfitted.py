"""The model has learned the training clips rather than the classes.

Over-fitting is slow: validation stops improving and sinks while training goes on rising. It explains neither a fall
within one evaluation nor a fall in training.
For: training accuracy far above validation while validation no longer improves.
Against: validation fell within one evaluation.
Missing: training accuracy over an epoch, when only single batches or a single figure are known.

中文：
模型学到的是训练样本，而不是类别。

过拟合是缓慢的：验证停止提高并逐渐下降，而训练继续上升。它既不能解释一次评估之内的下跌，也不能解释训练本身的下
跌。
支持：训练准确率远高于验证，且验证不再提高。
反对：验证在一次评估之内下跌。
尚缺：只有单个批次或单个数字时，需要整轮的训练准确率。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue, cause
from defib.naming import metric_name
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

SUDDEN = 10.0  # points within one evaluation; over-fitting does not go so fast. Assumed

GAP = Words(en="{said}", zh="{said}")
GAP_MEANS = Words(en="the gap between training and validation is wide", zh="训练与验证之间差距很大")
WEAK_MEANS = Words(
    en="one batch, or one figure without its epoch, says little about the training set",
    zh="单个批次或没有轮次的单个数字，几乎说明不了训练集的情况",
)
FAST = Words(
    en="the {metric} lost {points} points from one evaluation to the next (epoch {epoch})",
    zh="{metric}在相邻两次评估之间就下降了 {points} 个百分点（第 {epoch} 轮）",
)
FAST_MEANS = Words(en="over-fitting does not go so fast", zh="过拟合不会这么快")
NEED_TRAIN = Words(
    en="training accuracy over a whole epoch; what is logged is that of single batches",
    zh="整轮的训练准确率；目前记录的只是单个批次的准确率",
)


@cause(says=Words(en="over-fitting", zh="过拟合"), explains=("overfitting",))
def overfitted(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Take the over-fitting symptom, and hold the speed of the fall against it."""
    symptoms = [one for one in checkup.symptoms if one.rule == "overfitting"]
    if not symptoms:
        return
    first = symptoms[0]
    weak = first.severity == "note"
    yield Clue(
        side="for",
        strength="weak" if weak else "strong",
        measured=GAP.fill(said=first.says),
        means=WEAK_MEANS if weak else GAP_MEANS,
        facts=first.facts,
    )
    if weak:
        yield Clue(side="missing", measured=NEED_TRAIN)
    onset = None if checkup.incident is None else checkup.incident.onset.epoch
    fall = next(
        (row for row in checkup.history if onset is not None and row.epoch is not None and row.epoch >= onset), None
    )
    if fall is not None and fall.change is not None and -fall.change >= SUDDEN:
        words = {
            "metric": metric_name(run, run.deciding or ""),
            "points": number(-fall.change, 3),
            "epoch": number(fall.epoch),
        }
        yield Clue(side="against", measured=FAST.fill(**words), means=FAST_MEANS)
