"""What is measured, and what people call it: unit, direction, and the words of many programs for each measure.

A word is written in small letters with one space between its parts: `top 1 accuracy`. How a logged name is brought into
that form is told in `words_of`. A measure that is not listed is not known; nothing is guessed from parts of words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

Direction = Literal["higher", "lower"]

LONGEST = 120  # characters of a name that are looked at; assumed: no name of a metric is longer


class Measure(NamedTuple):
    """One kind of number."""

    name: str
    unit: str
    better: Direction | None
    share: bool = False
    """A share of something: logged as a fraction by some frameworks and in per cent by others."""
    absent: float | None = None
    """A value that is written where there was nothing to measure, and that is therefore no value."""


_CUTS = (1, 3, 5, 10, 20, 50, 100)
"""The k of `hit@k`; each is a measure of its own, because one is no branch of the other."""

_SHARES = (
    *("accuracy", "miou", "pixel_accuracy", "mean_accuracy", "dice", "fscore", "fscore_weighted", "fscore_micro"),
    *("precision", "recall", "specificity", "pck", "auc", "pr_auc", "iou", "exact_match", "success_rate", "win_rate"),
    *("token_accuracy", "binary_accuracy", "mrr", *(f"{name}{k}" for name in ("hit", "ndcg", "map_at") for k in _CUTS)),
    *(f"{name}_at{k}" for name in ("recall", "precision") for k in _CUTS),
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

_TOP1 = ("acc", "accuracy", "acc 1", "acc1", "acc@1", "acc@top1", "top1", "top 1", "top1 acc", "top1 accuracy")
_TOP1 += ("top 1 acc", "top 1 accuracy", "acc top1", "acc top 1", "accuracy top1", "accuracy top 1", "accuracy 1")
_TOP1 += ("prec@1", "prec1", "prec 1", "precision@top1", "categorical accuracy", "sparse categorical accuracy")
_TOP1 += ("accs", "classification accuracy", "cls acc", "acc cls", "overall acc", "overall accuracy", "overallacc")
_TOP1 += (
    "multiclass accuracy",
    "multiclassaccuracy",
    "micro accuracy",
    "accuracy micro",
    "准确率",
    "精度",
    "top1准确率",
)
_TOP5 = ("acc 5", "acc5", "acc@5", "top5", "top 5", "top5 acc", "top5 accuracy", "top 5 acc", "top 5 accuracy")
_TOP5 += ("acc top5", "acc top 5", "accuracy top5", "accuracy top 5", "prec@5", "prec5", "prec 5", "top k accuracy")
_TOP5 += ("top k categorical accuracy", "top5准确率")
_CLASS = ("balanced accuracy", "balanced acc", "bal acc", "bacc", "mean class accuracy", "mean class acc", "class acc")
_CLASS += ("mean1", "macro accuracy", "accuracy macro", "macro acc", "uar", "avg class acc", "mean per class accuracy")
_F1 = ("f1", "f1 score", "fscore", "f score", "f1 macro", "macro f1", "f1score", "f measure", "f1 score macro")
_F1 += ("macro f1 score", "multiclass f1", "binary f1", "f1 binary", "macro avg f1", "mean f1", "f1值")
_AUC = ("auc", "auroc", "roc auc", "auc roc", "rocauc", "roc auc score", "roc", "area under roc", "macro auc")
_AUC += ("auc macro", "roc auc macro", "rocauc macro", "auc score", "binary auroc")
_PR_AUC = ("pr auc", "auprc", "prauc", "auc pr", "average precision", "avg precision", "aupr")
_REWARD = ("reward", "return", "rewards", "returns", "episode reward", "episode return", "ep rew", "ep reward")
_REWARD += (
    "eprew",
    "eprewmean",
    "ep rew mean",
    "eprew mean",
    "episode rew",
    "epret",
    "ep ret",
    "ep return",
    "eprewards",
)
_REWARD += ("averageepret", "average ep ret", "average return", "averagereturn", "episodic return", "eplongreward")
_REWARD += ("episode reward mean", "episode return mean", "reward mean", "return mean", "average episode reward")
_REWARD += ("episode rewards", "100 episode reward", "mean 100 episode reward", "mean 100ep reward", "ep mean reward")
_REWARD += ("total reward", "total return", "cumulative reward", "true reward", "episode score", "avg return")

_WORDS: dict[str, tuple[str, ...]] = {
    "loss": ("loss", "losses", "total loss", "loss total", "overall loss", "损失", "损失值", "cost", "objective"),
    "lr": ("lr", "learning rate", "learningrate", "学习率", "lr 0", "current lr", "cur lr", "learn rate"),
    "grad_norm": (
        "grad norm",
        "gradient norm",
        "gradnorm",
        "grad norm total",
        "total grad norm",
        "grad norm l2",
        "gnorm",
        "梯度范数",
        "total norm",
    ),
    "top1": _TOP1,
    "top5": _TOP5,
    "mean_class": _CLASS,
    "binary_accuracy": ("binary accuracy", "binary acc"),
    "token_accuracy": ("token accuracy", "token acc", "mean token accuracy"),
    "error1": (
        "err1",
        "err 1",
        "error1",
        "error@1",
        "err@1",
        "top1 err",
        "top 1 err",
        "top1 error",
        "top 1 error",
        "class error",
        "error rate",
        "classification error",
        "misclassification rate",
    ),
    "error5": ("err5", "err 5", "error5", "error@5", "err@5", "top5 err", "top 5 err", "top5 error", "top 5 error"),
    "error": ("error", "err"),
    "wer": ("wer", "word error rate"),
    "cer": ("cer", "character error rate", "char error rate"),
    "eer": ("eer", "equal error rate"),
    "der": ("der", "diarization error rate"),
    "fpr": ("fpr", "false positive rate", "false alarm rate"),
    "fscore": _F1,
    "fscore_weighted": ("f1 weighted", "weighted f1", "weighted f1 score", "f1 score weighted", "weighted avg f1"),
    "fscore_micro": ("f1 micro", "micro f1", "micro f1 score", "f1 score micro"),
    "precision": ("precision", "precision macro", "macro precision", "binary precision", "mprecision"),
    "recall": ("recall", "recall macro", "macro recall", "sensitivity", "tpr", "binary recall", "mrecall"),
    "specificity": ("specificity", "tnr"),
    "auc": _AUC,
    "pr_auc": _PR_AUC,
    "map": (
        "map",
        "map 5095",
        "map5095",
        "map@5095",
        "ap",
        "mean ap",
        "mean average precision",
        "box map",
        "map@[5095]",
        "map 50 95",
        "map50 95",
    ),
    "map50": ("map50", "map 50", "map@50", "ap50", "ap 50", "ap@50", "map@iou 50", "map iou50"),
    "map75": ("map75", "map 75", "map@75", "ap75", "ap 75", "ap@75"),
    "map_small": ("map small", "map s", "ap small"),
    "map_medium": ("map medium", "map m", "ap medium"),
    "map_large": ("map large", "map l", "ap large"),
    "ar": ("ar", "mar", "mean ar", "average recall", "mar 100", "mar100"),
    "miou": (
        "miou",
        "mean iou",
        "mean io u",
        "m iou",
        "mean intersection over union",
        "jaccard",
        "jaccard index",
        "mean jaccard",
    ),
    "iou": ("iou", "iou score", "binary iou"),
    "dice": (
        "dice",
        "dice score",
        "dice coef",
        "dice coefficient",
        "mdice",
        "mean dice",
        "dsc",
        "dice metric",
        "dice sim coef",
    ),
    "pixel_accuracy": ("pixel acc", "pixel accuracy", "aacc", "pixacc", "pix acc", "pixel wise accuracy", "pacc"),
    "mean_accuracy": ("macc", "mean acc", "mean accuracy", "mean pixel accuracy", "mpa"),
    "pq": ("pq", "panoptic quality"),
    "pck": ("pck", "pckh", "pck@50", "pck@05", "pck@20"),
    "nme": ("nme",),
    "mpjpe": ("mpjpe", "pa mpjpe", "p mpjpe"),
    "epe": ("epe", "aepe", "end point error", "endpoint error"),
    "mae": ("mae", "mean absolute error", "l1 error"),
    "mse": ("mse", "mean squared error"),
    "rmse": ("rmse", "root mean squared error"),
    "mape": ("mape", "mean absolute percentage error", "smape"),
    "nmse": ("nmse", "nrmse"),
    "abs_rel": ("abs rel", "absrel"),
    "silog": ("silog",),
    "delta1": ("delta1", "delta 1"),
    "r2": ("r2", "r2 score", "r squared", "r^2"),
    "pearson": ("pearson", "pearsonr", "pearson r", "pcc", "pearson corr", "plcc"),
    "spearman": ("spearman", "spearmanr", "spearman r", "spearman rho", "srcc", "spearman corr"),
    "mcc": ("mcc", "matthews correlation", "matthews corrcoef"),
    "kappa": ("kappa", "cohen kappa", "cohens kappa", "qwk", "quadratic kappa"),
    "explained_variance": ("explained variance",),
    "psnr": ("psnr",),
    "ssim": ("ssim",),
    "ms_ssim": ("ms ssim", "msssim"),
    "lpips": ("lpips",),
    "fid": ("fid", "fid score", "fid50k", "fid50k full"),
    "kid": ("kid",),
    "inception_score": ("inception score", "is score"),
    "clip_score": ("clip score", "clipscore"),
    "perplexity": ("perplexity", "ppl"),
    "bits": ("bpb", "bpc", "bits per char", "bits per byte", "bits per dim", "bpd"),
    "nll": (
        "nll",
        "nll loss",
        "negative log likelihood",
        "cross entropy",
        "crossentropy",
        "ce",
        "xent",
        "logloss",
        "log loss",
        "binary crossentropy",
        "sparse categorical crossentropy",
        "categorical crossentropy",
    ),
    "log_likelihood": ("log likelihood", "loglik"),
    "elbo": ("elbo",),
    "accuracy": ("rewards accuracies", "reward accuracy", "pairwise accuracy"),
    "brier": ("brier", "brier score"),
    "ece": ("ece", "expected calibration error"),
    "crps": ("crps",),
    "bleu": ("bleu", "bleu4", "bleu 4", "sacrebleu", "bleu score"),
    "rouge1": ("rouge1", "rouge 1"),
    "rouge2": ("rouge2", "rouge 2"),
    "rougel": ("rougel", "rouge l"),
    "rougelsum": ("rougelsum", "rouge lsum", "rouge l sum"),
    "rouge": ("rouge",),
    "meteor": ("meteor",),
    "cider": ("cider", "cider d"),
    "spice": ("spice",),
    "chrf": ("chrf", "chrf++"),
    "bert_score": ("bert score", "bertscore"),
    "exact_match": ("exact match", "em", "exact", "exactmatch"),
    "reward": _REWARD,
    "success_rate": (
        "success rate",
        "is success",
        "successrate",
        "pass@1",
        "pass rate",
        "solve rate",
        "completion rate",
    ),
    "win_rate": ("win rate", "winrate"),
    "mrr": ("mrr", "mean reciprocal rank", "mrr@10"),
    "nds": ("nds",),
    "mota": ("mota",),
    "idf1": ("idf1",),
    "hota": ("hota",),
    "pesq": ("pesq",),
    "stoi": ("stoi",),
    "si_sdr": ("si sdr", "si snr", "sisdr", "sisnr", "sdr"),
    "snr": ("snr",),
    "silhouette": ("silhouette", "silhouette score"),
    "ari": ("ari", "adjusted rand index"),
    "nmi": ("nmi",),
    "c_index": ("c index", "cindex", "concordance index"),
    "hausdorff": ("hausdorff", "hausdorff distance", "hd95", "hausdorff95", "hd"),
    "assd": ("assd", "asd"),
    "time": ("epoch time", "time per epoch", "sec per epoch"),
    **{f"hit{k}": (f"hit@{k}", f"hits@{k}", f"hit {k}", f"hits {k}", f"hr@{k}", f"hit rate@{k}") for k in _CUTS},
    **{f"ndcg{k}": (f"ndcg@{k}", f"ndcg {k}", f"ndcg{k}") for k in _CUTS},
    **{f"map_at{k}": (f"map@{k}",) for k in _CUTS if k != 50},  # noqa: PLR2004 (map@50 is the detector's)
    **{f"recall_at{k}": (f"recall@{k}", f"r@{k}", f"recall at {k}", f"rank@{k}") for k in _CUTS},
    **{f"precision_at{k}": (f"precision@{k}", f"p@{k}") for k in _CUTS},
}
SPELLED = {word: MEASURES[name] for name, words in _WORDS.items() for word in words}
"""Every word that is known, and its measure."""

_ASIDE = re.compile(r"[(\[（【](?:\s?[%％↑↓]\s?|[^()\[\]（）【】]{2,40})[)\]）】]")  # not the `M` of `AP (M)`
_FLOORS = ((re.compile(r"(?<!\d)0?\.50?\s?[:\-]\s?0?\.95"), "5095"), (re.compile(r"(?<!\d)0?\.50?(?!\d)"), "50"))
_FLOORS += ((re.compile(r"(?<!\d)0?\.75(?!\d)"), "75"),)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_APART = re.compile(r"[\s_/|.:\-*`~\"'#%％]+")


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """A name as words in small letters; two ways where it is written in humps. Empty for what can be no name.

    >>> words_of("Val_Acc (%)"), words_of("TrainLoss"), words_of("metrics/mAP_0.5:0.95")
    (('val acc',), ('trainloss', 'train loss'), ('metrics map 5095', 'metrics m ap 5095'))
    """
    if len(name) > LONGEST:
        return ()
    text = _ASIDE.sub(" ", name)
    for floor, short in _FLOORS:
        text = floor.sub(f" {short}", text)
    found = (" ".join(_APART.split(one.lower())).strip() for one in (text, _HUMP.sub(" ", text)))
    return tuple(dict.fromkeys(" ".join(one.replace("@ ", "@").replace(" @", "@").split()) for one in found if one))
