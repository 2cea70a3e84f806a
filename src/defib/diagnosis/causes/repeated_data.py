"""The run sees each clip several times in what it calls one epoch.

A RepeatDataset turns ten passes into one epoch: schedule, over-fitting and the number of evaluations are then counted
in another unit than one thinks, and a data set that is listed twice counts double.
For: the training data are repeated, or listed twice.
Against: they are not.
Missing: whether the repetition is meant; recipes do it to save evaluations.

中文：
所谓的一轮，实际上把每个片段看了多遍。

RepeatDataset 把十遍数据算作一轮：调度、过拟合和评估次数的单位就与通常的理解不同；而重复列出的数据集会被算两遍。
支持：训练数据被重复，或被列出两次。
反对：没有重复。
尚缺：重复是否有意为之；有些配方用它减少评估次数。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.datasets import config_fact, layers, leaves
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

TIMES = Words(
    en="the training data are repeated {times} times an epoch ({path})",
    zh="训练数据在每轮中重复 {times} 次（{path}）",
)
TIMES_SEEN = Words(
    en="the training data are repeated {times} times an epoch ({path}): by epoch {epoch} each clip was seen {passes} times",
    zh="训练数据在每轮中重复 {times} 次（{path}）：到第 {epoch} 轮，每个样本已被看过 {passes} 次",
)
TIMES_MEANS = Words(
    en="an epoch here is {times} passes; over-fitting comes that many times sooner by the epoch count",
    zh="这里的一轮相当于 {times} 遍数据；按轮数计，过拟合会提前相应的倍数出现",
)
TWICE = Words(
    en="{path} and {other} are the same training data, listed twice",
    zh="{path} 与 {other} 是同一份训练数据，被列出两次",
)
TWICE_MEANS = Words(en="these clips count double", zh="这些样本的权重加倍")
ONCE = Words(
    en="the training data are listed once and not repeated ({path})", zh="训练数据只列出一次，没有重复（{path}）"
)
ONCE_MEANS = Words(en="an epoch is one pass over the data", zh="一轮就是一遍数据")
PROBE = Words(
    en="whether the repetition is meant: count schedule and patience in passes, not in epochs",
    zh="重复是否有意为之：请按遍数而不是轮数来计算学习率调度和耐心值",
)


@cause(
    says=Words(en="an epoch repeats the training data", zh="每一轮都重复使用训练数据"),
    explains=("overfitting",),
    verdict="escalate",
)
def repeated_data(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Count the repetitions of the training data where a run over-fits."""
    symptom = next((one for one in checkup.symptoms if one.rule == "overfitting"), None)
    found = leaves(run, "train")
    if symptom is None or not found:
        return
    times, where = 1.0, ""
    for path, one in layers(run, "train"):
        value = one.get("times")
        if one.get("type") == "RepeatDataset" and isinstance(value, int) and value > 1:
            times, where = times * value, where or f"{path}.times"
    double = _double(run)
    if where:
        words = {"times": number(times), "path": where}
        said, epoch = TIMES.fill(**words), symptom.onset.epoch
        if epoch is not None:
            said = TIMES_SEEN.fill(**words, epoch=number(epoch), passes=number(times * epoch))
        means = TIMES_MEANS.fill(times=number(times))
        yield Clue(side="for", measured=said, means=means, facts=(config_fact(run, where), *symptom.facts))
    if double is not None:
        facts = (config_fact(run, double[0]), config_fact(run, double[1]))
        said = TWICE.fill(path=double[0], other=double[1])
        yield Clue(side="for", measured=said, means=TWICE_MEANS, facts=facts)
    if where or double is not None:
        yield Clue(side="missing", measured=PROBE)
    elif all("Repeat" not in str(one.get("type")) for _, one in layers(run, "train")):
        path = found[0][0]
        yield Clue(side="against", strength="strong", measured=ONCE.fill(path=path), means=ONCE_MEANS)


def _double(run: Run) -> tuple[str, str] | None:
    """The paths of two data sets in one list that are alike in everything."""
    seen: dict[bytes, str] = {}
    for path, one in leaves(run, "train"):
        if one.get("ann_file") is None:
            continue
        alike = msgspec.json.encode(one, order="deterministic")
        if alike in seen:
            return seen[alike], path
        seen[alike] = path
    return None
