"""Canonical metric names: what a logged name means, its unit, its direction and its branch.

A canonical key is `split/measure` or `split/measure/branch`: `train/loss`, `val/top1/pose`, `train/lr`. Splits are
`train`, `val` and `test`. The branch that combines the others is `fused`; `rgb_coarse` is the coarse head of `rgb`;
`fused_2:1` is the fusion with the weights 2 and 1. A logged name that is not understood stays not understood: it is
reported, never guessed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from defib.measures import MEASURES, Direction, Measure

__all__ = ["FUSED", "HOOKED", "MEASURES", "Direction", "Meaning", "Measure", "recognise"]

FUSED = "fused"
HOOKED = frozenset(
    {
        *("grad_norm", "grad_norm_max", "not_finite", "clipped", "update_ratio", "still", "batchnorm_gap"),
        *("feature_scale", "feature_rank", "entropy", "classes_named", "canary_loss", "canary_top1"),
    }
)
"""Measures that the hooks write beside what a framework logs itself."""


class Meaning(NamedTuple):
    """What a logged name stands for."""

    key: str
    metric: str
    branch: str | None
    measure: Measure


_SPELLINGS = {
    "mean_class": ("mean1",),
    "top1": ("top-1", "acc"),
    "top5": ("top-5",),
    "error1": ("top1_err",),
    "error5": ("top5_err",),
    "map": ("mAP", "AP"),
    "map50": ("mAP_50", "AP50", "AP .5"),
    "map75": ("mAP_75", "AP75", "AP .75"),
    "map_small": ("mAP_s", "APs", "AP (S)"),
    "map_medium": ("mAP_m", "APm", "AP (M)"),
    "map_large": ("mAP_l", "APl", "AP (L)"),
    "ar": ("AR",),
    "ar50": ("AR .5",),
    "ar75": ("AR .75",),
    "ar_small": ("AR (S)",),
    "ar_medium": ("AR (M)",),
    "ar_large": ("AR (L)",),
    "miou": ("mIoU",),
    "pixel_accuracy": ("aAcc", "acc_seg", "pACC"),
    "mean_accuracy": ("mAcc", "mACC"),
    "nds": ("NDS",),
    **{f"recall_at{k}": (f"Recall@{k}",) for k in (1, 5, 10)},
    "dice": ("mDice",),
    "fscore": ("mFscore",),
    "precision": ("mPrecision",),
    "recall": ("mRecall",),
    "pck": ("acc_pose",),
}
"""What the frameworks with patterns of their own call a measure."""

_SHARED = {
    "loss": ("loss", "total_loss"),
    "lr": ("lr", "learning_rate"),
    "grad_norm": ("grad_norm",),
    "top1": ("acc", "accuracy", "acc1", "acc@1", "top1"),
    "top5": ("acc5", "acc@5", "top5"),
    "error1": ("class_error", "error1"),
    "error5": ("error5",),
    "miou": ("miou", "mean_iou"),
    "pixel_accuracy": ("pixel_acc", "pixel_accuracy"),
    "fscore": ("f1", "fscore", "f1-score"),
    "perplexity": ("perplexity", "ppl"),
    **{name: (name,) for name in ("map", "map50", "map75", "dice", "precision", "recall", "pck", "auc")},
    **{name: (name,) for name in ("nme", "mae", "mse", "rmse", "reward", "bleu", "rouge")},
}
"""What many programs call a measure, in small and in large letters, after the split or alone."""

_WORDS = {word: name for name, words in _SPELLINGS.items() for word in words}
_PLAIN = {word: name for name, words in _SHARED.items() for word in words}

# Order matters: the first pattern that matches wins. `b` is the branch, `m` the measure word.
_PATTERNS: tuple[tuple[str, str], ...] = (
    # defib's own names
    (r"(?P<split>train|val|test)/(?P<m>[a-z][a-z0-9_]*)(?:/(?P<b>[^/]+))?", ""),
    # mmaction2 validation: acc/rgb_top1, acc/RGBPose_1:1_top1, acc/top1
    (r"acc/(?:(?P<b>[^/]+)_)?(?P<m>top1|top5|mean1)", "val"),
    (r"accuracy[/_](?P<m>top-?[15])", "val"),
    (r"(?P<m>mean_class)_acc(?:uracy)?", "val"),
    # mmdet, mmpose: coco/bbox_mAP_50, segm_mAP, pascal_voc/AP50, coco/AP .5, coco/AR (M); detectron2: bbox/APs
    (r"(?:coco/)?(?P<b>bbox|segm)_(?P<m>mAP(?:_(?:50|75|s|m|l))?)", "val"),
    (r"(?P<b>bbox|segm|keypoints)/(?P<m>AP(?:50|75|s|m|l)?)", "val"),
    (r"(?P<b>pascal_voc)/(?P<m>mAP|AP50|AP75)", "val"),
    (r"(?:(?:coco|crowdpose)/)?(?P<m>mAP|AP50|AP75|A[PR](?: \.5| \.75| \([SML]\))?)", "val"),
    # mmpretrain, mmdet3d
    (r"(?:single|multi)-label/(?P<plain>precision|recall|f1-score|mAP)", "val"),
    (r"retrieval/(?P<m>Recall@(?:1|5|10))", "val"),
    (r"(?:NuScenes metric/)?[a-z0-9_]*/?NuScenes/(?P<m>NDS|mAP)", "val"),
    # mmseg; detectron2
    (r"sem_seg/(?P<m>mIoU|pACC|mACC)", "val"),
    (r"(?P<m>mIoU|aAcc|mAcc|mDice|mFscore|mPrecision|mRecall)", "val"),
    (r"(?:(?P<b>[a-z0-9_]+)\.)?(?P<m>acc_seg)", "train"),
    # cascade heads and auxiliary heads: s0.acc, s1.loss_bbox, aux_0.loss_ce
    (r"(?:(?P<b>s\d)\.)?(?P<m>acc)", "train"),
    (r"(?P<b>[a-z0-9_]+\.)loss_(?P<part>[A-Za-z0-9_]+)", "train"),
    (r"fast_rcnn/(?:(?P<b>fg)_)?cls_(?P<m>accuracy)", "train"),
    (r"(?P<m>acc_pose)", "train"),
    # mmaction2 training: top1_acc, rgb_top1_acc, rgb_loss_cls, pose_coarse_loss_cls
    (r"(?:(?P<b>[a-z0-9_]+?)_)?(?P<m>top1|top5)_acc(?:_avg)?", "train"),
    (r"(?P<b>[a-z0-9_]+?)_(?P<m>loss)_cls", "train"),
    (r"(?P<m>loss|lr|base_lr|grad_norm|momentum|time|data_time|memory)", "train"),
    (r"loss_(?P<b>[A-Za-z0-9_]+)", "train"),
    (r"(?P<plain>total_loss|learning_rate)", "train"),
    # PySlowFast
    (r"(?P<m>top[15]_err)", ""),
    # everybody else: train_loss, val_acc, test_acc1, eval_perplexity, PCK
    (r"(?:(?P<split>train|val|valid|validation|eval|test)_)?(?P<plain>(?i:" + "|".join(_PLAIN) + r"))", "val"),
    (r"(?P<split>train|val|test)_loss_(?P<b>[A-Za-z0-9_]+)", ""),
    (r"(?P<b>[a-z0-9_]+)_loss", "train"),
)
_SPLITS = {"valid": "val", "validation": "val", "eval": "val"}
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
    >>> recognise("coco/AP (M)").key, recognise("coco/bbox_mAP_50").key, recognise("top1_acc", "val").key
    ('val/map_medium', 'val/map50/bbox', 'val/top1')
    >>> recognise("coco/bbox_car_precision") is None
    True
    """
    for pattern, habit in _PATTERNS:
        match = re.fullmatch(pattern, raw)
        if match is None:
            continue
        groups = match.groupdict()
        word = groups.get("m") or "loss_part"
        plain = groups.get("plain")
        measure = MEASURES.get(_PLAIN[plain.lower()] if plain else _WORDS.get(word, word))
        if measure is None:
            return None
        named = groups.get("split") or split or habit or "val"
        metric = f"{_SPLITS.get(named, named)}/{measure.name}"
        written = (groups.get("b") or "") + (groups.get("part") or "")
        branch = branch_name(written) if written else None
        return Meaning(f"{metric}/{branch}" if branch else metric, metric, branch, measure)
    return None


