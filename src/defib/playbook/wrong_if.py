"""What would show that a plan is wrong, with limits in numbers: then the restarted run is stopped."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from defib import settings
from defib.naming import metric_name
from defib.words import Words, in_unit

if TYPE_CHECKING:
    from defib.records import Cause, Checkup, Edit, Run, Series, Start

LEAST_EVALUATIONS = 3
SHARE = 0.15
"""By how much less than the start's own score a validation of the restart may be (assumed; what a fall is called elsewhere too)."""
WRONG_START = Words(
    en="the first validation is worse than {limit} ({value}, the start checkpoint's own score, less {share}): then the weights were "
    "not loaded, and nothing else can be judged",
    zh="第一次验证差于 {limit}（起始检查点自身的成绩 {value}，相对低 {share}）：说明权重没有加载成功，其余都无从判断",
)
WRONG_SAME = Words(
    en="a later one of the first {count} validations is worse than that limit of {limit} ({metric}): then the cause is another one; go to "
    "the next in the list",
    zh="此后到第 {count} 次验证之间，{metric}又差于 {limit}：说明另有原因，请转向列表中的下一条",
)
WRONG_CAUSE = Words(
    en="the logged values after the restart do not show the edits ({keys}): then they were not applied",
    zh="重启后的日志没有体现这些改动（{keys}）：说明改动没有生效",
)
PROBE = Words(
    en="{cause}: then this plan would only hide it. What would settle it before the restart: {probe}",
    zh="{cause}：若是如此，本方案只会掩盖问题。重启之前可这样确认：{probe}",
)
PROBES = Words(en="{one}; {other}", zh="{one}；{other}")


def wrong_if(
    run: Run, checkup: Checkup, causes: tuple[Cause, ...], begin: Start, edits: tuple[Edit, ...]
) -> tuple[Words, ...]:
    """What to stop at, then what would settle a suspicion that no setting cures: it leaves the plan standing, and is tried before it."""
    return (*_limits(run, checkup, begin, edits), *_probes(causes))


def _limits(run: Run, checkup: Checkup, begin: Start, edits: tuple[Edit, ...]) -> tuple[Words, ...]:
    found: list[Words] = []
    series = run.get(run.deciding)
    limit = ""
    if begin.value is not None and series is not None:
        limit = in_unit(float(f"{_worse(begin.value, series):.3g}"), series.unit)
        found.append(WRONG_START.fill(value=in_unit(begin.value, series.unit), limit=limit, share=f"{SHARE:.0%}"))
    treating = [edit.key for edit in edits if edit.play not in ("start_from_best", "fresh_schedule", "new_work_dir")]
    if treating:
        names = [settings.name_of(key) for key in treating]
        listed = Words(en=", ".join(name.en for name in names), zh="、".join(name.zh for name in names))
        found.append(WRONG_CAUSE.fill(keys=listed))
    onset = None if checkup.incident is None else checkup.incident.onset.epoch
    if limit and onset is not None and begin.epoch is not None:
        # a fresh schedule counts from 1 again: what it did at the onset it would do at the same epoch of the restart
        again = onset if any(edit.key == "schedule_factor" for edit in edits) else onset - begin.epoch + 2
        count = max(LEAST_EVALUATIONS, int(again))
        found.append(WRONG_SAME.fill(metric=metric_name(run, run.deciding or ""), limit=limit, count=count))
    return tuple(found)


def _probes(causes: tuple[Cause, ...]) -> list[Words]:
    """What would settle a suspicion that no setting cures: it leaves the plan standing, and is tried before it."""
    return [
        PROBE.fill(cause=cause.says, probe=reduce(lambda one, other: PROBES.fill(one=one, other=other), cause.missing))
        for cause in causes
        if cause.standing == "possible" and cause.verdict == "escalate" and cause.missing
    ]


def _worse(value: float, series: Series) -> float:
    """A value that has lost a share; an error in per cent loses it of what is right."""
    if series.better != "lower":
        return value * (1 - SHARE)
    return 100.0 - (100.0 - value) * (1 - SHARE) if series.unit == "%" else value * (1 + SHARE)
