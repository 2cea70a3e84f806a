"""Canonical metric names: what a logged name means, its unit, its direction and its branch.

A canonical key is `split/measure` or `split/measure/branch`: `train/loss`, `val/top1/pose`, `train/lr`. Splits are
`train`, `val` and `test`. The branch that combines the others is `fused`; `rgb_coarse` is the coarse head of `rgb`;
`fused_2:1` is the fusion with the weights 2 and 1. A logged name that is not understood stays not understood: it is
reported, never guessed.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Direction = Literal["higher", "lower"]

FUSED = "fused"


class Measure(NamedTuple):
    """One kind of number."""

    name: str
    unit: str
    better: Direction | None
    share: bool = False
    """A share of something: logged as a fraction by some frameworks and in per cent by others."""


class Meaning(NamedTuple):
    """What a logged name stands for."""

    key: str
    metric: str
    branch: str | None
    measure: Measure


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("loss", "", "lower"),
        Measure("top1", "%", "higher", share=True),
        Measure("top5", "%", "higher", share=True),
        Measure("mean_class", "%", "higher", share=True),
        Measure("lr", "", None),
        Measure("grad_norm", "", None),
        Measure("momentum", "", None),
        Measure("weight_decay", "", None),
        Measure("clipped", "%", None, share=True),
        Measure("update_ratio", "", None),
        Measure("time", "s", "lower"),
        Measure("data_time", "s", "lower"),
        Measure("memory", "MB", "lower"),
        Measure("loss_part", "", "lower"),
    )
}

# Order matters: the first pattern that matches wins. `b` is the branch, `m` the measure word.
_PATTERNS: tuple[tuple[str, str], ...] = (
    # defib's own names
    (r"(?P<split>train|val|test)/(?P<m>[a-z][a-z0-9_]*)(?:/(?P<b>[^/]+))?", ""),
    # mmaction2 validation: acc/rgb_top1, acc/RGBPose_1:1_top1, acc/top1
    (r"acc/(?:(?P<b>[^/]+)_)?(?P<m>top1|top5|mean1)", "val"),
    (r"accuracy/(?P<m>top1|top5)", "val"),
    # mmaction2 training: top1_acc, rgb_top1_acc, rgb_loss_cls, pose_coarse_loss_cls
    (r"(?:(?P<b>[a-z0-9_]+?)_)?(?P<m>top1|top5)_acc", "train"),
    (r"(?P<b>[a-z0-9_]+?)_(?P<m>loss)_cls", "train"),
    (r"(?P<m>loss|lr|base_lr|grad_norm|momentum|time|data_time|memory)", "train"),
    (r"loss_(?P<b>[A-Za-z0-9_]+)", "train"),
)
_WORDS = {"mean1": "mean_class", "base_lr": "base_lr"}
_BRANCHES = {
    "rgb": "rgb",
    "pose": "pose",
    "skeleton": "pose",
    "keypoint": "pose",
    "flow": "flow",
    "audio": "audio",
    "rgbpose": FUSED,
    "rgbpose_1:1": FUSED,
    "fused": FUSED,
    "fusion": FUSED,
    "ensemble": FUSED,
    "joint": FUSED,
    "overall": FUSED,
    "融合": FUSED,
    "骨架": "pose",
    "姿态": "pose",
    "总体": FUSED,
}


def recognise(raw: str, split: str = "") -> Meaning | None:
    """What a logged name means, or None when it is not known.

    split: which set the row is about, when the log says so; otherwise the name's own habit decides.

    >>> recognise("acc/RGBPose_1:1_top1").key, recognise("rgb_loss_cls").key, recognise("acc/RGBPose_2:1_top1").key
    ('val/top1/fused', 'train/loss/rgb', 'val/top1/fused_2:1')
    >>> recognise("coco/AP (M)") is None
    True
    """
    for pattern, habit in _PATTERNS:
        match = re.fullmatch(pattern, raw)
        if match is None:
            continue
        groups = match.groupdict()
        word = groups.get("m") or "loss_part"
        measure = MEASURES.get(_WORDS.get(word, word))
        if measure is None:
            return None
        metric = f"{groups.get('split') or split or habit}/{measure.name}"
        branch = branch_name(groups["b"]) if groups.get("b") else None
        return Meaning(f"{metric}/{branch}" if branch else metric, metric, branch, measure)
    return None


def branch_name(word: str) -> str:
    """The canonical name of a branch; a word that is not known stays as it is.

    >>> branch_name("RGBPose_1:1"), branch_name("RGBPose"), branch_name("RGBPose_2:1"), branch_name("Pose_coarse")
    ('fused', 'fused', 'fused_2:1', 'pose_coarse')
    """
    low = word.strip().lower()
    if low in _BRANCHES:
        return _BRANCHES[low]
    for ending in ("_coarse", " coarse", "-coarse"):
        if low.endswith(ending):
            return branch_name(low.removesuffix(ending)) + "_coarse"
    stem, _, weights = low.rpartition("_")
    if re.fullmatch(r"\d+:\d+", weights) and _BRANCHES.get(stem) == FUSED:
        return f"{FUSED}_{weights}"
    return low.replace(" ", "_")


def known_branch(word: str) -> bool:
    """Whether a word names a branch at all.

    >>> known_branch("Pose"), known_branch("RGBPose"), known_branch("状态"), known_branch("rgb_coarse")
    (True, True, False, True)
    """
    name = branch_name(word)
    return name.removesuffix("_coarse") in set(_BRANCHES.values()) or name.startswith(f"{FUSED}_")


def scale_to_percent(measure: Measure, values: list[float], *, written_percent: bool = False) -> float:
    """What to multiply a share by so that it is in per cent.

    A share that never exceeds 1 is a fraction, unless it was written with a per-cent sign: an accuracy that stays
    below 1 % in every single evaluation does not occur above 100 classes' chance level, a fraction always does.

    >>> scale_to_percent(MEASURES["top1"], [0.2, 0.67]), scale_to_percent(MEASURES["top1"], [7.85, 57.45])
    (100.0, 1.0)
    """
    if not measure.share or written_percent:
        return 1.0
    finite = [value for value in values if value == value]  # noqa: PLR0124 (drops NaN)
    return 100.0 if finite and max(finite) <= 1.0 else 1.0


def deciding(keys: list[str]) -> str | None:
    """The key that decides about a run: held-out accuracy of the fused branch, else of the whole model.

    >>> deciding(["val/top1/rgb", "val/top1/fused", "train/loss"])
    'val/top1/fused'
    >>> deciding(["train/loss"]) is None
    True
    """
    for split in ("val", "test"):
        for measure in ("top1", "mean_class", "top5", "loss"):
            metric = f"{split}/{measure}"
            found = [key for key in keys if key == metric or key.startswith(f"{metric}/")]
            for wanted in (f"{metric}/{FUSED}", metric):
                if wanted in found:
                    return wanted
            if found:
                return found[0]
    return None
