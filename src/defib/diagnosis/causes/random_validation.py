"""Validation draws its clips or their crops at random.

A test has to measure the same thing each time. Random crops, flips, colours or frames in the validation pipeline make
its score swing, and usually lower.
For: the validation pipeline holds a transform that draws at random.
Against: it holds none.
Missing: one checkpoint evaluated twice: two scores that differ would settle it.

中文：
验证时随机抽取片段或随机裁剪。

测试每次都应测量同样的东西。验证流水线中的随机裁剪、翻转、颜色或抽帧，会使成绩振荡，并且通常偏低。
支持：验证流水线中有随机变换。
反对：其中没有随机变换。
尚缺：对同一检查点评估两次：若两次成绩不同即可确定。
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defib.diagnosis.cause import Clue, cause
from defib.diagnosis.datasets import config_fact, transforms
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkup, Run

RANDOM = frozenset(
    {
        "RandomResizedCrop",
        "RandomCrop",
        "MultiScaleCrop",
        "RandomRescale",
        "ColorJitter",
        "RandomErasing",
        "RandAugment",
        "AutoAugment",
        "Mixup",
        "PytorchVideoWrapper",
    }
)
"""Transforms that draw anew for every clip (mmaction2, mmpretrain)."""
FLIPS = {"Flip": "flip_ratio", "RandomFlip": "prob"}
SAMPLERS = frozenset({"SampleFrames", "UniformSampleFrames", "UniformSample", "MMUniformSampleFrames"})
"""They draw at random unless `test_mode` is set."""

DRAWS = Words(
    en="the validation pipeline holds {kind} ({path}), which draws at random",
    zh="验证流程中有 {kind}（{path}），它会随机取样",
)
SAMPLES = Words(
    en="the validation pipeline samples frames with {kind} and without test_mode ({path})",
    zh="验证流程用 {kind} 取帧，但没有设置 test_mode（{path}）",
)
DRAWS_MEANS = Words(
    en="each evaluation measures something else; part of its swings are luck",
    zh="每次评估测的都不一样，部分起伏只是运气",
)
FIXED = Words(
    en="none of the {count} transforms of the validation pipeline draws at random",
    zh="验证流程的 {count} 个变换都不会随机取样",
)
FIXED_MEANS = Words(en="each evaluation measures the same clips", zh="每次评估测的都是同样的片段")
PROBE = Words(
    en="one checkpoint evaluated twice: scores that differ would settle it",
    zh="把同一个检查点评估两次：若分数不同，即可确认",
)


@cause(
    says=Words(en="validation draws at random", zh="验证过程带有随机性"),
    explains=("oscillation",),
    verdict="leave-running",
)
def random_validation(run: Run, checkup: Checkup) -> Iterator[Clue]:
    """Look for transforms of training in the validation pipeline of a run that swings."""
    if not any(one.rule == "oscillation" for one in checkup.symptoms):
        return
    steps = transforms(run, "val")
    drawing = [(path, step, said) for path, step in steps if (said := _draws(step)) is not None]
    for path, step, said in drawing:
        words = {"kind": step["type"], "path": path}
        yield Clue(side="for", measured=said.fill(**words), means=DRAWS_MEANS, facts=(config_fact(run, path),))
    if drawing:
        yield Clue(side="missing", measured=PROBE)
    elif steps and all(isinstance(step.get("type"), str) for _, step in steps):
        yield Clue(side="against", strength="strong", measured=FIXED.fill(count=len(steps)), means=FIXED_MEANS)


def _draws(step: dict[str, Any]) -> Words | None:
    kind = step.get("type")
    if not isinstance(kind, str):
        return None
    if kind in RANDOM:
        return DRAWS
    if kind in FLIPS:
        ratio = step.get(FLIPS[kind], 0.5)
        return DRAWS if isinstance(ratio, int | float) and 0 < ratio < 1 else None
    return SAMPLES if kind in SAMPLERS and step.get("test_mode", False) is False else None
