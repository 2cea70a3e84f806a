"""The checkpoint that a rescue starts from, and the edits that make it the start.

The best validated checkpoint before the onset, on the metric that decides. It must exist and be readable; otherwise
the nearest one left before the onset, said plainly. A checkpoint from after the onset is never a start.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from defib.naming import metric_name
from defib.playbook.clock import Clock
from defib.playbook.programs import foreign, launches, of_mmcv
from defib.records import Edit, Site, Start
from defib.settings import at, has, layout_of
from defib.words import Words, number, same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Checkpoint, Checkup, Fact, Point, Run, Series
    from defib.settings import Layout

READY = Words(
    en="{path} is the best validated checkpoint before the onset: {metric} {value} at {when}",
    zh="{path} 是崩溃点之前验证最好的检查点：{when}，{metric}为 {value}",
)
LISTED = Words(
    en="{when} ({metric} {value}) is the best before the onset; {path} is named by the log or a listing but is "
    "not on disk here: put it there, or start defib where it is",
    zh="{when}（{metric} {value}）是崩溃点之前最好的；日志或清单提到 {path}，但本机磁盘上没有：请把它放回来，或在它所在的机器上运行 defib",
)
UNSEEN = Words(
    en="{when} ({metric} {value}) is the best before the onset; only its usual name {path} is known, the file was not seen",
    zh="{when}（{metric} {value}）是崩溃点之前最好的；只知道它通常的文件名 {path}，没有看到文件（未见）",
)
UNNAMED = Words(
    en="{when} ({metric} {value}) is the best before the onset; no checkpoint was seen, and its name is not known",
    zh="{when}（{metric} {value}）是崩溃点之前最好的；没有看到检查点，也不知道它的文件名",
)
UNPLACED = Words(
    en="{when} ({metric} {value}) is the best before the onset; {paths} can be read, but does not say which epoch it is from: "
    "whether it is the start has to be found out",
    zh="{when}（{metric} {value}）是崩溃点之前最好的；{paths} 可以读取，但没有说明来自哪一轮：能否作为起点需要另行确认",
)
NEAREST = Words(
    en="the best before the onset is {wanted}, but {problem}; {path} ({when}, {metric} {value}) is the nearest left",
    zh="崩溃点之前最好的是{wanted}，但{problem}；剩下最接近的是 {path}（{when}，{metric} {value}）",
)
NONE = Words(
    en="no usable checkpoint from before the onset is left ({problem}); what is left was trained after the fall and is not a start. "
    "Begin again from the run's own initial weights",
    zh="崩溃点之前没有可用的检查点（{problem}）；剩下的都是下跌之后的，不能作为起点。请从训练最初的权重重新开始",
)
GONE = Words(en="its checkpoint is gone", zh="它的检查点已不存在")
BROKEN = Words(en="{path} is unusable ({problem})", zh="{path} 不可用（{problem}）")
NOT_LISTED = Words(en="none was found or named", zh="既没有找到，也没有被提到")

STARTS = frozenset({"load_from", "resume", "work_dir"})
"""Settings that say where to begin, and not what to do differently."""
HALF = 0.5
"""Of what was learned; a checkpoint that had lost as much is none to start from, whatever the onset says. Assumed."""
MOST_NAMED = 3
"""Checkpoints that are named in one sentence."""

WHY_LOAD = Words(en="start from the best validated weights before the fall", zh="从下跌前验证最好的权重出发")
WHY_FRESH = Words(
    en="resuming would restore the old optimizer and schedule and override every other edit",
    zh="恢复训练会载入旧的优化器与调度器，使其余改动失效",
)
WHY_DIR = Words(en="nothing of the old run is overwritten", zh="不覆盖旧训练的任何文件")


def start(run: Run, checkup: Checkup) -> Start:
    """Choose the start for the open incident of a run.

    Raises ValueError when there is no open incident: then there is nothing to start again.
    """
    if checkup.incident is None:
        message = "a start is chosen for an open incident only"
        raise ValueError(message)
    best = checkup.incident.best
    clock = Clock(by_step=best.at.epoch is None and best.at.step is not None)
    wanted, onset = clock.of(best.at), clock.of(checkup.incident.onset)
    before = [one for one in run.checkpoints if _is_before(clock.of(one), onset)]
    exact = sorted((one for one in before if clock.of(one) == wanted or _same_step(one, best.at)), key=_preferred)
    words: dict[str, Any] = {
        "metric": metric_name(run, best.metric),
        "when": clock.says(wanted),
        "value": _percent(run, best.value),
    }
    if exact and exact[0].state in ("ready", "unseen"):
        return _chosen(best.metric, exact[0], best.value, READY.fill(path=exact[0].path, **words))
    ready = [one for one in before if one.state == "ready" and not _lost(run, best, clock, one)]
    if ready:
        return _nearest(run, best, clock, ready, _problem(exact))
    if exact and exact[0].state == "listed":
        return _chosen(best.metric, exact[0], best.value, LISTED.fill(path=exact[0].path, **words))
    says = NONE.fill(problem=_problem(exact) if exact else NOT_LISTED)
    nothing = Start(metric=best.metric, state="none", wanted=best.at.epoch, says=says)
    return nothing if exact else _unseen(run, best, clock, words) or nothing


def _unseen(run: Run, best: Fact, clock: Clock, words: dict[str, Any]) -> Start | None:
    """A start whose file nobody saw, or of which nobody knows when it was written; None where all are from after the fall."""
    unseen = Start(epoch=best.at.epoch, step=clock.step(best.at), metric=best.metric, value=best.value, says=same(""))
    if not run.checkpoints and foreign(run):  # how this program names its checkpoints is its project's affair
        return msgspec.structs.replace(unseen, says=UNNAMED.fill(**words))
    if not run.checkpoints:
        path = f"{'iter' if clock.by_step else 'epoch'}_{number(clock.of(best.at))}.pth"
        return msgspec.structs.replace(unseen, path=path, says=UNSEEN.fill(path=path, **words))
    undated = [one.path for one in run.checkpoints if one.state == "ready" and clock.of(one) is None]
    if not undated:
        return None
    return msgspec.structs.replace(unseen, says=UNPLACED.fill(paths=", ".join(undated[:MOST_NAMED]), **words))


def _is_before(when: float | None, onset: float | None) -> bool:
    return when is not None and (onset is None or when < onset)


def _same_step(one: Checkpoint, best: Point) -> bool:
    """Whether both name one step: older Trainers round the epoch in the log but not beside the weights."""
    return one.step is not None and one.step == best.step


def start_edits(run: Run, weights: str | None, work_dir: str | None) -> tuple[Edit, ...]:
    """The edits that make the chosen checkpoint the start: weights only, a fresh schedule, a directory of its own.

    weights: what `load_from` should name; None leaves it as it is.
    """
    layout = None if run.config is None else layout_of(run.config)
    found: list[Edit] = []
    if weights is not None and ("load_from" in run.settings or _site(run, layout) is not None):
        edit = _edit(run, "load_from", weights, WHY_LOAD, "start_from_best")
        found.append(msgspec.structs.replace(edit, sites=(*edit.sites, *_fresh(run, layout))))
    if run.setting("resume"):
        found.append(_not_resumed(run, layout))
    if work_dir is not None and ("work_dir" in run.settings or _default_dir(layout) is not None or of_mmcv(run)):
        found.append(_edit(run, "work_dir", work_dir, WHY_DIR, "new_work_dir"))
    return tuple(edit for edit in found if edit.old != edit.new or edit.key == "load_from")


def _not_resumed(run: Run, layout: Layout | None) -> Edit:
    """Nothing is resumed; on a command line, where nothing is not a word, the option goes."""
    off = False if layout is None else layout.resume_off
    edit = _edit(run, "resume", off, WHY_FRESH, "fresh_schedule")
    if off is not None or run.config is None or run.config.dialect != "arguments":
        return edit
    gone = tuple(Site(path=site.path, old=site.old, action="delete") for site in edit.sites)
    return msgspec.structs.replace(edit, sites=gone)


def _site(run: Run, layout: Layout | None) -> str | None:
    """Where a start checkpoint is inserted; without a config, under its own name unless the program is another one."""
    if layout is not None:
        return layout.load_site
    return None if foreign(run) else "load_from"


def _fresh(run: Run, layout: Layout | None) -> Iterator[Site]:
    """What a start with weights only needs besides, where the framework would otherwise resume."""
    tree = {} if run.config is None else run.config.tree
    for path, new in () if layout is None else layout.fresh:
        if not has(tree, path):
            yield Site(path=path, new=new, action="insert")
    for path, new in () if layout is None else (*layout.fresh, *layout.undone):
        if has(tree, path) and at(tree, path) != new:
            yield Site(path=path, old=at(tree, path), new=new)


def _default_dir(layout: Layout | None) -> str | None:
    """The work directory of a program whose config names none."""
    return None if layout is None or layout.work_dir is None else layout.work_dir[1]


def rescue_dir(run: Run, attempt: int = 1) -> str | None:
    """The directory of the restarted run: the old one's name with `_rescue` behind it, and a number from the second attempt on.

    The mm programs use work_dirs/CONFIG where the config names none, others a folder that is always called alike. None
    when none is known.
    """
    named = run.setting("work_dir") or run.launch.work_dir
    if not isinstance(named, str) or not named.strip("./"):  # `.` is PySlowFast's own default: everything in one place
        if run.config is None:
            return None
        default = _default_dir(layout_of(run.config))
        if not launches(run) and default is None:
            return None
        named = f"work_dirs/{PurePosixPath(run.config.path).stem}" if default is None else default.strip("./") or "run"
    again = re.fullmatch(r"(.*_rescue)(\d*)", named.rstrip("/"))
    stem, number = (
        (f"{named.rstrip('/')}_rescue", attempt) if again is None else (again[1], int(again[2] or 1) + attempt)
    )
    return f"{stem}{number if number > 1 else ''}"


def _edit(run: Run, key: str, new: object, why: Words, play: str) -> Edit:
    setting = run.settings.get(key)
    layout = None if run.config is None else layout_of(run.config)
    place = _site(run, layout) if key == "load_from" else key
    if key == "work_dir" and layout is not None and layout.work_dir is not None:
        place = layout.work_dir[0]
    sites: tuple[Site, ...] = (Site(path=place or key, old=None, new=new, action="insert"),)
    if setting is not None:
        sites = tuple(Site(path=path, old=setting.value, new=new) for path in setting.paths)
    return Edit(key=key, old=None if setting is None else setting.value, new=new, why=why, play=play, sites=sites)


def _chosen(metric: str, one: Checkpoint, value: float, says: Words) -> Start:
    step = one.step if one.epoch is None else None
    return Start(epoch=one.epoch, step=step, metric=metric, value=value, path=one.path, state=one.state, says=says)


def _nearest(run: Run, best: Fact, clock: Clock, ready: list[Checkpoint], problem: Words) -> Start:
    """The ready checkpoint with the best value of the deciding metric; without values, the latest."""
    series = run.get(best.metric)
    sign = -1.0 if series is not None and series.better == "lower" else 1.0
    values = {one.path: _value_at(series, one, clock) for one in ready}

    def rank(one: Checkpoint) -> tuple[float, float]:
        value = values[one.path]
        return (-np.inf if value is None else sign * value, clock.of(one) or 0)

    chosen = max(ready, key=rank)
    value = values[chosen.path]
    says = NEAREST.fill(
        wanted=clock.says(clock.of(best.at)),
        problem=problem,
        path=chosen.path,
        when=clock.says(clock.of(chosen)),
        metric=metric_name(run, best.metric),
        value=_percent(run, value),
    )
    return Start(
        epoch=chosen.epoch,
        step=clock.step(chosen),
        metric=best.metric,
        value=value,
        path=chosen.path,
        state="ready",
        wanted=best.at.epoch,
        says=says,
    )


def _lost(run: Run, best: Fact, clock: Clock, one: Checkpoint) -> bool:
    """Whether a checkpoint from after the best and before the onset had lost half of what was learned: an onset may be told late."""
    series, when, wanted = run.get(best.metric), clock.of(one), clock.of(best.at)
    value = _value_at(series, one, clock)
    if series is None or value is None or when is None or wanted is None or when <= wanted:
        return False
    if series.better == "lower":
        return value > float(best.value) * (1 + HALF)
    chance = 100 / run.classes if run.classes and series.unit == "%" else 0.0
    return value < chance + HALF * (float(best.value) - chance)


def _problem(exact: list[Checkpoint]) -> Words:
    broken = next((one for one in exact if one.state == "broken"), None)
    if broken is None:
        return GONE
    return BROKEN.fill(path=broken.path, problem=broken.problem or same("?"))


def _preferred(one: Checkpoint) -> tuple[int, bool, bool, int]:
    """Readable before named, weights before everything, smaller before larger."""
    ours = one.path.endswith("_weights.pth")  # a copy that an earlier rescue made: the original first
    return ({"ready": 0, "unseen": 1, "listed": 2}.get(one.state, 3), ours, bool(one.full), one.size or 0)


def _value_at(series: Series | None, one: Checkpoint, clock: Clock) -> float | None:
    when = clock.of(one)
    if series is None or when is None:
        return None
    found = np.flatnonzero((series.step if clock.by_step else series.epoch) == when)
    return float(series.value[found[-1]]) if len(found) else None


def _percent(run: Run, value: float | None) -> Words:
    series = run.get(run.deciding)
    if value is None:
        return Words(en="not validated", zh="未验证")
    return same(f"{value:.2f}{series.unit if series is not None else ''}")
