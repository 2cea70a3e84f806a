"""What records name with one word, in the reader's language: verdicts, standings, metrics, branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.reports import phrases
from defib.words import Words

if TYPE_CHECKING:
    from defib.records import Run

VERDICTS = {
    "healthy": Words("healthy: nothing to do", "健康：无需处理"),
    "watch": Words("watch: keep an eye on it", "观察：继续留意"),
    "rescue": Words("rescue: restart with changes", "需要修复：修改配置后重启"),
    "leave-running": Words("leave running: the fault is in the validation", "继续训练：问题出在验证环节"),
    "escalate": Words("escalate: a person must look at data, labels or code", "转人工：请检查数据、标签或代码"),
}
SHORT_VERDICTS = {
    "healthy": Words("healthy", "健康"),
    "watch": Words("watch", "观察"),
    "rescue": Words("rescue", "需修复"),
    "leave-running": Words("leave running", "继续训练"),
    "escalate": Words("escalate", "转人工"),
}
VERDICT_MARKS = {"healthy": "✅", "watch": "👀", "rescue": "🚨", "leave-running": "⏳", "escalate": "🧑‍🔬"}
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
    "page": phrases.WRITTEN_PAGE,
    "pictures": phrases.WRITTEN_PICTURES,
    "weights": phrases.WRITTEN_WEIGHTS,
}
SHARES = frozenset({"top1", "top5", "mean_class"})


def unit_of(run: Run, key: str) -> str:
    """The unit of a series; a share that the run does not hold as a series is still in per cent."""
    series = run.get(key)
    if series is not None:
        return series.unit
    return "%" if key.partition("/")[2].partition("/")[0] in SHARES else ""
