"""What the columns of a hand-written table mean, in English and Chinese."""

from __future__ import annotations

import re
import unicodedata

from defib import metrics

EPOCH, STEP = "epoch", "step"
_EPOCHS = frozenset({"epoch", "epochs", "ep", "轮", "轮次", "轮数", "周期", "第几轮", "训练轮次", "训练轮数", "epoch轮次"})
_STEPS = frozenset({"step", "steps", "iter", "iters", "iteration", "iterations", "步", "步数", "迭代", "迭代次数"})
_MEASURES: tuple[tuple[str, str], ...] = (
    (r"(?:val|valid|validation|test|eval)?(?:acc|accuracy|top1|top1acc|top1accuracy)", "val/top1"),
    (r"(?:验证集?|测试集?)?(?:准确率|精度|正确率|top1准确率|top1)", "val/top1"),
    (r"(?:val|valid|validation|test|eval)?(?:top5|top5acc|top5accuracy)", "val/top5"),
    (r"(?:train|training)(?:acc|accuracy|top1)", "train/top1"),
    (r"训练集?(?:准确率|精度|正确率)", "train/top1"),
    (r"(?:val|valid|validation|test|eval)loss", "val/loss"),
    (r"(?:验证集?|测试集?)(?:损失|loss)", "val/loss"),
    (r"(?:train|training)?loss", "train/loss"),
    (r"(?:训练集?)?(?:损失|loss)", "train/loss"),
    (r"(?:lr|learningrate|学习率)", "train/lr"),
    (r"(?:gradnorm|梯度范数)", "train/grad_norm"),
)
_BRANCH_TAIL = re.compile(r"[\s_/-]*(?:top[-_ ]?1|acc(?:uracy)?|准确率|精度)$", re.IGNORECASE)


def column(header: str) -> str | None:
    """`epoch`, `step`, a canonical key, or None for a column that holds no metric.

    >>> column("Epoch"), column("**轮次**"), column("RGBPose"), column("Pose Top1"), column("验证准确率"), column("状态")
    ('epoch', 'epoch', 'val/top1/fused', 'val/top1/pose', 'val/top1', None)
    """
    shown = cleaned(header)
    flat = re.sub(r"[\s_\-./@()（）%]+", "", shown).lower()
    if flat in _EPOCHS:
        return EPOCH
    if flat in _STEPS:
        return STEP
    exact = metrics.recognise(shown)
    if exact is not None and "/" in shown:
        return exact.key
    for pattern, key in _MEASURES:
        if re.fullmatch(pattern, flat):
            return key
    for name in (re.sub(r"\s*[(（]?%[)）]?\s*$", "", shown), _BRANCH_TAIL.sub("", shown)):
        if name and metrics.known_branch(name):
            return f"val/top1/{metrics.branch_name(name)}"
    return None


def cleaned(cell: str) -> str:
    """A cell without Markdown's emphasis, emoji and other pictures.

    >>> cleaned("**46.43%**"), cleaned("✅ 大幅上升")
    ('46.43%', '大幅上升')
    """
    kept = "".join(sign for sign in cell if unicodedata.category(sign) not in ("So", "Sk", "Cf", "Mn", "Co"))
    return re.sub(r"[*`~]+|^_+|_+$", "", kept).strip()
