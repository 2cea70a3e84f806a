"""Mirrored clips get the wrong joints, or the wrong label.

A flip has to swap left and right joints, by pairs that depend on the skeleton; where the pairs do not fit, the mirrored
half of the training data shows bodies that do not exist. A class such as "pushing left to right" changes its label too.
For: joint pairs that no skeleton can have (lists of unequal length, a joint in both, a joint that the pose input does
not have); weakly, the pairs of a skeleton with fewer joints, or of none that is known; a flip without any pairs before heat maps are drawn;
classes that are each other's mirror image and no `flip_label_map` (weak where only the name of the data set says so).
Against: the pairs are those of a known skeleton with that number of joints.
Missing: a look at one mirrored clip with its joints drawn, where the pairs are merely unknown.

中文：
镜像片段的关节点或标签不对。

翻转时要按骨骼的左右配对交换关节点；配对不符时，镜像的那一半训练数据是不存在的人体。像“从左向右推”这样的类别，标
签也应随之改变。
支持：任何骨骼都不可能有的配对（两个列表长度不等、同一关节点出现在两边、姿态输入中没有的关节点）；较弱的证据：配
对属于关节点更少的骨骼，或不属于任何已知骨骼；绘制热图之前的翻转没有给出配对；存在互为镜像的类别而没有
`flip_label_map`（若只能从数据集名称推断，则为弱证据）。
反对：配对与该关节点数的已知骨骼一致。
尚缺：若只是配对未知，需要画出一个镜像片段的关节点来看。
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from defib import settings
from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.datasets import config_fact, leaves, numbers, transforms, tree
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

    Pairs = frozenset[frozenset[int]]


def _pairs(left: list[int], right: list[int]) -> Pairs:
    return frozenset(frozenset(pair) for pair in zip(left, right, strict=True))


SKELETONS: tuple[tuple[str, int, Pairs], ...] = (
    ("COCO", 17, _pairs([1, 3, 5, 7, 9, 11, 13, 15], [2, 4, 6, 8, 10, 12, 14, 16])),
    ("Human3.6M", 17, _pairs([4, 5, 6, 11, 12, 13], [1, 2, 3, 14, 15, 16])),
    ("NTU RGB+D", 25, _pairs([4, 5, 6, 7, 12, 13, 14, 15, 21, 22], [8, 9, 10, 11, 16, 17, 18, 19, 23, 24])),
    (
        "OpenPose BODY_25",
        25,
        _pairs([5, 6, 7, 12, 13, 14, 16, 18, 19, 20, 21], [2, 3, 4, 9, 10, 11, 15, 17, 22, 23, 24]),
    ),
    ("OpenPose", 18, _pairs([5, 6, 7, 11, 12, 13, 15, 17], [2, 3, 4, 8, 9, 10, 14, 16])),
)
"""Name, number of joints, left-right pairs counted from 0."""
USES_JOINTS = ("GeneratePoseTarget", "PoseDecode", "MMDecode")
POSE_INPUTS = ("model.backbone.pose_pathway.in_channels", "model.backbone.in_channels")
SIDED_SETS = re.compile(r"sthv[12]|something[-_]?something|ssv[12]")
FEWEST_JOINTS = 5  # fewer channels are colours or flow, not joints
SHOWN = 3  # pairs of class names in a sentence

UNEVEN = Words(
    en="the flip at {path} pairs {left} left joints with {right} right ones",
    zh="{path} 处的翻转把 {left} 个左侧关节与 {right} 个右侧关节配对",
)
BOTH = Words(
    en="the flip at {path} has joint {joint} more than once in left_kp and right_kp",
    zh="{path} 处的翻转中，关节 {joint} 在 left_kp 与 right_kp 中出现多次",
)
BEYOND = Words(
    en="the flip at {path} swaps joint {joint}, but the pose input has {count} joints (0 to {last})",
    zh="{path} 处的翻转交换了关节 {joint}，但骨架输入只有 {count} 个关节（0 到 {last}）",
)
OTHER = Words(
    en="the flip at {path} has the pairs of {skeleton} ({theirs} joints), but the pose input has {count} joints",
    zh="{path} 处的翻转使用 {skeleton}（{theirs} 个关节）的左右配对，但骨架输入有 {count} 个关节",
)
UNKNOWN = Words(
    en="the flip at {path} has joint pairs that are those of no skeleton with {count} joints known here",
    zh="{path} 处翻转的关节配对，与已知的任何 {count} 关节骨架都不一致",
)
FITS = Words(
    en="the flip at {path} has the left-right pairs of {skeleton}, {count} joints",
    zh="{path} 处翻转的左右配对与 {skeleton}（{count} 个关节）一致",
)
NO_PAIRS = Words(
    en="the flip at {path} mirrors joints and names no left_kp and right_kp",
    zh="{path} 处的翻转会镜像关节，但没有给出 left_kp 和 right_kp",
)
SIDED = Words(
    en="the flip at {path} has no flip_label_map, and classes are each other's mirror image: {names}",
    zh="{path} 处的翻转没有 flip_label_map，而有些类别互为镜像：{names}",
)
KNOWN_SIDED = Words(
    en="the flip at {path} has no flip_label_map, and {file} names a data set with mirrored classes (Something-Something)",
    zh="{path} 处的翻转没有 flip_label_map，而 {file} 所属的数据集含有互为镜像的类别（Something-Something）",
)
WRONG_MEANS = Words(
    en="mirrored clips show bodies with joints on the wrong side", zh="镜像后的样本中，关节被放到了错误的一侧"
)
LABEL_MEANS = Words(
    en="a mirrored clip keeps the label of the opposite movement", zh="镜像后的样本仍保留相反动作的标签"
)
FITS_MEANS = Words(en="mirrored clips keep left and right apart", zh="镜像后的样本左右关系正确")
PROBE = Words(
    en="draw the joints, with their numbers, over one clip before and after the flip",
    zh="在一个样本翻转前后各画出带编号的关节，对照检查",
)


@cause(
    says=Words(en="flipping puts joints or labels on the wrong side", zh="翻转把关节或标签放到了错误的一侧"),
    explains=("never_learned", "fusion_below_branch", "plateau", "overfitting"),
    verdict="escalate",
)
def flip_pairs_wrong(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare the pairs of every active flip in training with the skeletons that are known."""
    present = any(one.rule in flip_pairs_wrong.explains for one in checkup.symptoms)
    steps = transforms(run, "train")
    joints = any(step.get("type") == kind for _, step in steps for kind in USES_JOINTS)
    for path, step in steps:
        if step.get("type") != "Flip" or not _active(step):
            continue
        left, right = numbers(step.get("left_kp")), numbers(step.get("right_kp"))
        if left is not None and right is not None:
            for clue in _judge(run, path, left, right):
                if clue.side != "against" or present:
                    yield clue
        elif joints and step.get("left_kp") is None and step.get("right_kp") is None:
            yield _clue(run, path, NO_PAIRS, "weak")
            yield Clue(side="missing", measured=PROBE)
        names = [] if step.get("flip_label_map") else _mirrored(run)
        file = None if step.get("flip_label_map") or names else _sided_file(run)
        if file is not None:
            yield _clue(run, path, KNOWN_SIDED, "weak", LABEL_MEANS, file=file)
        if names:
            shown = "; ".join(f"{one} / {other}" for one, other in names[:SHOWN])
            yield _clue(run, path, SIDED, "strong", LABEL_MEANS, names=shown)


