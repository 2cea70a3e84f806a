"""What the predictions of a checkpoint say, line by line, for every form of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.naming import begins, stream
from defib.words import Words, number, same

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from defib.records import Branch, ClassScore, Fusion, Pair, Predictions

FEW = 5

OF = Words("{samples} samples of {classes} classes, from {files}", "{samples} 个样本、{classes} 个类别，来自 {files}")
THEN = Words("{earlier}, then {later}", "{earlier}，然后是 {later}")
BRANCH = Words(
    "{branch}: top-1 {top1}% ± {error}, {top5}mean class accuracy {fair}%; predicts {predicted} of {classes} classes, most often class {most} ({share}%)",
    "{branch}：top-1 {top1}% ± {error}，{top5}平均类别准确率 {fair}%；预测出 {classes} 类中的 {predicted} 类，最多的是类别 {most}（{share}%）",
)
TOP5 = Words("top-5 {value}%, ", "top-5 {value}%，")
BARE = Words(
    "{branch}: predicts {predicted} of {classes} classes, most often class {most} ({share}%)",
    "{branch}：预测出 {classes} 类中的 {predicted} 类，最多的是类别 {most}（{share}%）",
)
OTHERWISE = Words(
    "{branch} with other labels: {low}% shifted by -1, {high}% shifted by +1{order}",
    "{branch}换用其他标签：平移 -1 后 {low}%，平移 +1 后 {high}%{order}",
)
ORDER = Words(
    ", {value}% in whatever order fits best (on samples that did not choose it)",
    "，按最吻合的排列 {value}%（在未参与选取排列的样本上）",
)
NEVER = Words(
    "{branch} never recognises {count} classes: {classes}",
    "{branch}有 {count} 个类别一个样本都没认出：{classes}",
)
WORST = Words("{branch} recognises worst: {classes}", "{branch}识别最差的类别：{classes}")
BEST = Words("{branch} recognises best: {classes}", "{branch}识别最好的类别：{classes}")
AGREE = Words(
    "{first} and {second} agree on {agreement}% of the samples",
    "{first} 与 {second} 在 {agreement}% 的样本上预测相同",
)
EITHER = Words(
    "{agree}; {one}% only {first} has right, {two}% only {second}, {either}% at least one of them",
    "{agree}；只有 {first} 判对的占 {one}%，只有 {second} 判对的占 {two}%，至少一个判对的占 {either}%",
)
KNOWS = Words("{first} knows, and {second} does not: {classes}", "{first} 认得而 {second} 不认得的类别：{classes}")
FUSING = Words(
    "the fusion has {fused}%, the best stream ({best}) alone {alone}%",
    "融合为 {fused}%，最好的单个分支（{best}）为 {alone}%",
)
WEIGHING = Words(
    "{said}; the best weight of {best} is {weight} ({value}% on samples that did not choose it)",
    "{said}；{best} 的最佳权重为 {weight}（在未参与选取的样本上为 {value}%）",
)
WENT_FIRST = Words(
    "classes that {branch} lost most from the earlier file to the later: {classes}",
    "从较早的文件到较晚的文件，{branch}损失最多的类别：{classes}",
)
NONE_WENT = Words(
    "no class of {branch} fell far beyond chance from the earlier file to the later",
    "从较早的文件到较晚的文件，{branch}没有哪个类别的下跌明显超出偶然",
)
CLASS = Words("{label} ({value}% of {count})", "{label}（{count} 个中的 {value}%）")
CLASS_WAS = Words("{label} ({value}%, against {other}%)", "{label}（{value}%，对比 {other}%）")
MORE = Words("{said} and {count} more", "{said}等，另有 {count} 个")
NEXT = Words("{one}, {other}", "{one}、{other}")


def lines(found: Predictions) -> list[Words]:
    """Everything that is worth saying, one sentence each."""
    said = [_of(found)]
    for branch in found.branches:
        said += _branch(branch)
    for pair in found.pairs:
        said += _pair(pair)
    said += [] if found.fusion is None else [_fusion(found.fusion)]
    if found.lost_of is not None:
        name = begins(stream(found.lost_of))
        went = WENT_FIRST.fill(branch=name, classes=_classes(found.lost)) if found.lost else None
        said.append(went or NONE_WENT.fill(branch=name))
    return [*said, *found.notes]


def _of(found: Predictions) -> Words:
    files: Words = same(found.files[-1])
    if len(found.files) > 1:
        files = THEN.fill(earlier=found.files[0], later=found.files[-1])
    return OF.fill(samples=found.samples, classes=found.classes, files=files)


def _branch(one: Branch) -> Iterator[Words]:
    name = begins(stream(one.branch))
    counts = {"branch": stream(one.branch), "predicted": one.predicted, "classes": one.classes}
    most = {"most": "-" if one.most_predicted is None else one.most_predicted, "share": _points(one.most_share)}
    if one.top1 is None:
        yield BARE.fill(**counts, **most)
        return
    top5 = same("") if one.top5 is None else TOP5.fill(value=_points(one.top5))
    scores = {"top1": _points(one.top1), "error": _points(one.error), "fair": _points(one.mean_class)}
    yield BRANCH.fill(top5=top5, **scores, **counts, **most)
    shifts = {other.shift: _points(other.top1) for other in one.relabelled if other.kind == "shift"}
    order = next((_points(other.top1) for other in one.relabelled if other.kind == "permutation"), None)
    if shifts:
        said = same("") if order is None else ORDER.fill(value=order)
        yield OTHERWISE.fill(branch=name, low=shifts.get(-1, "?"), high=shifts.get(1, "?"), order=said)
    if one.never_count:
        yield NEVER.fill(branch=name, count=one.never_count, classes=_classes(one.never, one.never_count))
    elif one.worst:
        yield WORST.fill(branch=name, classes=_classes(one.worst))
    if one.best:
        yield BEST.fill(branch=name, classes=_classes(one.best))


def _pair(pair: Pair) -> Iterator[Words]:
    first, second = stream(pair.first), stream(pair.second)
    names = {"first": first, "second": second}
    agree = AGREE.fill(agreement=_points(pair.agreement), **names)
    if pair.either is None:
        yield agree
        return
    shares = {"one": _points(pair.first_only), "two": _points(pair.second_only), "either": _points(pair.either)}
    yield EITHER.fill(agree=agree, **names, **shares)
    if pair.first_knows:
        yield KNOWS.fill(classes=_classes(pair.first_knows), **names)
    if pair.second_knows:
        yield KNOWS.fill(first=second, second=first, classes=_classes(pair.second_knows))


def _fusion(found: Fusion) -> Words:
    best = stream(found.best)
    said = FUSING.fill(fused=_points(found.top1), best=best, alone=_points(found.best_top1))
    if found.weight is None:
        return said
    return WEIGHING.fill(said=said, best=best, weight=number(found.weight), value=_points(found.weight_top1))


def _classes(found: Iterable[ClassScore], count: int | None = None) -> Words:
    """The first few classes, each with its share."""
    listed = list(found)
    shown = [_class(one) for one in listed[:FEW]]
    said = shown[0]
    for one in shown[1:]:
        said = NEXT.fill(one=said, other=one)
    rest = (len(listed) if count is None else count) - len(shown)
    return MORE.fill(said=said, count=rest) if rest > 0 else said


def _class(one: ClassScore) -> Words:
    if one.other is None:
        return CLASS.fill(label=one.label, value=_points(one.value), count=one.count)
    return CLASS_WAS.fill(label=one.label, value=_points(one.value), other=_points(one.other))


def _points(value: float | None) -> str:
    return number(None if value is None else round(value, 1))
