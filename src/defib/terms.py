"""How a measure is called by those who work with it: mAP50, mIoU, 准确率; in English where the field writes it so in Chinese too."""

from __future__ import annotations

import re

from defib.words import Words, same

NAMED = {
    "top1": Words(en="top-1 accuracy", zh="top-1 准确率"),
    "top5": Words(en="top-5 accuracy", zh="top-5 准确率"),
    "mean_class": Words(en="mean class accuracy", zh="平均类别准确率"),
    "loss": Words(en="loss", zh="损失"),
    "loss_part": Words(en="loss", zh="损失"),
    "loss_sum": Words(en="summed loss", zh="损失之和"),
    "accuracy": Words(en="accuracy", zh="准确率"),
    "mean_accuracy": Words(en="mean accuracy", zh="平均准确率"),
    "pixel_accuracy": Words(en="pixel accuracy", zh="像素准确率"),
    "token_accuracy": Words(en="token accuracy", zh="token 准确率"),
    "binary_accuracy": Words(en="accuracy", zh="准确率"),
    "fscore": Words(en="F-score", zh="F 值"),
    "fscore_weighted": Words(en="weighted F-score", zh="加权 F 值"),
    "fscore_micro": Words(en="micro F-score", zh="微平均 F 值"),
    "precision": Words(en="precision", zh="精确率"),
    "recall": Words(en="recall", zh="召回率"),
    "specificity": Words(en="specificity", zh="特异度"),
    "dice": same("Dice"),
    "exact_match": Words(en="exact match", zh="完全匹配率"),
    "success_rate": Words(en="success rate", zh="成功率"),
    "win_rate": Words(en="win rate", zh="胜率"),
    "perplexity": Words(en="perplexity", zh="困惑度"),
    "error": Words(en="error", zh="错误率"),
    "error1": Words(en="top-1 error", zh="top-1 错误率"),
    "error5": Words(en="top-5 error", zh="top-5 错误率"),
    "reward": Words(en="reward", zh="奖励"),
    "bits": Words(en="bits", zh="比特数"),
    "inception_score": same("Inception Score"),
    "bert_score": same("BERTScore"),
    "clip_score": same("CLIPScore"),
    "hausdorff": Words(en="Hausdorff distance", zh="Hausdorff 距离"),
    "brier": Words(en="Brier score", zh="Brier 分数"),
    "pearson": Words(en="Pearson correlation", zh="Pearson 相关系数"),
    "spearman": Words(en="Spearman correlation", zh="Spearman 相关系数"),
    "kappa": Words(en="kappa", zh="kappa 系数"),
    "silhouette": Words(en="silhouette", zh="轮廓系数"),
    "log_likelihood": Words(en="log likelihood", zh="对数似然"),
    "explained_variance": Words(en="explained variance", zh="解释方差"),
    "momentum": Words(en="momentum", zh="动量"),
    "weight_decay": Words(en="weight decay", zh="权重衰减"),
    "clipped": Words(en="share of clipped steps", zh="被裁剪的步数比例"),
    "update_ratio": Words(en="update-to-weight ratio", zh="更新量与权重之比"),
    "grad_norm_max": Words(en="largest gradient norm", zh="最大梯度范数"),
    "not_finite": Words(en="share of steps without a finite gradient", zh="梯度非有限的步数比例"),
    "feature_scale": Words(en="scale of the features", zh="特征幅度"),
    "feature_rank": Words(en="effective rank of the features", zh="特征有效秩"),
    "entropy": Words(en="entropy of the predictions", zh="预测熵"),
    "classes_named": Words(en="share of classes predicted", zh="被预测到的类别比例"),
    "batchnorm_gap": Words(en="gap between running and batch statistics", zh="BatchNorm 滑动统计与批统计之差"),
    "still": Words(en="share of parameters that never change", zh="从未变化的参数比例"),
    "canary_loss": Words(en="loss on the canary batches", zh="哨兵批次损失"),
    "canary_top1": Words(en="top-1 accuracy on the canary batches", zh="哨兵批次 top-1 准确率"),
    "time": Words(en="step time", zh="每步耗时"),
    "data_time": Words(en="data time", zh="数据读取耗时"),
    "memory": Words(en="memory", zh="显存"),
}
CASED = {
    name.lower().replace("-", "_"): name
    for name in ("mIoU", "IoU", "R2", "abs-rel", "SILog", "MS-SSIM", "SI-SDR", "PR-AUC", "C-index", "delta1", "METEOR", "CIDEr", "chrF")
}  # fmt: skip
"""Names that are not written in capitals throughout."""
_AT = re.compile(r"(hit|ndcg|map_at|recall_at|precision_at)(\d+)")
_PRECISION = re.compile(r"(map|ar)(\d*)(?:_(small|medium|large))?")
_FIRST = {"hit": "hit", "ndcg": "NDCG", "map_at": "mAP", "recall_at": "recall", "precision_at": "precision"}


def term(measure: str) -> Words:
    """A measure in the words of its field.

    >>> term("map50").en, term("hit10").zh, term("map_small").en, term("wer").zh, term("perplexity").zh
    ('mAP50', 'hit@10', 'mAP small', 'WER', '困惑度')
    """
    if measure in NAMED:
        return NAMED[measure]
    at = _AT.fullmatch(measure)
    if at:
        return same(f"{_FIRST[at[1]]}@{at[2]}")
    precision = _PRECISION.fullmatch(measure)
    if precision:
        size = f" {precision[3]}" if precision[3] else ""
        return same(f"{'mAP' if precision[1] == 'map' else 'AR'}{precision[2]}{size}")
    return same(CASED.get(measure, measure.upper().replace("_", "-")))
