"""Whether a rescue has worked: held-out accuracy is back and stays, or it is not. "Finite" is not recovered.

Recovered: the deciding metric is at 95 % of the old best or more at each of K evaluations in a row, K at least three and at least the
length from the start to the old onset and two more, counted from the first evaluation at the new schedule's peak rate; and no branch is
worse than before beyond its noise. A single evaluation below that begins the count anew; what makes a relapse is a fall that the next evaluation
confirms, or an end below. An end above that came too early to be sure is neither.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from defib.monitoring.reading_back import worse
from defib.naming import branch_of, metric_name
from defib.words import Words, in_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.records import Case, Checkup, Run, Series, Symptom

LEAST = 3
BEYOND = 2
"""Evaluations past the old onset."""
LACKS = 0.05
"""Share of the old best that may be missing; and what a branch may lack where its noise is not known. Assumed."""
PEAK = 0.95
"""Share of the highest logged rate from which a schedule is at its peak."""

WAITING = Words(
    en="{held} of {needed} evaluations in a row at {limit} or better ({metric})",
    zh="{metric}已连续 {held} 次达到 {limit}（需要 {needed} 次）",
)
RECOVERED = Words(
    en="recovered: the {metric} was at {limit} or better in {needed} evaluations in a row, last {last} (old best {best})",
    zh="已恢复：{metric}连续 {needed} 次达到 {limit} 以上，最近为 {last}（原先最佳 {best}）",
)
FELL_AGAIN = Words(en="relapsed: {said}", zh="再次崩溃：{said}")
DOUBTED = Words(
    en="waiting for the next evaluation, which will confirm it or not: {said}", zh="等待下一次评估来确认：{said}"
)
ENDED = Words(
    en="relapsed: training ended with the {metric} at {last}, below {limit} (old best {best})",
    zh="没有恢复：训练结束时{metric}为 {last}，低于 {limit}（原先最佳 {best}）",
)
UNPROVEN = Words(
    en="training ended with the {metric} at {last}, above {limit} (old best {best}), but only {held} of the {needed} evaluations in a row that "
    "would prove it: neither recovered nor fallen again. Train it longer to know",
    zh="训练结束时{metric}为 {last}，高于 {limit}（原先最佳 {best}），但只连续达到 {held} 次，需要 {needed} 次才能证明：既不算恢复，也没有再次崩溃。继续训练才能确定",
)
BRANCH = Words(
    en="branch {branch} is at {now}, it was {before} at the start checkpoint: the fused score hides it",
    zh="{branch} 分支为 {now}，起始检查点处为 {before}：融合分数掩盖了这一点",
)
NOTHING = Words(en="relapsed: training ended without an evaluation", zh="没有恢复：训练结束，没有任何评估")


class Judgement(NamedTuple):
    """How an attempt stands."""

    standing: Literal["waiting", "recovered", "relapsed", "stopped"]
    """`stopped`: training ended well, and too early to be sure."""
    says: Words


def needed(old: Case) -> int:
    """How many good evaluations in a row it takes.

    old: the case that was rescued, with its plan.
    """
    incident, plan = old.checkup.incident, old.plan
    onset = None if incident is None else incident.onset.epoch
    start = None if plan is None else plan.start_from.epoch
    return LEAST if onset is None or start is None else max(LEAST, math.ceil(onset - start) + BEYOND)


def judge(old: Case, new: Run, checkup: Checkup, *, ended: bool) -> Judgement:
    """Whether the restarted run has recovered, has fallen again, or has to be waited for.

    checkup: what the rules say of the restarted run.
    ended: its process is gone.
    """
    incident = old.checkup.incident
    assert incident is not None  # what has no open incident is not rescued
    falls = [one for one in checkup.falls if one.severity == "act"]
    if falls:
        return _fallen(falls, new, ended=ended)
    series, best = new.get(incident.key), float(incident.best.value)
    if series is None or not len(series):
        return Judgement("relapsed", NOTHING) if ended else Judgement("waiting", _waiting(old, new, 0))
    good = [
        not worse(float(value), best, LACKS, better=series.better, unit=series.unit) for value in _counted(new, series)
    ]
    held = len(good) - max((at + 1 for at, fine in enumerate(good) if not fine), default=0)
    words = _words(old, new, series)
    if held >= needed(old):
        behind = _behind(old, new, held)
        if behind is None:
            return Judgement("recovered", RECOVERED.fill(**words))
        return Judgement("relapsed" if ended else "waiting", behind)
    if not ended:
        return Judgement("waiting", _waiting(old, new, held))
    return (
        Judgement("stopped", UNPROVEN.fill(held=held, **words)) if held else Judgement("relapsed", ENDED.fill(**words))
    )


def _fallen(falls: Sequence[Symptom], new: Run, *, ended: bool) -> Judgement:
    confirmed = next((one for one in falls if ended or _seen_again(new, one)), None)
    if confirmed is None:
        return Judgement("waiting", DOUBTED.fill(said=falls[0].says))
    return Judgement("relapsed", FELL_AGAIN.fill(said=confirmed.says))


def _seen_again(new: Run, fall: Symptom) -> bool:
    """Whether something was logged of the metric after the fall was known, and has not taken it back.

    A young schedule at its peak swings: an attempt is ended over two measurements, never over one. What is no number
    needs no second.
    """
    series = new.get(fall.metric)
    if series is None or not len(series) or not np.isfinite(series.value[-1]):
        return True
    return bool((series.record > fall.record).any())


def _counted(new: Run, series: Series) -> np.ndarray:
    """The evaluations from the first at the schedule's peak rate on; all of them where no rate was logged."""
    rate = new.get("train/lr")
    if rate is None or not np.isfinite(rate.value).any():
        return series.value
    peak = rate.record[rate.value >= PEAK * np.nanmax(rate.value)]
    counted: np.ndarray = series.value[series.record >= peak[0]]
    return counted


