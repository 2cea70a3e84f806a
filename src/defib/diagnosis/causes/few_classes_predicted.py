"""The model predicts a handful of classes and has lost the others.

Curves do not show it: a score of 20 % may be a little of everything or all of a few. Measured on predictions; it says
what the model does, not why, and so explains no symptom by itself.
For: the predicted classes have at most a fifth of the spread that the labels have.
Against: nothing; a model that predicts all classes may still be wrong about them.
Missing: the labels, where there are too few samples to tell without them.

中文：
模型只预测少数几个类别，其余的都丢了。

曲线看不出这一点：20% 的成绩可能是每类都对一点，也可能是少数几类全对。它是根据预测结果测得的；只说明模型在做什
么，不说明原因，因此单独不能解释任何现象。
支持：预测类别的分散程度不超过标签的五分之一。
反对：没有；各类别都有预测的模型仍可能判错。
尚缺：样本太少、没有标签就无法判断时，需要标签。
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.diagnosis.cause import Clue, cause
from defib.naming import begins, stream
from defib.records import Fact, Place
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Branch, Checkup, Predictions, Run

SHARE = 0.2  # of the spread of the labels, both less one: 0 is one class only, 1 is as spread as they are. Assumed
LEAST = 30  # samples; assumed
EACH = 10  # samples a class, without labels; assumed
LEAST_SPREAD = 1.5  # classes of equal frequency, below which even the labels are almost one class. Assumed

FEW = Words(
    en="{branch} predicts {predicted} of {classes} classes, as unevenly as {effective} equally frequent ones would be (the labels: {held}); class {most} alone takes {share}%",
    zh="{branch}只预测出 {classes} 类中的 {predicted} 类，分布相当于 {effective} 个等频类别（标签为 {held} 个）；仅类别 {most} 就占 {share}%",
)
FEW_BARE = Words(
    en="{branch} predicts {predicted} of {classes} classes, as unevenly as {effective} equally frequent ones would be; class {most} alone takes {share}%",
    zh="{branch}只预测出 {classes} 类中的 {predicted} 类，分布相当于 {effective} 个等频类别；仅类别 {most} 就占 {share}%",
)
MEANS = Words(
    en="most classes are lost, not merely confused: look at the last layer and at what reaches it; a model that has hardly begun to learn does the same",
    zh="多数类别已经丢失，而不只是混淆：请检查最后一层及其输入；刚开始学习的模型也会这样",
)
IS = Words(en="{branch} predicts only a handful of classes", zh="{branch}只预测少数几个类别")


@cause(says=Words(en="the model predicts only a handful of classes", zh="模型只预测少数几个类别"))
def few_classes_predicted(run: Run, checkup: Checkup) -> Iterator[Clue]:  # noqa: ARG001 (every cause is given both)
    """Compare the spread of the predicted classes with that of the labels."""
    predictions = run.predictions
    if predictions is None or predictions.samples < LEAST:
        return
    for branch in predictions.branches:
        held = _held(predictions, branch)
        if held is None or held < LEAST_SPREAD or branch.most_predicted is None:
            continue
        if branch.effective - 1.0 > SHARE * (held - 1.0):
            continue
        name = begins(stream(branch.branch))
        words = {
            "branch": name,
            "predicted": branch.predicted,
            "classes": branch.classes,
            "most": branch.most_predicted,
        }
        shares = {"effective": number(round(branch.effective, 1)), "share": number(round(branch.most_share, 1))}
        said = FEW.fill(held=number(round(held, 1)), **words, **shares) if _fits(predictions, branch) else None
        place = Place(file=predictions.files[-1])
        yield Clue(
            side="for",
            strength="strong",
            measured=said or FEW_BARE.fill(**words, **shares),
            means=MEANS,
            facts=(Fact(metric=f"predictions/classes/{branch.branch}", value=branch.predicted, place=place),),
            detail=IS.fill(branch=name),
        )


def _fits(predictions: Predictions, branch: Branch) -> bool:
    """Whether the labels speak of this branch's classes."""
    return predictions.label_effective is not None and branch.classes == predictions.classes


def _held(predictions: Predictions, branch: Branch) -> float | None:
    """How many equally frequent classes there are to be predicted; None where there are too few samples to say."""
    if _fits(predictions, branch):
        return predictions.label_effective
    return float(branch.classes) if predictions.samples >= EACH * branch.classes else None
