"""How the series and branches of a run are called in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.measures import MEASURES
from defib.metrics import FUSED
from defib.terms import term
from defib.words import Words, same

if TYPE_CHECKING:
    from defib.records import Run

FUSION = Words(en="fused", zh="融合")
BRANCHES = {"rgb": "RGB", "pose": "Pose", "flow": "Flow", "audio": "Audio"}
ALONE = {
    "grad_norm": Words(en="gradient norm", zh="梯度范数"),
    "lr": Words(en="learning rate", zh="学习率"),
}
"""Measures of which nobody asks on which data."""
SPLITS = {
    "train": Words(en="training", zh="训练集"),
    "val": Words(en="validation", zh="验证集"),
    "test": Words(en="test", zh="测试集"),
}
JOINED = Words(en="{split} {measure}", zh="{split}{measure}")
APART = Words(en="{split} {measure}", zh="{split} {measure}")
FUSED_MEASURE = Words(en="{branch} {measure}", zh="{branch}的{measure}")
OF_BRANCH = Words(en="{measure} of {branch}", zh="{branch}的{measure}")


def stream(branch: str) -> Words:
    """A branch as one would say it: its own name, or that of the fusion.

    >>> stream("rgb").zh, stream("fused").zh, stream("skeleton").en
    ('RGB', '融合', 'skeleton')
    """
    return FUSION if branch == FUSED else same(BRANCHES.get(branch, branch))


def begins(name: Words) -> Words:
    """A name with a Chinese sentence directly behind it: Latin letters are set off by a space.

    >>> begins(stream("rgb")).zh, begins(stream("fused")).zh
    ('RGB ', '融合')
    """
    return Words(name.en, f"{name.zh} ") if name.zh[-1:].isascii() else name


def branch_of(run: Run, key: str) -> Words:
    """The branch that a series is about, as a table heading; the metric itself when the run has no branches.

    >>> from defib.samples import run_of
    >>> run = run_of({"val/top1/pose": [1.0], "val/top1/fused": [2.0]})
    >>> branch_of(run, "val/top1/pose").en, branch_of(run, "val/top1/fused").zh
    ('Pose', '融合')
    >>> branch_of(run_of({"val/top1/fused_2:1": [1.0]}), "val/top1/fused_2:1").en  # two parts of the first stream
    'fused 2:1'
    """
    series = run.get(key)
    branch = series.branch if series is not None else "/".join(key.split("/")[2:])
    if not branch:
        return metric_name(run, key)
    fused, _, weights = branch.partition("_")
    if fused == FUSED and (not weights or ":" in weights):
        joined = series is not None and "rgbpose" in series.raw.lower()
        name = same("RGBPose") if joined else FUSION
        return Words(f"{name.en} {weights}".rstrip(), f"{name.zh} {weights}".rstrip())
    return same(BRANCHES.get(branch, branch))


def metric_name(run: Run, key: str) -> Words:
    """A series in words; a key that has none stays as it is.

    >>> from defib.samples import run_of
    >>> metric_name(run_of({"val/top1/pose": [1.0]}), "val/top1/pose").zh
    'Pose 的验证集 top-1 准确率'
    >>> metric_name(run_of({"val/top1/fused": [1.0]}), "val/top1/fused").en
    'fused validation top-1 accuracy'
    >>> metric_name(run_of({"val/map": [1.0]}), "val/map").en
    'validation mAP'
    """
    split, _, rest = key.partition("/")
    measure, _, branch = rest.partition("/")
    if split not in SPLITS or measure not in MEASURES:
        return same(key)
    words = ALONE[measure] if measure in ALONE else _of_split(SPLITS[split], term(measure))
    if not branch:
        return words
    whose = branch_of(run, key)
    space = " " if whose.zh.isascii() else ""
    spoken = FUSED_MEASURE if whose.en.startswith(FUSION.en) else OF_BRANCH
    return spoken.fill(measure=words, branch=Words(whose.en, whose.zh + space))


def _of_split(split: Words, measure: Words) -> Words:
    return (APART if measure.zh[0].isascii() else JOINED).fill(split=split, measure=measure)
