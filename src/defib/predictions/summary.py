"""One or two Tables become the record that says what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.predictions.accuracy import spread_of
from defib.predictions.branch import branch_of
from defib.predictions.comparing import lost, pairs
from defib.predictions.fusion import fusion
from defib.predictions.relabelling import MOST_CLASSES
from defib.predictions.table import FUSED
from defib.records import Predictions
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.predictions.table import Table
    from defib.records import Branch

NO_LABELS = Words(
    en="{file} holds no labels, so that no accuracy can be told from it: put scores and labels into one .npz (docs/predictions.md)",
    zh="{file} 中没有标签，无法据此计算准确率：请把分数和标签存入同一个 .npz（见 docs/zh/predictions.md）",
)
OTHER_CLASSES = Words(
    en="branch {branch} has {found} classes and the labels have {expected}: it was not compared with them",
    zh="{branch} 分支有 {found} 个类别，而标签有 {expected} 个：没有与标签比较",
)
NOT_FINITE = Words(
    en="the scores of {count} of {samples} samples of branch {branch} are NaN or infinite; they count as wrong",
    zh="{branch} 分支的 {samples} 个样本中有 {count} 个分数为 NaN 或无穷大，按错误计",
)
NORMALISED = Words(
    en="no fused scores are in {file}; the fusion is the mean of the probabilities of {branches}, for which the logits of {logits} went through softmax",
    zh="{file} 中没有融合分数；这里的融合是 {branches} 的概率平均，其中 {logits} 的 logits 先经过 softmax",
)
AVERAGED = Words(
    en="no fused scores are in {file}; the fusion is the mean of the probabilities of {branches}",
    zh="{file} 中没有融合分数；这里的融合是 {branches} 的概率平均",
)
TOO_MANY = Words(
    en="with {classes} classes no other order of the labels was tried",
    zh="类别数为 {classes}，没有尝试标签的其他排列",
)
REPEATED = Words(
    en="{count} samples bear a name that another one has too",
    zh="有 {count} 个样本与其他样本重名",
)
INCOMPARABLE = Words(
    en="{earlier} and {later} cannot be compared: they need labels and the same classes",
    zh="{earlier} 与 {later} 无法比较：两者都需要标签，且类别要相同",
)


def summarise(later: Table, earlier: Table | None = None) -> Predictions:
    """What a file of predictions holds; every number is of the later one.

    earlier: that of an earlier checkpoint, to say which classes went first.
    """
    branches = tuple(sorted((branch_of(later, name) for name in later.scores), key=_rank))
    compared = None if earlier is None else lost(earlier, later)
    found = Predictions(
        files=tuple(one.file for one in (earlier, later) if one is not None),
        form=later.form,
        samples=later.samples,
        classes=later.classes,
        labelled=later.labels is not None,
        branches=branches,
        pairs=tuple(pairs(later)),
        fusion=fusion(later),
        lost_of=None if compared is None else compared[0],
        lost=() if compared is None else compared[1],
        notes=tuple(_notes(later, branches, earlier, comparable=compared is not None)),
    )
    return found if later.labels is None else _with_labels(found, later.labels)


def _with_labels(found: Predictions, labels: np.ndarray) -> Predictions:
    return msgspec.structs.replace(
        found,
        label_low=int(labels.min()),
        label_high=int(labels.max()),
        outside=int(((labels < 0) | (labels >= found.classes)).sum()),
        label_classes=len(np.unique(labels)),
        label_effective=float(np.exp(spread_of(labels))),
    )


def _rank(one: Branch) -> tuple[bool, float, str]:
    return one.branch != FUSED, -(one.top1 or 0.0), one.branch


def _notes(later: Table, branches: tuple[Branch, ...], earlier: Table | None, *, comparable: bool) -> Iterator[Words]:
    if later.labels is None:
        yield NO_LABELS.fill(file=later.file)
    for one in branches:
        if one.classes != later.classes:
            yield OTHER_CLASSES.fill(branch=one.branch, found=one.classes, expected=later.classes)
        if one.not_finite:
            yield NOT_FINITE.fill(branch=one.branch, count=one.not_finite, samples=later.samples)
    streams = sorted(later.streams)
    logits = [one.branch for one in branches if one.branch in streams and one.scores == "logits"]
    if FUSED not in later.scores and len(streams) > 1:
        words = {"file": later.file, "branches": ", ".join(streams)}
        yield NORMALISED.fill(logits=", ".join(logits), **words) if logits else AVERAGED.fill(**words)
    if later.labels is not None and later.classes > MOST_CLASSES:
        yield TOO_MANY.fill(classes=later.classes)
    if later.names is not None and len(set(later.names)) < len(later.names):
        yield REPEATED.fill(count=len(later.names) - len(set(later.names)))
    if earlier is not None and not comparable:
        yield INCOMPARABLE.fill(earlier=earlier.file, later=later.file)
