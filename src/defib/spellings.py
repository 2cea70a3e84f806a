"""What people call a measure, in many programs and two languages.

A word is written in small letters with one space between its parts: `top 1 accuracy`. How a logged name is brought into
that form is told in `words_of`. A measure that is not listed is not known; nothing is guessed from parts of words.
"""

from __future__ import annotations

import re
from functools import lru_cache

from defib.measures import CUTS, MEASURES

LONGEST = 120  # characters of a name that are looked at; assumed: no name of a metric is longer

_WORDS = {
    "loss": "loss|losses|total loss|loss total|overall loss|损失|损失值|cost|objective",
    "lr": "lr|learning rate|learningrate|学习率|lr 0|current lr|cur lr|learn rate",
    "grad_norm": "grad norm|gradient norm|gradnorm|grad norm total|total grad norm|grad norm l2|gnorm|梯度范数|total norm",
    "top1": (
        "acc|accuracy|acc 1|acc1|acc@1|acc@top1|top1|top 1|top1 acc|top1 accuracy|top 1 acc|top 1 accuracy|"
        "acc top1|acc top 1|accuracy top1|accuracy top 1|accuracy 1|prec@1|prec1|prec 1|precision@top1|"
        "categorical accuracy|sparse categorical accuracy|accs|classification accuracy|cls acc|acc cls|"
        "overall acc|overall accuracy|overallacc|multiclass accuracy|multiclassaccuracy|micro accuracy|"
        "accuracy micro|准确率|精度|top1准确率"
    ),
    "top5": (
        "acc 5|acc5|acc@5|top5|top 5|top5 acc|top5 accuracy|top 5 acc|top 5 accuracy|acc top5|acc top 5|"
        "accuracy top5|accuracy top 5|prec@5|prec5|prec 5|top k accuracy|top k categorical accuracy|top5准确率"
    ),
    "mean_class": (
        "balanced accuracy|balanced acc|bal acc|bacc|mean class accuracy|mean class acc|class acc|mean1|"
        "macro accuracy|accuracy macro|macro acc|uar|avg class acc|mean per class accuracy"
    ),
    "binary_accuracy": "binary accuracy|binary acc",
    "token_accuracy": "token accuracy|token acc|mean token accuracy",
    "error1": (
        "err1|err 1|error1|error@1|err@1|top1 err|top 1 err|top1 error|top 1 error|class error|error rate|"
        "classification error|misclassification rate"
    ),
    "error5": "err5|err 5|error5|error@5|err@5|top5 err|top 5 err|top5 error|top 5 error",
    "error": "error|err",
    "wer": "wer|word error rate",
    "cer": "cer|character error rate|char error rate",
    "eer": "eer|equal error rate",
    "der": "der|diarization error rate",
    "fpr": "fpr|false positive rate|false alarm rate",
    "fscore": (
        "f1|f1 score|fscore|f score|f1 macro|macro f1|f1score|f measure|f1 score macro|macro f1 score|"
        "multiclass f1|binary f1|f1 binary|macro avg f1|mean f1|f1值"
    ),
    "fscore_weighted": "f1 weighted|weighted f1|weighted f1 score|f1 score weighted|weighted avg f1",
    "fscore_micro": "f1 micro|micro f1|micro f1 score|f1 score micro",
    "precision": "precision|precision macro|macro precision|binary precision|mprecision",
    "recall": "recall|recall macro|macro recall|sensitivity|tpr|binary recall|mrecall",
    "specificity": "specificity|tnr",
    "auc": (
        "auc|auroc|roc auc|auc roc|rocauc|roc auc score|roc|area under roc|macro auc|auc macro|roc auc macro|"
        "rocauc macro|auc score|binary auroc"
    ),
    "pr_auc": "pr auc|auprc|prauc|auc pr|average precision|avg precision|aupr",
    "map": ("map|map 5095|map5095|map@5095|ap|mean ap|mean average precision|box map|map 50 95|map50 95"),
    "map50": "map50|map 50|map@50|ap50|ap 50|ap@50|map@iou 50|map iou50",
    "map75": "map75|map 75|map@75|ap75|ap 75|ap@75",
    "map_small": "map small|map s|ap small",
    "map_medium": "map medium|map m|ap medium",
    "map_large": "map large|map l|ap large",
    "ar": "ar|mean ar|average recall|mar 100|mar100",
    "miou": "miou|mean iou|mean io u|m iou|mean intersection over union|jaccard|jaccard index|mean jaccard",
    "iou": "iou|iou score|binary iou",
    "dice": "dice|dice score|dice coef|dice coefficient|mdice|mean dice|dsc|dice metric|dice sim coef",
    "pixel_accuracy": "pixel acc|pixel accuracy|aacc|pixacc|pix acc|pixel wise accuracy|pacc",
    "mean_accuracy": "macc|mean acc|mean accuracy|mean pixel accuracy|mpa",
    "pq": "pq|panoptic quality",
    "pck": "pck|pckh|pck@50|pck@05|pck@20",
    "nme": "nme",
    "mpjpe": "mpjpe|pa mpjpe|p mpjpe",
    "epe": "epe|aepe|end point error|endpoint error",
    "mae": "mae|mean absolute error|l1 error",
    "mse": "mse|mean squared error",
    "rmse": "rmse|root mean squared error",
    "mape": "mape|mean absolute percentage error|smape",
    "nmse": "nmse|nrmse",
    "abs_rel": "abs rel|absrel",
    "silog": "silog",
    "delta1": "delta1|delta 1",
    "r2": "r2|r2 score|r squared|r^2",
    "pearson": "pearson|pearsonr|pearson r|pcc|pearson corr|plcc",
    "spearman": "spearman|spearmanr|spearman r|spearman rho|srcc|spearman corr",
    "mcc": "mcc|matthews correlation|matthews corrcoef",
    "kappa": "kappa|cohen kappa|cohens kappa|qwk|quadratic kappa",
    "explained_variance": "explained variance",
    "psnr": "psnr",
    "ssim": "ssim",
    "ms_ssim": "ms ssim|msssim",
    "lpips": "lpips",
    "fid": "fid|fid score|fid50k|fid50k full",
    "kid": "kid",
    "inception_score": "inception score|is score",
    "clip_score": "clip score|clipscore",
    "perplexity": "perplexity|ppl",
    "bits": "bpb|bpc|bits per char|bits per byte|bits per dim|bpd",
    "nll": (
        "nll|nll loss|negative log likelihood|cross entropy|crossentropy|ce|xent|logloss|log loss|"
        "binary crossentropy|sparse categorical crossentropy|categorical crossentropy"
    ),
    "log_likelihood": "log likelihood|loglik",
    "elbo": "elbo",
    "accuracy": "rewards accuracies|reward accuracy|pairwise accuracy",
    "brier": "brier|brier score",
    "ece": "ece|expected calibration error",
    "crps": "crps",
    "bleu": "bleu|bleu4|bleu 4|sacrebleu|bleu score",
    "rouge1": "rouge1|rouge 1",
    "rouge2": "rouge2|rouge 2",
    "rougel": "rougel|rouge l",
    "rougelsum": "rougelsum|rouge lsum|rouge l sum",
    "rouge": "rouge",
    "meteor": "meteor",
    "cider": "cider|cider d",
    "spice": "spice",
    "chrf": "chrf|chrf++",
    "bert_score": "bert score|bertscore",
    "exact_match": "exact match|em|exact|exactmatch",
    "reward": (
        "reward|return|rewards|returns|episode reward|episode return|ep rew|ep reward|eprew|eprewmean|"
        "ep rew mean|eprew mean|episode rew|epret|ep ret|ep return|eprewards|averageepret|average ep ret|"
        "average return|averagereturn|episodic return|eplongreward|episode reward mean|episode return mean|"
        "reward mean|return mean|average episode reward|episode rewards|100 episode reward|"
        "mean 100 episode reward|mean 100ep reward|ep mean reward|total reward|total return|"
        "cumulative reward|true reward|episode score|avg return"
    ),
    "success_rate": "success rate|is success|successrate|pass@1|pass rate|solve rate|completion rate",
    "win_rate": "win rate|winrate",
    "mrr": "mrr|mean reciprocal rank|mrr@10",
    "nds": "nds",
    "mota": "mota",
    "idf1": "idf1",
    "hota": "hota",
    "pesq": "pesq",
    "stoi": "stoi",
    "si_sdr": "si sdr|si snr|sisdr|sisnr|sdr",
    "snr": "snr",
    "silhouette": "silhouette|silhouette score",
    "ari": "ari|adjusted rand index",
    "nmi": "nmi",
    "c_index": "c index|cindex|concordance index",
    "hausdorff": "hausdorff|hausdorff distance|hd95|hausdorff95|hd",
    "assd": "assd|asd",
    "time": "epoch time|time per epoch|sec per epoch",
}
_CUT = {
    "hit{}": "hit@{0}|hits@{0}|hit {0}|hits {0}|hr@{0}|hit rate@{0}",
    "ndcg{}": "ndcg@{0}|ndcg {0}|ndcg{0}",
    "map_at{}": "map@{0}",
    "recall_at{}": "recall@{0}|r@{0}|recall at {0}|rank@{0}",
    "precision_at{}": "precision@{0}|p@{0}",
}
_WORDS |= {name.format(k): words.format(k) for name, words in _CUT.items() for k in CUTS}
_WORDS["map_at50"] = ""  # map@50 is the detectors' precision at an overlap of 0.5
SPELLED = {word: MEASURES[name] for name, words in _WORDS.items() for word in words.split("|") if word}
"""Every word that is known, and its measure."""

_ASIDE = re.compile(r"[(\[（【](?:\s?[%％↑↓]\s?|[^()\[\]（）【】]{2,40})[)\]）】]")  # not the `M` of `AP (M)`
_FLOORS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!\d)0?\.50?\s?[:\-]\s?0?\.95"), "5095"),
    (re.compile(r"(?<!\d)0?\.50?(?!\d)"), "50"),
)
_FLOORS += ((re.compile(r"(?<!\d)0?\.75(?!\d)"), "75"),)
_TOGETHER = re.compile(r"(训练集?|验证集?|测试集?|平均)")  # Chinese sets no space behind them
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
    if not text.isascii():
        text = _TOGETHER.sub(r" \1 ", text)
    for floor, short in _FLOORS:
        text = floor.sub(f" {short}", text)
    found = (" ".join(_APART.split(one.lower())).strip() for one in (text, _HUMP.sub(" ", text)))
    return tuple(dict.fromkeys(" ".join(one.replace("@ ", "@").replace(" @", "@").split()) for one in found if one))
