"""Two lists of classes are mixed up.

A head for sixty classes on labels of a hundred and twenty, or two lists in another order, trains without a complaint
and can never be right.
For: numbers of classes that differ between head, data, mixing of clips and evaluation; lists of names that differ
between training and validation; a coarse head with no fewer classes than the fine one; a data set known by its name
that has another number of classes.
Against: the config holds the number in several places, and they agree.
Missing: the labels themselves: their largest, and how many there are of each.

中文：
两份类别列表混用了。

六十类的分类头配上一百二十类的标签，或两份顺序不同的列表，训练时都不会报错，却永远不可能对。
支持：分类头、数据、片段混合和评估中的类别数不一致；训练与验证的类别名称列表不同；粗粒度分类头的类别数不少于细粒
度的；按名称认出的数据集，其类别数与配置不同。
反对：配置在多处写了类别数，且彼此一致。
尚缺：标签本身：最大的编号，以及每个编号各有多少。
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defib import settings
from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.datasets import config_fact, leaves, tree
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

KNOWN = {
    "ntu60": 60,
    "ntu120": 120,
    "ucf101": 101,
    "hmdb51": 51,
    "kinetics400": 400,
    "kinetics600": 600,
    "kinetics700": 700,
    "gym99": 99,
    "diving48": 48,
    "ma52": 52,
}
"""Classes of published data sets, by a part of the annotation file's name."""
HEAD = "model.cls_head.num_classes"
COARSE = ("coarse", "body", "group", "parent")
ELSEWHERE = ("model.data_preprocessor", "train_cfg", "model.train_cfg", "val_evaluator")
MOST = 2_000  # places of a config that are looked at

DIFFER = Words(
    en="{path} is {value}, but the head has {classes} classes ({head})",
    zh="{path} 为 {value}，但分类头有 {classes} 个类别（{head}）",
)
DIFFER_MEANS = Words(en="two class lists are in use", zh="同时使用了两套类别表")
LISTS = Words(
    en="training and validation name different classes: number {index} is {one} in training and {other} in validation",
    zh="训练与验证的类别表不同：第 {index} 个类别在训练中为 {one}，在验证中为 {other}",
)
LENGTHS = Words(
    en="training names {one} classes and validation {other}", zh="训练列出 {one} 个类别，验证列出 {other} 个类别"
)
COARSE_SAID = Words(
    en="the coarse head at {path} has {value} classes, the fine one {classes}",
    zh="{path} 处的粗粒度分类头有 {value} 个类别，细粒度分类头有 {classes} 个类别",
)
COARSE_MEANS = Words(en="groups cannot be more than what they group", zh="大类的数量不应达到或超过小类")
NAMED = Words(
    en="the annotations are {file}; {name} has {theirs} classes, the head {classes}",
    zh="标注文件为 {file}；{name} 有 {theirs} 个类别，而分类头有 {classes} 个",
)
NAMED_MEANS = Words(
    en="the head may be for another class list, unless this is a part of the data set",
    zh="分类头对应的可能是另一套类别表，除非这里只用了数据集的一部分",
)
AGREE = Words(
    en="the config holds the number of classes {places} times, and all say {classes}",
    zh="配置中类别数出现 {places} 次，都是 {classes}",
)
AGREE_MEANS = Words(en="one class list is in use, as far as its length tells", zh="就数量而言，只使用了一套类别表")
PROBE = Words(
    en="the labels: their smallest and largest, and how many clips each has; and ten clips with their class names",
    zh="标签本身：最小值、最大值以及每类的样本数；并抽查十个样本及其类名",
)


