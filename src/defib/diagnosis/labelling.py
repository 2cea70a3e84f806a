"""What predictions say about the labels: whether they fit, or would fit shifted, in another order, or two exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue
from defib.naming import BRANCHES
from defib.records import Fact, Place
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Branch, Predictions, Relabelled

POINTS = 10.0  # of mean class accuracy that another labelling must gain; assumed
SURE = 4.0  # standard errors of that gain; assumed. Three labellings of a few branches are tried
KNOWS = 0.25  # of the way from guessing to perfect that it must reach: clusters of an untrained model gain too. Assumed
LEAST = 30  # samples below which nothing is concluded; assumed
EACH = 10  # samples a class, below which an order of the labels cannot be found; assumed
OUTSIDE = 0.01  # share of labels outside the classes that is no slip any more; assumed

OF_BRANCH = Words(en="branch {branch}: {said}", zh="{branch} 分支：{said}")
SHIFTED = Words(
    en="{metric} {plain}% as labelled, {other}% with the labels shifted by {shift}",
    zh="按现有标签{metric}为 {plain}%，标签平移 {shift} 后为 {other}%",
)
PERMUTED = Words(
    en="{metric} {plain}% as labelled, {other}% with the labels in another order ({moved} of {classes} moved; chosen on one half of the samples, scored on the other)",
    zh="按现有标签{metric}为 {plain}%，换一种标签排列后为 {other}%（{classes} 类中有 {moved} 类改变；用一半样本选取排列，在另一半上计分）",
)
ACCURACY = Words(en="accuracy", zh="准确率")
FAIR = Words(en="mean class accuracy", zh="平均类别准确率")
ALL_MEAN = Words(
    en="the model knows these samples, by other labels than the file has",
    zh="模型认得这些样本，只是它用的标签与文件中的不同",
)
ONE_MEANS = Words(
    en="this branch counts its classes differently from the others: its head, its class list or the labels that it was trained on",
    zh="这个分支的类别编号与其他分支不同：问题在它的分类头、类别表或训练时的标签",
)
FAINT_MEANS = Words(
    en="too little is recognised to be sure: a model that has hardly learned can gain like this",
    zh="识别率太低，尚不能确定：刚开始学习的模型也可能这样",
)
IS_SHIFTED = Words(
    en="the labels are shifted by one against those that the model learned",
    zh="标签与模型学到的标签错开了一位",
)
IS_PERMUTED = Words(
    en="the labels are in another order than those that the model learned",
    zh="标签的排列与模型学到的不同",
)
IS_EXCHANGED = Words(
    en="classes {first} and {second} are exchanged between the labels and the model",
    zh="类别 {first} 与 {second} 在标签和模型之间互换了",
)
EXCHANGED = Words(
    en="{one}% of class {first} are recognised as {second}, and {two}% of class {second} as {first} ({samples} samples or more of each)",
    zh="类别 {first} 有 {one}% 被识别为 {second}，类别 {second} 有 {two}% 被识别为 {first}（各至少 {samples} 个样本）",
)
EXCHANGED_MEANS = Words(
    en="a model that confuses two classes prefers one of them; only exchanged labels turn both round",
    zh="模型混淆两个类别时总会偏向其中之一；只有标签互换才会让两者都反过来",
)
IS_OUTSIDE = Words(en="the labels are not those of the model's classes", zh="标签与模型的类别不符")
OUT = Words(
    en="{count} of {samples} labels lie outside 0 to {last}: they go from {low} to {high}",
    zh="{samples} 个标签中有 {count} 个超出 0～{last} 的范围：实际为 {low}～{high}",
)
FROM_ONE = Words(
    en="labels that count from 1 look like this; the scores count from 0",
    zh="从 1 开始计数的标签正是这样，而分数从 0 开始",
)
OUT_MEANS = Words(en="such a sample can never be right", zh="这样的样本永远不可能判对")
FITS = Words(
    en="as labelled {branch} has {plain}%, and no branch gains more than {gain} points with the labels shifted by one or in the best other order",
    zh="按现有标签 {branch} 为 {plain}%；无论平移一位还是换成最佳的其他排列，各分支的提高都不超过 {gain} 个百分点",
)
FITS_MEANS = Words(
    en="shifted or permuted labels are ruled out; wrong left-right pairs and repeated or broken samples are not",
    zh="可以排除标签平移或排列错误；但左右对应错误、样本重复或损坏仍不能排除",
)
IS_RULED_OUT = Words(en="the labels are shifted, or in another order", zh="标签整体平移或排列错误")
NEED_LABELS = Words(
    en="labels beside the scores of {file}, without which no other labelling can be tried",
    zh="{file} 中的分数缺少标签，无法尝试其他标签方案",
)
NEED_MORE = Words(
    en="more predictions: {samples} samples of {classes} classes are too few to try other labels on",
    zh="更多的预测结果：{samples} 个样本、{classes} 个类别，不足以尝试其他标签方案",
)


def clues_of(predictions: Predictions) -> tuple[Clue, ...]:
    """The clues for or against a fault of the labels, or what is missing to tell."""
    file = predictions.files[-1]
    branches = [one for one in predictions.branches if one.top1 is not None]
    if not predictions.labelled or not branches:
        return (Clue(side="missing", measured=NEED_LABELS.fill(file=file)),)
    found = [*_relabelled(predictions, branches), *_exchanged(predictions, branches), *_outside(predictions)]
    if any(one.strength == "strong" for one in found):
        found.sort(key=lambda one: one.strength != "strong")
    return tuple(found) or (_fits(predictions, branches),)


def jumps(one: Relabelled) -> bool:
    """Whether another labelling fits far better, beyond chance."""
    return one.gain > POINTS and one.gain > SURE * one.error


def _relabelled(predictions: Predictions, branches: list[Branch]) -> Iterator[Clue]:
    if predictions.samples < LEAST:
        return
    better = {one.branch: best for one in branches if (best := _best(one)) is not None}
    everywhere = len(better) == len(branches)
    for branch in branches:
        best = better.get(branch.branch)
        if best is None:
            continue
        sure = _level(predictions, best.mean_class) >= KNOWS
        means = (ALL_MEAN if everywhere else ONE_MEANS) if sure else FAINT_MEANS
        yield Clue(
            side="for",
            strength="strong" if sure else "weak",
            measured=_named(branch, branches, _compared(branch, best)),
            means=means,
            facts=(_fact(predictions, branch),),
            detail=IS_SHIFTED if best.kind == "shift" else IS_PERMUTED,
        )


def _best(branch: Branch) -> Relabelled | None:
    """The simplest labelling that jumps: a shift before a permutation, which contains it."""
    found = [one for one in branch.relabelled if jumps(one)]
    shifts = [one for one in found if one.kind == "shift"]
    return max(shifts or found, key=lambda one: one.gain, default=None)


def _compared(branch: Branch, other: Relabelled) -> Words:
    fair = other.top1 - (branch.top1 or 0.0) < other.gain / 2  # the rare classes are those that gain
    plain, new = (branch.mean_class, other.mean_class) if fair else (branch.top1, other.top1)
    words = {"metric": FAIR if fair else ACCURACY, "plain": _points(plain), "other": _points(new)}
    if other.kind == "shift":
        return SHIFTED.fill(shift=f"{other.shift:+d}", **words)
    return PERMUTED.fill(moved=other.moved, classes=branch.classes, **words)


def _exchanged(predictions: Predictions, branches: list[Branch]) -> Iterator[Clue]:
    for branch in branches:
        if _best(branch) is not None:
            continue  # said as a whole already
        for one in branch.exchanged:
            pair = {"first": one.first, "second": one.second}
            shares = {"one": _points(one.first_as_second), "two": _points(one.second_as_first)}
            yield Clue(
                side="for",
                strength="strong",
                measured=_named(branch, branches, EXCHANGED.fill(samples=one.samples, **pair, **shares)),
                means=EXCHANGED_MEANS,
                facts=(_fact(predictions, branch),),
                detail=IS_EXCHANGED.fill(**pair),
            )


def _outside(predictions: Predictions) -> Iterator[Clue]:
    if not predictions.outside:
        return
    low, high = predictions.label_low, predictions.label_high
    from_one = low == 1 and high == predictions.classes
    words = {"count": predictions.outside, "samples": predictions.samples, "low": low, "high": high}
    yield Clue(
        side="for",
        strength="strong" if predictions.outside > OUTSIDE * predictions.samples else "weak",
        measured=OUT.fill(last=predictions.classes - 1, **words),
        means=FROM_ONE if from_one else OUT_MEANS,
        facts=(Fact(metric="predictions/labels", value=predictions.outside, place=Place(file=predictions.files[-1])),),
        detail=IS_OUTSIDE,
    )


def _fits(predictions: Predictions, branches: list[Branch]) -> Clue:
    """Against such a fault, where the samples could have shown it; else what is missing."""
    best = max(branches, key=lambda one: one.mean_class or 0.0)
    level, error = _level(predictions, best.mean_class or 0.0), best.mean_class_error or 100.0
    knows = level >= KNOWS and level * 100.0 > SURE * error
    classes = predictions.label_classes or predictions.classes
    if predictions.samples < LEAST or not (knows or predictions.samples >= EACH * classes):
        return Clue(side="missing", measured=NEED_MORE.fill(samples=predictions.samples, classes=classes))
    gain = max((one.gain for branch in branches for one in branch.relabelled), default=0.0)
    words = {"branch": _shown(best), "plain": _points(best.top1), "gain": _points(max(gain, 0.0))}
    return Clue(
        side="against",
        measured=FITS.fill(**words),
        means=FITS_MEANS,
        facts=(_fact(predictions, best),),
    )


def _level(predictions: Predictions, fair: float) -> float:
    """A mean class accuracy on the way from guessing (0) to perfect (1)."""
    guess = 100.0 / max(predictions.label_classes or 1, 2)
    return (fair - guess) / (100.0 - guess)


def _named(branch: Branch, branches: list[Branch], said: Words) -> Words:
    return said if len(branches) == 1 else OF_BRANCH.fill(branch=_shown(branch), said=said)


def _shown(branch: Branch) -> str:
    return BRANCHES.get(branch.branch, branch.branch)


def _points(value: float | None) -> str:
    return number(None if value is None else round(value, 1))


def _fact(predictions: Predictions, branch: Branch) -> Fact:
    place = Place(file=predictions.files[-1])
    return Fact(metric=f"predictions/top1/{branch.branch}", value=branch.top1, place=place)