def of_a_hook(raw: str) -> Meaning | None:
    """What a name means that defib's own hooks put into the log of another program, or None when it is none of theirs.

    >>> of_a_hook("train/grad_norm/pose").key, of_a_hook("train/acc"), of_a_hook("grad_norm")
    ('train/grad_norm/pose', None, None)
    """
    split, _, rest = raw.partition("/")
    return recognise(raw) if split == "train" and rest.partition("/")[0] in HOOKED else None


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


def of_mmseg(raw: str) -> bool:
    """Whether a share is one of those that mmseg writes together: all as fractions, or all in per cent.

    >>> of_mmseg("mIoU"), of_mmseg("mAP")
    (True, False)
    """
    return re.fullmatch(r"aAcc|m(?:IoU|Acc|Dice|Fscore|Precision|Recall)", raw) is not None


# What decides, the most telling first: wholes before parts, and the loss only where nothing else was measured.
_DECIDING = (
    *("top1", "mean_class", "accuracy", "binary_accuracy", "map", "miou", "pq", "dice", "iou", "fscore", "pck", "auc"),
    *("exact_match", "map50", "error1", "wer", "cer", "eer", "der", "nds", "mota", "success_rate", "win_rate"),
    *("bleu", "rougel", "rougelsum", "rouge1", "rouge2", "rouge", "cider", "meteor", "chrf", "bert_score"),
    *("ndcg10", "mrr", "hit10", "hit1", "recall_at10", "map_at10", "ndcg5", "hit5", "ndcg20", "recall_at20"),
    *("recall_at1", "recall_at5", "reward", "mcc", "kappa", "spearman", "pearson", "r2", "fscore_weighted"),
    *("fscore_micro", "pr_auc", "token_accuracy", "psnr", "ssim", "fid", "lpips", "pesq", "stoi", "si_sdr", "top5"),
    *("mean_accuracy", "pixel_accuracy", "precision", "recall", "error5", "error", "nme", "mpjpe", "epe", "abs_rel"),
    *("bits", "perplexity", "mae", "rmse", "nmse", "mape", "mse", "hausdorff", "loss", "elbo", "nll"),
)


def deciding(keys: list[str]) -> str | None:
    """The key that decides about a run: what was measured on held-out data, of the fused branch, else of the whole.

    >>> deciding(["val/top1/rgb", "val/top1/fused", "train/loss"])
    'val/top1/fused'
    >>> deciding(["val/map50/bbox", "val/map/segm", "val/map/bbox", "val/loss"])
    'val/map/bbox'
    >>> deciding(["train/loss"]) is None
    True
    """
    for split in ("val", "test"):
        for measure in _DECIDING:
            metric = f"{split}/{measure}"
            found = [key for key in keys if key == metric or key.startswith(f"{metric}/")]
            for wanted in (f"{metric}/{FUSED}", metric, f"{metric}/bbox"):
                if wanted in found:
                    return wanted
            if found:
                return found[0]
    return None