def _behind(old: Case, new: Run, held: int) -> Words | None:
    """A branch that is worse than it was at the start, beyond its noise."""
    plan = old.plan
    assert plan is not None
    whole = new.get(plan.start_from.metric)
    for series in () if whole is None else new.branches(whole.metric):
        before = _at(old.run.get(series.key), plan.start_from.epoch)
        if series.branch is None or series.key == plan.start_from.metric or before is None:
            continue
        now = float(np.nanmedian(series.value[-held:]))
        noise = max((one.noise or 0.0 for one in old.checkup.symptoms if one.branch == series.branch), default=0.0)
        allowed = max(noise, LACKS * abs(before))
        if (before - now if series.better != "lower" else now - before) > allowed:
            shown = {"now": in_unit(now, series.unit), "before": in_unit(before, series.unit)}
            return BRANCH.fill(branch=branch_of(new, series.key), **shown)
    return None


def _at(series: Series | None, epoch: float | None) -> float | None:
    if series is None or epoch is None:
        return None
    found = series.value[series.epoch == epoch]
    return float(found[-1]) if len(found) and np.isfinite(found[-1]) else None


def _words(old: Case, new: Run, series: Series) -> dict[str, object]:
    incident = old.checkup.incident
    assert incident is not None
    best = float(incident.best.value)
    limit = best * (1 - LACKS)
    if series.better == "lower":
        limit = 100 - (100 - best) * (1 - LACKS) if series.unit == "%" else best * (1 + LACKS)
    return {
        "metric": metric_name(new, series.key),
        "limit": in_unit(limit, series.unit),
        "best": in_unit(best, series.unit),
        "last": in_unit(float(series.value[-1]), series.unit),
        "needed": needed(old),
    }


def _waiting(old: Case, new: Run, held: int) -> Words:
    series = new.get(old.checkup.incident.key if old.checkup.incident else None) or old.run.get(old.run.deciding)
    assert series is not None
    return WAITING.fill(held=held, **_words(old, new, series))
