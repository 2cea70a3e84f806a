"""What predictions say about the labels: whether they fit, or would fit shifted, in another order, or two exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue
from defib.naming import stream
from defib.records import Fact, Place
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Branch, Predictions, Relabelled

POINTS = 10.0  # of mean class accuracy that another labelling must gain; assumed
SURE = 4.0  # standard errors of that gain; assumed. Three labellings of a few branches are tried
KNOWS = 0.25  # of the way from guessing to perfect that it must reach; assumed
# Of that, how much the model must be sure of its answers. A head that was never trained puts samples of one class
# together by chance, and the best order then names them. Measured on 600 made-up ones over separable classes (2 to 60):
# the best order brought some of them 90 % of the way, and none was as sure as this.
CONFIDENT = 0.5
LEAST = 30  # samples below which nothing is concluded; assumed
OUTSIDE = 0.01  # share of labels outside the classes that is no slip any more; assumed

OF_BRANCH = Words(en="branch {branch}: {said}", zh="{branch} 分支：{said}")
SHIFTED = Words(
    en="{metric} {plain}% as labelled, {other}% with the labels shifted by {shift}",
    zh="按现有标签{metric}为 {plain}%，标签平移 {shift} 后为 {other}%",
)
PERMUTED = Words(
    en="{metric} {plain}% as labelled, {other}% with {moved} of {classes} labels in other places (chosen on one half of the samples, scored on the other)",
    zh="按现有标签{metric}为 {plain}%，把 {classes} 个标签中的 {moved} 个换位后为 {other}%（用一半样本选取换法，在另一半上计分）",
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
UNSURE_MEANS = Words(
    en="the model is not sure of anything: a head that was never trained, or never loaded, puts samples together like this by chance",
    zh="模型对自己的预测毫无把握：从未训练过或没有加载的分类头，也会碰巧这样把样本归到一起",
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
    en="as labelled {branch} has {plain}%, and no branch gains more than {gain} points with the labels shifted by one or in any other order",
    zh="按现有标签，{branch} 的准确率为 {plain}%；无论平移一位还是换成其他排列，各分支的提高都不超过 {gain} 个百分点",
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
    en="more predictions: {samples} samples are too few to try other labels on",
    zh="更多的预测结果：{samples} 个样本太少，不足以尝试其他标签方案",
)
NEED_SURETY = Words(
    en="predictions of a better checkpoint, or on training samples: what is recognised there shows which labels were learned",
    zh="更好的检查点的预测结果，或在训练样本上的预测结果：从那里认得的样本可以看出模型学的是哪种标签",
)
NEED_KNOWLEDGE = Words(
    en="predictions of a better checkpoint: this one has {plain}% at best as labelled and {other}% by any other labels, too little to tell which labels are right",
    zh="更好的检查点的预测结果：这一个按现有标签最高为 {plain}%，换用其他标签最高为 {other}%，识别得太少，无法判断哪种标签正确",
)


def clues_of(predictions: Predictions) -> tuple[Clue, ...]:
    """The clues for or against a fault of the labels, or what is missing to tell."""
    file = predictions.files[-1]
    branches = [one for one in predictions.branches if one.top1 is not None]
    if not predictions.labelled or not branches:
        return (Clue(side="missing", measured=NEED_LABELS.fill(file=file)),)
    other = [*_relabelled(predictions, branches), *_exchanged(predictions, branches)]
    found = [*other, *_outside(predictions)]
    found.sort(key=lambda one: one.strength != "strong")  # what the first says, the headline says
    if other and found[0].strength == "weak":
        found.append(Clue(side="missing", measured=NEED_SURETY))
    return tuple(found) or (_fits(predictions, branches),)


def misnamed(predictions: Predictions) -> bool:
    """Whether the labels surely do not fit, so that what stands on them means little."""
    return any(one.side == "for" and one.strength == "strong" for one in clues_of(predictions))


def jumps(one: Relabelled) -> bool:
    """Whether another labelling fits far better, beyond chance."""
    return one.gain > POINTS and one.gain > SURE * one.error


def _relabelled(predictions: Predictions, branches: list[Branch]) -> Iterator[Clue]:
    if predictions.samples < LEAST:
        return
    better = [(one, best) for one in branches if (best := _best(one)) is not None]
    everywhere = len(better) == len(branches)
    for branch, best in sorted(better, key=lambda pair: -pair[1].gain):
        doubt = _doubt(predictions, branch, best.mean_class)
        means = doubt or (ALL_MEAN if everywhere else ONE_MEANS)
        yield Clue(
            side="for",
            strength="strong" if doubt is None else "weak",
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
        doubt = _doubt(predictions, branch, branch.mean_class or 0.0)
        for one in branch.exchanged:
            pair = {"first": one.first, "second": one.second}
            shares = {"one": _points(one.first_as_second), "two": _points(one.second_as_first)}
            yield Clue(
                side="for",
                strength="strong" if doubt is None else "weak",
                measured=_named(branch, branches, EXCHANGED.fill(samples=one.samples, **pair, **shares)),
                means=doubt or EXCHANGED_MEANS,
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
    """Against such a fault, where the samples could have shown it; else what is missing.

    They could where a branch knows as much by the labels as they are as another labelling would have to gain. One that
    knows nothing by any labels says nothing about them.
    """
    best = max(branches, key=lambda one: one.mean_class or 0.0)
    above, error = (best.mean_class or 0.0) - _guess(predictions), best.mean_class_error or 100.0
    others = [one for branch in branches for one in branch.relabelled]
    if predictions.samples < LEAST:
        return Clue(side="missing", measured=NEED_MORE.fill(samples=predictions.samples))
    if above <= POINTS or above <= SURE * error:
        other = max((one.top1 for one in others), default=None)
        top1 = max(one.top1 or 0.0 for one in branches)
        return Clue(side="missing", measured=NEED_KNOWLEDGE.fill(plain=_points(top1), other=_points(other)))
    gain = max((one.gain for one in others), default=0.0)
    words = {"branch": stream(best.branch), "plain": _points(best.top1), "gain": _points(max(gain, 0.0))}
    return Clue(
        side="against",
        measured=FITS.fill(**words),
        means=FITS_MEANS,
        facts=(_fact(predictions, best),),
    )


def _level(predictions: Predictions, fair: float) -> float:
    """A mean class accuracy on the way from guessing (0) to perfect (1)."""
    guess = _guess(predictions)
    return (fair - guess) / (100.0 - guess)


def _guess(predictions: Predictions) -> float:
    return 100.0 / max(predictions.label_classes or 1, 2)


def _doubt(predictions: Predictions, branch: Branch, fair: float) -> Words | None:
    """Why a branch with this mean class accuracy proves nothing; None where it knows what it says."""
    level, guess = _level(predictions, fair), 100.0 / branch.classes
    if level < KNOWS:
        return FAINT_MEANS
    sure = ((branch.confidence or 0.0) - guess) / (100.0 - guess)
    return None if sure >= CONFIDENT * level else UNSURE_MEANS


def _named(branch: Branch, branches: list[Branch], said: Words) -> Words:
    return said if len(branches) == 1 else OF_BRANCH.fill(branch=stream(branch.branch), said=said)


def _points(value: float | None) -> str:
    return number(None if value is None else round(value, 1))


def _fact(predictions: Predictions, branch: Branch) -> Fact:
    place = Place(file=predictions.files[-1])
    return Fact(metric=f"predictions/top1/{branch.branch}", value=branch.top1, place=place)
