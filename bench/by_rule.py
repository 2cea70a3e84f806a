"""What each rule said: the table of the evidence pages, and the line that stands beside its thresholds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bench.delay import WITHIN
from bench.markdown import headed, interval, row, spread
from bench.scoring import GRAVE, by_label
from defib.health.check import all_rules
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.judging import Verdict
    from defib.words import Language

SEEN = ("act", "watch", "note")
ALARMS = ("act", "watch")
FIRED = Words(
    en="| Rule | {labels} | Wrong on healthy | Named otherwise where it alarmed | Its acts, delay: median, longest (logs) |",
    zh="| 规则 | {labels} | 健康日志上的误报 | 报警时命名与标签不符 | 其 act 的延迟：中位数、最长（日志数） |",
)
SILENT = Words(en="Said nothing on any of them: {rules}.", zh="在所有这些日志上都没有结论：{rules}。")
BESIDE = Words(
    en="alarm (act or watch) on {alarms}; wrong on healthy {wrong}",
    zh="报警（act 或 watch）：{alarms}；健康日志上的误报 {wrong}",
)
NOWHERE = Words(en="none", zh="无")


def table(verdicts: Sequence[Verdict], language: Language) -> list[str]:
    """Each rule: on how many logs of each label the gravest that it said was act, watch and note."""
    labels = by_label(verdicts)
    lines = headed(FIRED, language, labels=" | ".join(f"{label} ({len(found)})" for label, found in labels.items()))
    silent: list[str] = []
    for rule in all_rules():
        if not any(rule in one.worst() for one in verdicts):
            silent.append(f"`{rule}`")
            continue
        cells = [f"`{rule}`"]
        for found in labels.values():
            told = Counter(one.worst().get(rule) for one in found)
            cells.append(" / ".join(str(told[severity]) for severity in SEEN) if any(map(told.get, SEEN)) else "-")
        lines.append(row((*cells, wrong(rule, verdicts), _misnamed(rule, verdicts), spread(_delays(rule, verdicts)))))
    return [*lines, "", SILENT.fill(rules=", ".join(silent)).said(language)] if silent else lines


def wrong(rule: str, verdicts: Sequence[Verdict]) -> str:
    """On how many healthy logs that could be read the rule raised an alarm."""
    well = [one for one in verdicts if one.label == "healthy" and one.name != "unreadable"]
    return interval(sum(_alarmed(rule, one) for one in well), len(well))


def _misnamed(rule: str, verdicts: Sequence[Verdict]) -> str:
    """Of the logs on which the rule raised an alarm: how many were named otherwise than labelled, by whatever rule."""
    there = [one for one in verdicts if one.label != "unclear" and _alarmed(rule, one)]
    return interval(sum(one.name != one.label for one in there), len(there))


def _alarmed(rule: str, verdict: Verdict) -> bool:
    return verdict.worst().get(rule) in ALARMS


def _delays(rule: str, verdicts: Sequence[Verdict]) -> list[int]:
    """How late the rule's own first act was on each collapse and NaN; those before the onset count as early, not here."""
    found: list[int] = []
    for one in verdicts:
        of_rule = [act.delay for act in one.acts if act.rule == rule]
        if one.label in GRAVE and of_rule and not any(delay < -WITHIN for delay in of_rule):
            found.append(of_rule[0])
    return found


def beside(rule: str, verdicts: Sequence[Verdict]) -> Words:
    """In one line, what stands beside the thresholds of a rule."""
    counts = [
        f"{label} {alarms}/{len(found)}"
        for label, found in by_label(verdicts).items()
        if label != "healthy" and (alarms := sum(_alarmed(rule, one) for one in found))
    ]
    return BESIDE.fill(alarms=", ".join(counts) or NOWHERE, wrong=wrong(rule, verdicts))
