"""After a recovery: one step up the ladder at a time, each from the best that there is; a step that does not help is taken back.

Where it stands is in the journal and in the logs of the attempts, so that a supervisor that was killed knows it too.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from defib import pipeline, playbook, rewriting
from defib.monitoring.outcome import LACKS
from defib.naming import branch_of, metric_name
from defib.supervision.vigil import seen
from defib.words import Words, in_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.records import Case, Checkpoint, Entry, LadderStep, Run, Series

LAST = 3
"""Evaluations at the end of a run whose median is its level."""

KEPT = Words(
    en="kept: the {metric} ends at {new} (median of the last {last}), it was {old}",
    zh="保留：{metric}最终为 {new}（最后 {last} 次的中位数），此前为 {old}",
)
TAKEN_BACK = Words(en="taken back: {why}. What counts is attempt {base}", zh="撤回：{why}。仍以第 {base} 次尝试为准")
NO_GAIN = Words(
    en="the {metric} ends at {new} (median of the last {last}), no better than {old}",
    zh="{metric}最终为 {new}（最后 {last} 次的中位数），不优于 {old}",
)
BEHIND = Words(en="branch {branch} ends at {new}, it was {old}", zh="{branch} 分支最终为 {new}，此前为 {old}")
FELL = Words(en="it relapsed, was stopped or left no evaluation", zh="它再次崩溃、被停止或没有留下评估")
NEXT = Words(en="a step up the ladder: {step}", zh="继续优化一步：{step}")
DONE = Words(
    en="{why}. The best weights are those of attempt {base}: {path}",
    zh="{why}。最好的权重来自第 {base} 次尝试：{path}",
)
TOP = Words(en="no step of the ladder is left that can be taken without a person", zh="没有可以自动执行的优化步骤了")
ENOUGH = Words(en="{count} steps were tried, as many as are allowed", zh="已试过 {count} 步，达到上限")
NO_START = Words(en="no checkpoint of a known score is left to begin from", zh="没有留下成绩已知的检查点，无从开始")


class Held(NamedTuple):
    """An attempt that counts: what it was started with, and what it logged."""

    number: int
    case: Case
    """With its plan."""
    run: Run


class Climb(NamedTuple):
    """How far it got."""

    base: Held
    judged: Words | None
    """Of the last step; None where the last attempt was the recovery itself."""
    tried: frozenset[str]
    """Steps so far, `key=value`."""


def climbed(entries: Sequence[Entry], old: str) -> Climb | None:
    """What the journal and the logs say; None where nothing has recovered.

    old: the path of the run that was rescued.
    """
    base: Held | None = None
    judged: Words | None = None
    tried: list[str] = []
    for plan in (one for one in entries if one.kind == "plan"):
        end = next((one for one in entries if one.kind == "end" and one.attempt == plan.attempt), None)
        if end is None:
            continue
        held = _held(plan, end, old)
        if plan.step is None:
            base, judged, tried = (held if end.outcome == "recovered" else None), None, []
        elif base is not None:
            tried.append(plan.step)
            words, better = compared(base.run, None if held is None or end.outcome == "relapsed" else held.run)
            judged = words if better else TAKEN_BACK.fill(why=words, base=base.number)
            base = held if better and held is not None else base
    return None if base is None else Climb(base, judged, frozenset(tried))


def _held(plan: Entry, end: Entry, old: str) -> Held | None:
    saved = None if plan.plan is None else pipeline.open_case(Path(plan.plan))
    run = None if end.work_dir is None else seen(Path(end.work_dir), old)
    return None if saved is None or run is None else Held(plan.attempt, saved, run)


def compared(base: Run, new: Run | None) -> tuple[Words, bool]:
    """Whether a step has helped: the level at the end is above that of before, and no branch has lost."""
    before = base.get(base.deciding)
    after = None if new is None or before is None else new.get(before.key)
    if new is None or before is None or after is None or not len(after):
        return FELL, False
    old, level = _level(before), _level(after)
    words = {
        "metric": metric_name(new, after.key),
        "new": in_unit(level, after.unit),
        "old": in_unit(old, before.unit),
        "last": LAST,
    }
    if not (level < old if before.better == "lower" else level > old):
        return NO_GAIN.fill(**words), False
    for series in base.branches(before.metric):
        other = new.get(series.key)
        if series.branch is None or other is None or not len(other):
            continue
        was, now = _level(series), _level(other)
        if (now - was if series.better == "lower" else was - now) > LACKS * abs(was):
            shown = {"new": in_unit(now, series.unit), "old": in_unit(was, series.unit)}
            return BEHIND.fill(branch=branch_of(new, series.key), **shown), False
    return KEPT.fill(**words), True


def _level(series: Series) -> float:
    return float(np.nanmedian(series.value[-LAST:]))


def step_of(climb: Climb) -> LadderStep | None:
    """The next step that was not tried; None at the top."""
    case = climb.base.case
    assert case.plan is not None
    return next((one for one in playbook.steps(case.run, case.plan) if named(one) not in climb.tried), None)


def named(step: LadderStep) -> str:
    """A step in one word.

    >>> from defib.records import LadderStep
    >>> from defib.words import same
    >>> named(LadderStep(when="stable", key="lr", old=0.1, new=0.2, says=same("")))
    'lr=0.2'
    """
    return f"{step.key}={step.new}"


def planned(climb: Climb, step: LadderStep, number: int) -> Case | None:
    """The case of one step: what counts as a fall is measured on the recovered run; None without a checkpoint to begin from.

    Raises ConfigRefused, StalePlan.
    """
    base = climb.base
    found = _best(base.run)
    incident = base.case.checkup.incident
    if found is None or incident is None:
        return None
    best, value = found
    case = _stepped(base.case, step, best, value, number)
    higher = msgspec.structs.replace(incident, best=msgspec.structs.replace(incident.best, value=value))
    return msgspec.structs.replace(case, checkup=msgspec.structs.replace(case.checkup, incident=higher))


def _stepped(case: Case, step: LadderStep, best: Checkpoint, value: float, number: int) -> Case:
    """The case with the plan of a step. Nothing is written yet."""
    config = case.run.config
    assert case.plan is not None
    assert config is not None  # a step changes it
    folder = pipeline.home(case.run, None)
    target = rewriting.free_name(folder, Path(config.path).stem, Path(config.path).suffix, number)
    where = {"new_config": str(target), "folder": str(folder)}
    plan = playbook.climb(case.run, case.plan, step, best, value, **where, attempt=number)
    return msgspec.structs.replace(case, plan=pipeline.shown(plan), written={})


def _best(run: Run) -> tuple[Checkpoint, float] | None:
    """The best checkpoint on disk of a run that did not fall, under its absolute path, and its score."""
    series = run.get(run.deciding)
    if series is None:
        return None
    sign = -1.0 if series.better == "lower" else 1.0
    found: list[tuple[float, Checkpoint]] = []
    for one in run.checkpoints:
        at = series.epoch == one.epoch if one.epoch is not None else series.step == one.step
        if one.state == "ready" and at.any():
            found.append((sign * float(series.value[at][-1]), one))
    if not found:
        return None
    value, best = max(found, key=lambda one: one[0])
    path = str(Path(run.path) / best.path)
    return msgspec.structs.replace(best, path=path, epoch=None, step=None), sign * value
