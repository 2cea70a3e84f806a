"""The one sentence: what happened, since when, why, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.naming import metric_name
from defib.words import Words, number

if TYPE_CHECKING:
    from defib.records import Cause, Checkup, Run, Start, Verdict

FELL = Words(
    en="The {metric} fell from {best} (epoch {best_epoch}) to {last} (epoch {last_epoch}); it began at epoch {onset}. {why} "
    "{then}",
    zh="{metric}从第 {best_epoch} 轮的 {best} 跌到第 {last_epoch} 轮的 {last}，始于第 {onset} 轮。{why}{then}",
)
AGAIN = Words(en="Start again from epoch {epoch}.", zh="应从第 {epoch} 轮重新开始。")
NOWHERE = Words(
    en="No usable checkpoint from before the fall is left.",
    zh="下跌之前没有留下可用的检查点。",
)
BECAUSE = Words(en="Most likely: {cause}.", zh="最可能的原因：{cause}。")
PERHAPS = Words(en="Possibly: {cause}.", zh="可能的原因：{cause}。")
NUMERIC = Words(en="Since epoch {epoch} {said}.", zh="自第 {epoch} 轮起，{said}。")
AND = Words(en="{one}; and {other}", zh="{one}；{other}")
UNKNOWN = Words(en="No cause has evidence.", zh="没有任何原因有证据支持。")
WATCH = Words(
    en="Worth watching, no action yet: {what}.",
    zh="需要留意，暂不必处理：{what}。",
)
STOPPED = Words(en="Training has stopped: {what}.", zh="训练已停止：{what}。")
STOPS = frozenset({"out_of_memory", "crashed", "stalled"})
"""Rules that say that nothing trains any more; nothing that stands beside it comes first."""
NO_METRIC = Words(
    en="The metric that decides could not be judged, so this run cannot be called healthy ({checked} of {all} rules could look). "
    "Names that were not understood: {names}.",
    zh="无法判断决定性指标，因此不能认定训练健康（{all} 条规则中有 {checked} 条可用）。未能理解的名称：{names}。",
)
MOST_NAMES = 5
LEAVE = Words(
    en="The {metric} fell from {best} to {last} at epoch {onset}, but the training loss went on as before: the fault is in the "
    "validation. Leave the run alone, and check the validation data, transforms and BatchNorm statistics.",
    zh="{metric}在第 {onset} 轮从 {best} 跌到 {last}，但训练损失照常：问题出在验证环节。请不要重启训练，而应检查验证数据、预处理和 BatchNorm 统计量。",
)
HEALTHY = Words(
    en="Nothing wrong was found in what could be checked ({checked} of {all} rules could look).",
    zh="在能够检查的范围内没有发现问题（{all} 条规则中有 {checked} 条可用）。",
)


def headline(
    run: Run, checkup: Checkup, causes: tuple[Cause, ...], verdict: Verdict, start: Start | None = None
) -> Words:
    """Say the verdict in one sentence.

    start: the checkpoint that a plan chose; without a plan the best before the onset is named.
    """
    series = run.get(run.deciding)
    if verdict == "rescue" and checkup.incident is not None and series is not None:
        best = checkup.incident.best
        last = run.fact(series, -1)
        return FELL.fill(
            metric=metric_name(run, series.key),
            best=f"{best.value:.2f}{series.unit}",
            best_epoch=number(best.at.epoch),
            last=f"{last.value:.2f}{series.unit}",
            last_epoch=number(last.at.epoch),
            onset=number(checkup.incident.onset.epoch),
            why=_why(checkup, causes),
            then=_then(start, number(best.at.epoch)),
        )
    if verdict == "leave-running" and checkup.incident is not None and series is not None:
        best, last = checkup.incident.best, run.fact(series, -1)
        return LEAVE.fill(
            metric=metric_name(run, series.key),
            best=f"{best.value:.2f}{series.unit}",
            last=f"{last.value:.2f}{series.unit}",
            onset=number(checkup.incident.onset.epoch),
        )
    worth = [one for one in checkup.symptoms if one.severity != "note"]
    if verdict == "watch" and worth:
        ended = next((one for one in worth if one.rule in STOPS and one.cleared is None), None)
        if ended is not None:
            return STOPPED.fill(what=ended.says)
        open_first = sorted(worth, key=lambda one: (one.cleared is not None, one.severity != "act"))
        return WATCH.fill(what=open_first[0].says)
    everything = len(checkup.checked) + len(checkup.unseen)
    if verdict == "watch":
        names = ", ".join(run.not_understood[:MOST_NAMES]) or "-"
        return NO_METRIC.fill(checked=len(checkup.checked), all=everything, names=names)
    return HEALTHY.fill(checked=len(checkup.checked), all=everything)


def _then(start: Start | None, best: str) -> Words:
    if start is not None and start.state == "none":
        return NOWHERE
    return AGAIN.fill(epoch=best if start is None or start.epoch is None else number(start.epoch))


def _why(checkup: Checkup, causes: tuple[Cause, ...]) -> Words:
    """All likely causes that explain a symptom; an event at the onset alone where there is one."""
    likely = [one for one in causes if one.standing == "likely" and one.explains]
    likely = [one for one in likely if one.event] or likely
    if likely:
        said = likely[0].says
        for one in likely[1:]:
            said = AND.fill(one=said, other=one.says)
        return BECAUSE.fill(cause=said)
    numeric = next((one for one in checkup.symptoms if one.rule == "non_finite" and one.severity == "act"), None)
    if numeric is not None:
        return NUMERIC.fill(said=numeric.says, epoch=number(numeric.onset.epoch))
    falls = {one.rule for one in checkup.symptoms if one.fall}
    first = next((one for one in causes if one.standing == "possible" and falls & set(one.explains)), None)
    return UNKNOWN if first is None else PERHAPS.fill(cause=first.says)
