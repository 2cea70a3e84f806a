"""Training and validation prepare the same pixels differently.

Another mean, another order of the colours or another layout of the channels, and the network sees in validation what
it was never shown.
For: a transform that both pipelines hold has another mean, deviation, colour order or layout, or only one of them
normalises at all.
Against: both prepare their pixels alike.
Missing: one training clip sent through both pipelines.

中文：
训练和验证对同样的像素做了不同的预处理。

均值、颜色顺序或通道布局不同，网络在验证时看到的就是训练时从未见过的东西。
支持：两条流水线都有的变换，其均值、标准差、颜色顺序或布局不同；或只有一条做了归一化。
反对：两边对像素的处理相同。
尚缺：让同一个训练片段分别经过两条流水线。
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.datasets import config_fact, transforms
from defib.words import Words, shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

KEYS = (
    "mean",
    "std",
    "to_rgb",
    "to_bgr",
    "channel_order",
    "color_type",
    "input_format",
    "format_shape",
    "scaling",
    "sigma",
    "use_score",
    "with_kp",
    "with_limb",
)
"""Settings of a transform by which the network sees other numbers for the same clip."""
STEPS = frozenset({"Normalize", "FormatShape", "GeneratePoseTarget", "LoadImageFromFile", "ImageNormalize"})

DIFFERS = Words(
    en="{kind} has {key} = {one} in training ({path}) and {other} in validation ({other_path})",
    zh="{kind} 的 {key} 在训练中为 {one}（{path}），在验证中为 {other}（{other_path}）",
)
ONLY = Words(en="{kind} stands in the pipeline of {side} alone ({path})", zh="只有{side}的流程中有 {kind}（{path}）")
TRAINING, VALIDATION = Words(en="training", zh="训练"), Words(en="validation", zh="验证")
DIFFERS_MEANS = Words(
    en="the network is tested on numbers that it was never shown", zh="验证时网络看到的是训练中从未见过的数值分布"
)
ALIKE = Words(
    en="training and validation prepare their pixels alike ({kinds})", zh="训练与验证的像素处理一致（{kinds}）"
)
ALIKE_MEANS = Words(en="the network sees the same kind of numbers in both", zh="两处网络看到的是同类数值")
PROBE = Words(
    en="one training clip sent through both pipelines: the smallest, largest and mean value of what comes out",
    zh="把同一个训练样本分别送入两条流程，比较输出的最小值、最大值和均值",
)


@cause(
    says=Words(en="training and validation prepare their input differently", zh="训练与验证的输入预处理不一致"),
    explains=("never_learned", "overfitting", "fusion_below_branch", "plateau", "loss_and_score_disagree"),
    verdict="leave-running",
)
def normalisation_differs(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Compare the transforms that decide about numbers, not about which part of the clip is shown."""
    if not any(one.rule in normalisation_differs.explains for one in checkup.symptoms):
        return
    train, val = _kinds(run, "train"), _kinds(run, "val")
    if not transforms(run, "train") or not transforms(run, "val"):
        return
    found = [*_values(run, train, val), *_alone(run, train, val)]
    yield from found
    if found:
        yield Clue(side="missing", measured=PROBE)
    elif train:
        said = ALIKE.fill(kinds=", ".join(train))
        facts = tuple(config_fact(run, path) for path, _ in train.values())
        yield Clue(side="against", strength="strong", measured=said, means=ALIKE_MEANS, facts=facts)


def _kinds(run: Run, split: Any) -> dict[str, tuple[str, dict[str, Any]]]:  # noqa: ANN401 (one of three words)
    """The transforms that decide about numbers, by type; the first of each."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for path, step in transforms(run, split):
        kind = step.get("type")
        if isinstance(kind, str) and kind in STEPS:
            found.setdefault(kind, (path, step))
    return found


def _values(
    run: Run, train: dict[str, tuple[str, dict[str, Any]]], val: dict[str, tuple[str, dict[str, Any]]]
) -> Iterator[Clue]:
    for kind in train.keys() & val.keys():
        (path, one), (other_path, other) = train[kind], val[kind]
        for key in KEYS:
            if not _known(one, key) or not _known(other, key) or one[key] == other[key]:
                continue
            words = {"one": shown_value(one[key]), "other": shown_value(other[key])}
            said = DIFFERS.fill(kind=kind, key=key, path=path, other_path=other_path, **words)
            facts = (config_fact(run, f"{path}.{key}"), config_fact(run, f"{other_path}.{key}"))
            yield Clue(side="for", strength="strong", measured=said, means=DIFFERS_MEANS, facts=facts)


def _alone(
    run: Run, train: dict[str, tuple[str, dict[str, Any]]], val: dict[str, tuple[str, dict[str, Any]]]
) -> Iterator[Clue]:
    for kind in ("Normalize", "ImageNormalize"):
        if (kind in train) != (kind in val):
            side, (path, _) = (TRAINING, train[kind]) if kind in train else (VALIDATION, val[kind])
            said = ONLY.fill(kind=kind, side=side, path=path)
            facts = (config_fact(run, path),)
            yield Clue(side="for", strength="strong", measured=said, means=DIFFERS_MEANS, facts=facts)


def _known(step: dict[str, Any], key: str) -> bool:
    """Whether a value is written out; a default that is left out may be the other's value."""
    return key in step and not isinstance(step[key], dict)
