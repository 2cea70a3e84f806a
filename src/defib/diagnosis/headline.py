"""The one sentence: what happened, since when, why, and what to do."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from defib.diagnosis.onset import when
from defib.naming import metric_name
from defib.records import Point
from defib.words import Words, in_unit

if TYPE_CHECKING:
    from defib.records import Cause, Checkup, Run, Start, Verdict

FELL = Words(
    en="The {metric} fell from {best} ({best_at}) to {last} ({last_at}); it began at {onset}. {why} {then}",
    zh="{metric}从{best_at}的 {best} 跌到{last_at}的 {last}，始于{onset}。{why}{then}",
)
AGAIN = Words(en="Start again from {at}.", zh="应从{at}重新开始。")
NOWHERE = Words(
    en="No usable checkpoint from before the fall is left.",
    zh="下跌之前没有留下可用的检查点。",
)
BECAUSE = Words(en="Most likely: {cause}.", zh="最可能的原因：{cause}。")
PERHAPS = Words(en="Possibly: {cause}.", zh="可能的原因：{cause}。")
UNPROVEN = Words(
    en="What set it off cannot be told from what was logged; possibly: {cause}.",
    zh="下跌的直接原因无法仅凭现有记录断定，可能是：{cause}。",
)
EARLIER = Words(en="{why} Wrong before the fall already: {cause}.", zh="{why}下跌之前就已存在的问题：{cause}。")
NUMERIC = Words(en="Since {at} {said}.", zh="自{at}起，{said}。")
AND = Words(en="{one}; and {other}", zh="{one}；{other}")
UNKNOWN = Words(
    en="What set it off is not known: no cause has evidence.", zh="下跌的直接原因未知：没有任何原因有证据支持。"
)
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
    en="The {metric} fell from {best} to {last} at {onset}, but the training loss went on as before: the fault is in the "
    "validation. Leave the run alone, and check the validation data, transforms and BatchNorm statistics.",
    zh="{metric}在{onset}从 {best} 跌到 {last}，但训练损失照常：问题出在验证环节。请不要重启训练，而应检查验证数据、预处理和 BatchNorm 统计量。",
)
ESCALATE = Words(
    en="A person must act: {cause}. Measured: {measured}. Put that right first: a restart with other settings would only hide it, so none is planned.",
    zh="需要人工处理：{cause}。依据：{measured}。请先改正它：换一套设置重启只会掩盖问题，因此不制定重启方案。",
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
    fault = next((one for one in causes if one.standing == "likely" and one.verdict == "escalate"), None)
    if verdict == "escalate" and fault is not None:
        strong = next((one for one in fault.for_ if one.strength == "strong"), fault.for_[0])
        return ESCALATE.fill(cause=fault.says, measured=strong.measured)
    series = run.get(run.deciding)
    if verdict == "rescue" and checkup.incident is not None and series is not None:
        best = checkup.incident.best
        last = run.fact(series, -1)
        return FELL.fill(
            metric=metric_name(run, series.key),
            best=in_unit(best.value, series.unit),
            best_at=when(best.at),
            last=in_unit(last.value, series.unit),
            last_at=when(last.at),
            onset=when(checkup.incident.onset),
            why=_why(checkup, causes),
            then=_then(start, best.at),
        )
    if verdict == "leave-running" and checkup.incident is not None and series is not None:
        best, last = checkup.incident.best, run.fact(series, -1)
        return LEAVE.fill(
            metric=metric_name(run, series.key),
            best=in_unit(best.value, series.unit),
            last=in_unit(last.value, series.unit),
            onset=when(checkup.incident.onset),
        )
    if verdict == "watch":
        return _watched(run, checkup)
    return HEALTHY.fill(checked=len(checkup.checked), all=_all(checkup))


def _watched(run: Run, checkup: Checkup) -> Words:
    worth = [one for one in checkup.symptoms if one.severity != "note"]
    if not worth:
        names = ", ".join(run.not_understood[:MOST_NAMES]) or "-"
        return NO_METRIC.fill(checked=len(checkup.checked), all=_all(checkup), names=names)
    ended = next((one for one in worth if one.rule in STOPS and one.cleared is None), None)
    if ended is not None:
        return STOPPED.fill(what=ended.says)
    open_first = sorted(worth, key=lambda one: (one.cleared is not None, one.severity != "act"))
    return WATCH.fill(what=open_first[0].says)


def _all(checkup: Checkup) -> int:
    return len(checkup.checked) + len(checkup.unseen)


def _then(start: Start | None, best: Point) -> Words:
    if start is not None and start.state == "none":
        return NOWHERE
    known = start is not None and (start.epoch is not None or start.step is not None)
    return AGAIN.fill(at=when(Point(epoch=start.epoch, step=start.step) if start is not None and known else best))


def _why(checkup: Checkup, causes: tuple[Cause, ...]) -> Words:
    """What set off the fall, events first; and apart from it, what is likely wrong but explains no fall."""
    likely = [one for one in causes if one.standing == "likely" and one.explains]
    fell = {one.rule for one in checkup.falls}
    to_blame = [one for one in likely if fell & set(one.explains)]
    to_blame = [one for one in to_blame if one.event] or to_blame
    if to_blame:
        return BECAUSE.fill(cause=_joined(to_blame))
    numeric = next((one for one in checkup.symptoms if one.rule == "non_finite" and one.severity == "act"), None)
    if numeric is not None:
        return NUMERIC.fill(said=numeric.says, at=when(numeric.onset))
    first = next((one for one in causes if one.standing == "possible" and fell & set(one.explains)), None)
    if not likely:
        return UNKNOWN if first is None else PERHAPS.fill(cause=first.says)
    return EARLIER.fill(why=UNKNOWN if first is None else UNPROVEN.fill(cause=first.says), cause=_joined(likely))


def _joined(causes: list[Cause]) -> Words:
    return reduce(lambda one, other: AND.fill(one=one, other=other), (cause.says for cause in causes))
