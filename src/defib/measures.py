"""What is measured: unit and direction of every measure that is known."""

from __future__ import annotations

from typing import Literal, NamedTuple

Direction = Literal["higher", "lower"]


class Measure(NamedTuple):
    """One kind of number."""

    name: str
    unit: str
    better: Direction | None
    share: bool = False
    """A share of something: logged as a fraction by some frameworks and in per cent by others."""
    absent: float | None = None
    """A value that is written where there was nothing to measure, and that is therefore no value."""


CUTS = (1, 3, 5, 10, 20, 50, 100)
"""The k of `hit@k`; each is a measure of its own, because one is no branch of the other."""

_SHARES = (
    *("accuracy", "miou", "pixel_accuracy", "mean_accuracy", "dice", "fscore", "fscore_weighted", "fscore_micro"),
    *("precision", "recall", "specificity", "pck", "auc", "pr_auc", "iou", "exact_match", "success_rate", "win_rate"),
    *("token_accuracy", "binary_accuracy", "mrr", *(f"{name}{k}" for name in ("hit", "ndcg", "map_at") for k in CUTS)),
    *(f"{name}_at{k}" for name in ("recall", "precision") for k in CUTS),
)
_PRECISIONS = tuple(f"{name}{of}" for name in ("map", "ar") for of in ("", "50", "75", "_small", "_medium", "_large"))
_LOWER = (
    *("nme", "perplexity", "mae", "mse", "rmse", "mape", "nmse", "epe", "abs_rel", "silog", "fid", "kid", "lpips"),
    *("hausdorff", "assd", "mpjpe", "bits", "nll", "brier", "ece", "error", "loss_sum", "crps"),
)
_HIGHER = (
    *("reward", "bleu", "rouge", "rouge1", "rouge2", "rougel", "rougelsum", "meteor", "cider", "spice", "chrf"),
    *("psnr", "ssim", "ms_ssim", "inception_score", "clip_score", "bert_score", "r2", "pearson", "spearman", "mcc"),
    *("kappa", "pq", "nds", "mota", "idf1", "hota", "pesq", "stoi", "si_sdr", "snr", "elbo", "log_likelihood"),
    *("silhouette", "ari", "nmi", "explained_variance", "delta1", "c_index"),
)

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
        # What the hooks measure inside the process, always in these units: a share of 0.5 is half a per cent.
        Measure("grad_norm_max", "", None),
        Measure("not_finite", "%", None),
        Measure("feature_scale", "", None),
        Measure("feature_rank", "", None),
        Measure("entropy", "%", None),
        Measure("classes_named", "%", None),
        Measure("batchnorm_gap", "", None),
        Measure("still", "%", None),
        Measure("canary_loss", "", "lower"),
        Measure("canary_top1", "%", "higher"),
        Measure("time", "s", "lower"),
        Measure("data_time", "s", "lower"),
        Measure("memory", "MB", "lower"),
        Measure("loss_part", "", "lower"),
        *(Measure(name, "%", "higher", share=True) for name in _SHARES),
        # COCO writes -1 where there are no objects of that size.
        *(Measure(name, "%", "higher", share=True, absent=-1.0) for name in _PRECISIONS),
        *(Measure(name, "%", "lower", share=True) for name in ("error1", "error5", "wer", "cer", "eer", "der", "fpr")),
        *(Measure(name, "", "lower") for name in _LOWER),
        *(Measure(name, "", "higher") for name in _HIGHER),
    )
}
