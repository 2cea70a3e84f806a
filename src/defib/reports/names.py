"""What records name with one word, in the reader's language: verdicts, standings, metrics, branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.reports import phrases
from defib.words import Words, same

if TYPE_CHECKING:
    from defib.records import Run

VERDICTS = {
    "healthy": Words("healthy: nothing to do", "健康：无需处理"),
    "watch": Words("watch: keep an eye on it", "观察：继续留意"),
    "rescue": Words("rescue: restart with changes", "抢救：修改配置后重启"),
    "leave-running": Words("leave running: the fault is in the validation", "继续训练：问题出在验证环节"),
    "escalate": Words("escalate: a person must look at data, labels or code", "转人工：请检查数据、标签或代码"),
}
SHORT_VERDICTS = {
    "healthy": Words("healthy", "健康"),
    "watch": Words("watch", "观察"),
    "rescue": Words("rescue", "抢救"),
    "leave-running": Words("leave running", "继续训练"),
    "escalate": Words("escalate", "转人工"),
}
SEVERITIES = {"act": phrases.SEVERITY_ACT, "watch": phrases.SEVERITY_WATCH, "note": phrases.SEVERITY_NOTE}
STANDINGS = {
    "likely": phrases.STANDING_LIKELY,
    "possible": phrases.STANDING_POSSIBLE,
    "ruled-out": phrases.STANDING_RULED_OUT,
}
RISKS = {"safe": phrases.RISK_SAFE, "ask": phrases.RISK_ASK, "advise": phrases.RISK_ADVISE}
PROFILES = {"minimal": phrases.PROFILE_MINIMAL, "conservative": phrases.PROFILE_CONSERVATIVE}
STATES = {
    "ready": phrases.STATE_READY,
    "listed": phrases.STATE_LISTED,
    "broken": phrases.STATE_BROKEN,
    "unseen": phrases.STATE_UNSEEN,
    "none": phrases.STATE_NONE,
}
LADDERS = {
    "stable": phrases.LADDER_STABLE,
    "unstable": phrases.LADDER_UNSTABLE,
    "ambitious": phrases.LADDER_AMBITIOUS,
}
FILES = {
    "config": phrases.WRITTEN_CONFIG,
    "plan": phrases.WRITTEN_PLAN,
    "report": phrases.WRITTEN_REPORT,
    "weights": phrases.WRITTEN_WEIGHTS,
}
BRANCHES = {"rgb": "RGB", "pose": "Pose", "flow": "Flow", "audio": "Audio"}
MEASURES = {
    "top1": Words("{split} top-1 accuracy", "{split} top-1 准确率"),
    "top5": Words("{split} top-5 accuracy", "{split} top-5 准确率"),
    "mean_class": Words("{split} mean class accuracy", "{split}平均类别准确率"),
    "loss": Words("{split} loss", "{split}损失"),
    "grad_norm": Words("gradient norm", "梯度范数"),
    "lr": Words("learning rate", "学习率"),
}
SPLITS = {
    "train": Words("training", "训练集"),
    "val": Words("validation", "验证集"),
    "test": Words("test", "测试集"),
}
OF_BRANCH = Words("{measure} of {branch}", "{branch}的{measure}")
SHARES = frozenset({"top1", "top5", "mean_class"})


def branch_of(run: Run, key: str) -> Words:
    """The branch that a series is about, as a table heading; the key itself when the run has no branches.

    >>> from defib.samples import run_of
    >>> run = run_of({"val/top1/pose": [1.0], "val/top1/fused": [2.0]})
    >>> branch_of(run, "val/top1/pose").en, branch_of(run, "val/top1/fused").zh
    ('Pose', '融合')
    """
    series = run.get(key)
    branch = series.branch if series is not None else "/".join(key.split("/")[2:])
    if not branch:
        return metric_name(run, key)
    if branch == "fused":
        joined = series is not None and "rgbpose" in series.raw.lower()
        return same("RGBPose") if joined else phrases.FUSED
    return same(BRANCHES.get(branch, branch))


def metric_name(run: Run, key: str) -> Words:
    """A series in words; a key that has none stays as it is.

    >>> from defib.samples import run_of
    >>> metric_name(run_of({"val/top1/pose": [1.0]}), "val/top1/pose").zh
    'Pose 的验证集 top-1 准确率'
    """
    split, _, rest = key.partition("/")
    measure, _, branch = rest.partition("/")
    if split not in SPLITS or measure not in MEASURES:
        return same(key)
    words = MEASURES[measure].fill(split=SPLITS[split])
    if not branch:
        return words
    whose = branch_of(run, key)
    space = " " if whose.zh.isascii() else ""
    return OF_BRANCH.fill(measure=words, branch=Words(whose.en, whose.zh + space))


def unit_of(run: Run, key: str) -> str:
    """The unit of a series; a share that the run does not hold as a series is still in per cent."""
    series = run.get(key)
    if series is not None:
        return series.unit
    return "%" if key.partition("/")[2].partition("/")[0] in SHARES else ""
