"""Whether what was planned is what runs: the values that the restarted run itself wrote down, against the plan.

A scheduler that is restored in secret, an edit that did not arrive, weights that were not loaded: each of them makes a restart
look like a failed cure. They are found within the first logged values, and stop the attempt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from defib.settings import at, has, plain
from defib.words import Words, in_unit, shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Edit, Event, Plan, Run, Series
    from defib.settings.tree import Tree

ELSEWHERE = frozenset({"load_from", "resume", "work_dir", "test_clips"})
"""Settings that are read back otherwise, or that training does not use."""
HIGHER, LOWER = 1.25, 0.5
"""Times the planned rate that a first logged one may be: rounding, and a cosine that has begun; below, a warm-up is allowed. Assumed."""
SHARE = 0.15
"""What the start's score may have lost before the first step; the same limit as the plan states."""
HALF = 0.5
"""What it may have lost, after the first training, of all that the old run had learned: a shaky run falls by a quarter and comes back (measured
on one of five seeds of `synth_micro_aggressive`), weights that were not loaded begin where the old run began."""

OTHER_SETTING = Words(
    en="{name}: planned {planned}, the running config has {found}",
    zh="{name}：计划为 {planned}，实际运行的配置为 {found}",
)
OTHER_RATE = Words(
    en="the learning rate is {found} at the first logged step, planned is {planned}: the old schedule may have been restored",
    zh="首个记录的学习率为 {found}，计划为 {planned}：可能恢复了旧的调度",
)
RESUMED = Words(
    en="the run was resumed, though the plan starts it anew: {text}", zh="训练被恢复，而方案要求重新开始：{text}"
)
NOT_LOADED = Words(en="the start checkpoint did not match the network: {text}", zh="起始检查点与网络不匹配：{text}")
LOW = Words(
    en="the first validation is {found}; the start checkpoint has {planned}: the weights were not loaded, or another metric is counted",
    zh="第一次验证为 {found}，起始检查点为 {planned}：权重没有加载成功，或统计的是另一个指标",
)


class ReadBack(NamedTuple):
    """What was compared, and what did not fit."""

    checked: tuple[str, ...]
    """Settings, and `rate`, `start`, `validation`."""
    mismatches: tuple[Words, ...]


def read_back(plan: Plan, new: Run, old: Run) -> ReadBack:
    """Compare a restarted run, as far as it has logged, with its plan.

    old: the run that is rescued; its first evaluation tells what weights give that were not loaded.
    """
    checked: list[str] = []
    found: list[Words] = []
    for name, words in (*_settings(plan, new), *_rate(plan, new), *_start(new), *_validation(plan, new, old)):
        checked.append(name)
        if words is not None:
            found.append(words)
    return ReadBack(tuple(dict.fromkeys(checked)), tuple(found))


def _settings(plan: Plan, new: Run) -> Iterator[tuple[str, Words | None]]:
    moved = any(site.action != "set" for edit in plan.edits for site in edit.sites)
    for edit in plan.edits:
        if edit.key in ELSEWHERE or edit.risk == "advise" or new.config is None:
            continue
        if edit.key not in new.settings:
            yield from _sites(edit, new.config.tree, moved=moved)
            continue
        held = new.setting(edit.key)
        same = held == edit.new or _alike(held, edit.new)
        words = OTHER_SETTING.fill(name=edit.key, planned=shown_value(edit.new), found=shown_value(held))
        yield edit.key, None if same else words


def _sites(edit: Edit, tree: Tree, *, moved: bool) -> Iterator[tuple[str, Words | None]]:
    """What stands where the edit was written, for what is no setting by itself: the factor of a schedule, a transform.

    moved: places in lists may have moved, so that they are not compared.
    """
    for site in edit.sites:
        in_list = any(part.isdigit() for part in site.path.split("."))
        if site.action == "delete" or (moved and in_list) or not has(tree, site.path):
            continue
        held = at(tree, site.path)
        words = OTHER_SETTING.fill(name=site.path, planned=shown_value(site.new), found=shown_value(held))
        yield edit.key, None if held == site.new or _alike(held, site.new) else words


def _alike(one: object, other: object) -> bool:
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(_alike(*pair) for pair in zip(one, other, strict=True))
    left, right = plain(one), plain(other)
    return left is not None and right is not None and bool(np.isclose(left, right, rtol=1e-6, atol=0.0))


def _rate(plan: Plan, new: Run) -> Iterator[tuple[str, Words | None]]:
    """The first logged rate; below the planned one a warm-up may be, above it nothing."""
    planned = next((plain(edit.new) for edit in plan.edits if edit.key == "lr"), None)
    planned = plain(new.setting("lr")) if planned is None else planned
    logged = new.get("train/lr")
    if planned is None or logged is None or not np.isfinite(logged.value).any():
        return
    first = float(logged.value[np.isfinite(logged.value)][0])
    warms = bool(new.setting("warmup"))
    fits = first <= HIGHER * planned and (warms or first >= LOWER * planned)
    yield "rate", None if fits else OTHER_RATE.fill(found=shown_value(first), planned=shown_value(planned))


def _start(new: Run) -> Iterator[tuple[str, Words | None]]:
    for event in new.events:
        if event.kind == "resumed":
            yield "start", RESUMED.fill(text=event.text)
        elif event.kind == "not-matched":
            yield "start", NOT_LOADED.fill(text=event.text)
        elif event.kind == "loaded":
            yield "start", None


def _validation(plan: Plan, new: Run, old: Run) -> Iterator[tuple[str, Words | None]]:
    """The start's own score before the first step, where the program takes it; else the first one after some training."""
    series, value = new.get(plan.start_from.metric), plan.start_from.value
    if value is None:
        return
    before = next(
        (found for event in new.events if (found := _before(event, plan.start_from.metric)) is not None), None
    )
    known = series is not None and np.isfinite(series.value).any()
    unit, better = ("%", "higher") if series is None else (series.unit, series.better)
    if before is not None:
        first, lost = before, worse(before, value, SHARE, better=better, unit=unit)
    elif series is not None and known:
        first = float(series.value[np.isfinite(series.value)][0])
        lost = worse(first, value, SHARE, better=better, unit=unit) and _unlearned(first, value, old.get(series.key))
    else:
        return
    words = LOW.fill(found=in_unit(first, unit), planned=in_unit(value, unit))
    yield "validation", words if lost else None


def _before(event: Event, metric: str) -> float | None:
    """What our trainer says of its start: `val/top1/fused 45.00 before the first step`."""
    if event.kind != "first-evaluation":
        return None
    name, _, rest = event.text.partition(" ")
    number = rest.partition(" ")[0]
    return float(number) if name == metric and number.replace(".", "", 1).isdigit() else None


def _unlearned(first: float, value: float, old: Series | None) -> bool:
    """Whether a score lies nearer to where the old run began than to the start's own; so where nothing is known of the beginning."""
    known = None if old is None else old.value[np.isfinite(old.value)]
    if known is None or not len(known) or known[0] == value:
        return True
    return bool((first - value) / (float(known[0]) - value) > HALF)


def worse(value: float, than: float, share: float, *, better: str | None, unit: str) -> bool:
    """Whether a value has lost more than a share of another; an error in per cent loses it of what is right.

    >>> worse(48.0, 57.0, 0.15, better="higher", unit="%"), worse(50.0, 40.0, 0.15, better="lower", unit="%")
    (True, True)
    >>> worse(0.11, 0.1, 0.15, better="lower", unit="")
    False
    """
    if better != "lower":
        return value < than * (1 - share)
    return 100 - value < (100 - than) * (1 - share) if unit == "%" else value > than * (1 + share)