@cause(
    says=Words(en="two class lists are mixed up", zh="混用了两套类别表"),
    explains=("never_learned", "fusion_below_branch", "loss_at_chance", "plateau", "overfitting"),
    verdict="escalate",
)
def two_taxonomies(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare every number of classes that the config holds with the head's."""
    if not any(one.rule in two_taxonomies.explains for one in checkup.symptoms):
        return
    classes = settings.at(tree(run), HEAD) if settings.has(tree(run), HEAD) else None
    clues = [*_lists(run)]
    agreeing = 0
    if isinstance(classes, int) and _count(classes):
        for path, value in _elsewhere(run):
            if value == classes:
                agreeing += 1
                continue
            words = {"path": path, "value": value, "classes": classes, "head": HEAD}
            facts = (config_fact(run, path), config_fact(run, HEAD))
            clues.append(_clue(DIFFER.fill(**words), DIFFER_MEANS, facts, strong=True))
        clues += [*_coarse(run, classes), *_named(run, classes)]
    yield from clues
    if clues:
        yield Clue(side="missing", measured=PROBE)
    elif agreeing:
        said = AGREE.fill(places=agreeing + 1, classes=classes)
        yield Clue(side="against", measured=said, means=AGREE_MEANS, facts=(config_fact(run, HEAD),))


def _lists(run: Run) -> Iterator[Clue]:
    """Names of classes that training and validation both give, in another order or number."""
    train, val = (_first(run, split) for split in ("train", "val"))
    if train is None or val is None:
        return
    facts = (config_fact(run, train[0]), config_fact(run, val[0]))
    if len(train[1]) != len(val[1]):
        said = LENGTHS.fill(one=len(train[1]), other=len(val[1]))
        yield _clue(said, DIFFER_MEANS, facts, strong=True)
        return
    for index, (one, other) in enumerate(zip(train[1], val[1], strict=True)):
        if one != other:
            yield _clue(LISTS.fill(index=index, one=one, other=other), DIFFER_MEANS, facts, strong=True)
            return


def _first(run: Run, split: Any) -> tuple[str, list[Any]] | None:  # noqa: ANN401 (one of three words)
    for path, one in leaves(run, split):
        value = one.get("metainfo")
        names = value.get("classes") if isinstance(value, dict) else None
        if isinstance(names, list) and names and all(isinstance(name, str) for name in names):
            return f"{path}.metainfo.classes", names
    return None


def _elsewhere(run: Run) -> Iterator[tuple[str, int]]:
    """Every number of classes beside that of the head: of the data, the mixing of clips, the evaluation."""
    for split in ("train", "val"):
        for path, one in leaves(run, split):
            if _count(one.get("num_classes")):
                yield f"{path}.num_classes", one["num_classes"]
    for start in ELSEWHERE:
        if settings.has(tree(run), start):
            yield from _numbers(settings.at(tree(run), start), start, "num_classes")


def _coarse(run: Run, classes: int) -> Iterator[Clue]:
    head = settings.at(tree(run), "model.cls_head") if settings.has(tree(run), "model.cls_head") else {}
    for path, value in _numbers(head, "model.cls_head", ""):
        name = path.rpartition(".")[2]
        if name.endswith("classes") and any(word in path for word in COARSE) and value >= classes:
            said = COARSE_SAID.fill(path=path, value=value, classes=classes)
            facts = (config_fact(run, path), config_fact(run, HEAD))
            yield _clue(said, COARSE_MEANS, facts, strong=True)


def _named(run: Run, classes: int) -> Iterator[Clue]:
    for path, one in leaves(run, "train"):
        file = one.get("ann_file")
        low = file.lower() if isinstance(file, str) else ""
        found = next((name for name in KNOWN if name in low), None)
        if found is not None and KNOWN[found] != classes:
            words = {"file": file, "name": found, "theirs": KNOWN[found], "classes": classes}
            facts = (config_fact(run, f"{path}.ann_file"), config_fact(run, HEAD))
            yield _clue(NAMED.fill(**words), NAMED_MEANS, facts, strong=False)
            return


def _numbers(value: Any, path: str, name: str) -> Iterator[tuple[str, int]]:  # noqa: ANN401 (any config value)
    """Whole numbers below a path, those called `name`, or all."""
    waiting, looked = [(path, value)], 0
    while waiting and looked < MOST:
        looked += 1
        here, one = waiting.pop()
        inside = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        for key, held in inside:
            if _count(held) and (not name or key == name):
                yield f"{here}.{key}", held
            elif isinstance(held, dict | list):
                waiting.append((f"{here}.{key}", held))


def _count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 1


def _clue(said: Words, means: Words, facts: tuple[Any, ...], *, strong: bool) -> Clue:
    return Clue(side="for", strength="strong" if strong else "weak", measured=said, means=means, facts=facts)