def _judge(run: Run, path: str, left: list[int], right: list[int]) -> Iterator[Clue]:
    if len(left) != len(right):
        yield _clue(run, path, UNEVEN, "strong", left=len(left), right=len(right))
        return
    twice = next((one for one in left + right if (left + right).count(one) > 1), None)
    if twice is not None:
        yield _clue(run, path, BOTH, "strong", joint=twice)
        return
    count, pairs = _joints(run), _pairs(left, right)
    if count is None:
        return
    fits = next((name for name, size, theirs in SKELETONS if size == count and theirs == pairs), None)
    if fits is not None:
        said = FITS.fill(path=path, skeleton=fits, count=count)
        facts = (config_fact(run, f"{path}.left_kp"), config_fact(run, f"{path}.right_kp"))
        yield Clue(side="against", strength="strong", measured=said, means=FITS_MEANS, facts=facts)
        return
    other = next(((name, size) for name, size, theirs in SKELETONS if theirs == pairs), None)
    if max(left + right) >= count:
        yield _clue(run, path, BEYOND, "strong", joint=max(left + right), count=count, last=count - 1)
    elif other is not None:
        # More joints than the pairs' skeleton: it may be that skeleton with others added, their sides left as they were.
        yield _clue(run, path, OTHER, "weak", skeleton=other[0], theirs=other[1], count=count)
        yield Clue(side="missing", measured=PROBE)
    elif any(size == count for _, size, _ in SKELETONS):
        yield _clue(run, path, UNKNOWN, "weak", count=count)
        yield Clue(side="missing", measured=PROBE)


def _clue(run: Run, path: str, said: Words, strength: Any, means: Words = WRONG_MEANS, **words: object) -> Clue:  # noqa: ANN401
    facts = (config_fact(run, path),)
    return Clue(side="for", strength=strength, measured=said.fill(path=path, **words), means=means, facts=facts)


def _active(step: dict[str, Any]) -> bool:
    """Whether a flip ever flips left and right; its ratio is 0.5 where none is given."""
    ratio = step.get("flip_ratio", 0.5)
    return isinstance(ratio, int | float) and ratio > 0 and step.get("direction", "horizontal") == "horizontal"


def _joints(run: Run) -> int | None:
    """How many joints the pose input has: its channels."""
    for path in POSE_INPUTS:
        value = settings.at(tree(run), path) if settings.has(tree(run), path) else None
        if isinstance(value, int) and value >= FEWEST_JOINTS:
            return value
    return None


def _mirrored(run: Run) -> list[tuple[str, str]]:
    """Pairs of class names in the config that differ by left and right alone."""
    names = next((one for path in _CLASS_LISTS if (one := _names(run, path))), [])
    known = {name.lower(): name for name in names}
    found = []
    for low, name in known.items():
        twin = " ".join(_SWAP.get(word, word) for word in low.split())
        if low < twin and twin in known:
            found.append((name, known[twin]))
    return found


_SWAP = {"left": "right", "right": "left"}
_CLASS_LISTS = ("train_dataloader.dataset.metainfo.classes", "classes", "CLASSES", "class_names")


def _sided_file(run: Run) -> str | None:
    """The annotations of a published data set some of whose classes change when they are mirrored."""
    files = [one.get("ann_file") for _, one in leaves(run, "train")]
    return next((one for one in files if isinstance(one, str) and SIDED_SETS.search(one.lower())), None)


def _names(run: Run, path: str) -> list[str]:
    value = settings.at(tree(run), path) if settings.has(tree(run), path) else None
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
