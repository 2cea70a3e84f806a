"""Whether the signs that a plan names have shown in the restarted run: its own sentences, compared with its own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.records import Checkup, Run, Series, WatchRule
    from defib.words import Words

State = Literal["shown", "not shown", "not logged"]
UPS = frozenset({"loss_spike", "loss_divergence", "non_finite"})
"""Rules whose symptoms are a loss that jumps up or does not fall smoothly."""
LEAST = 3
"""Evaluations from which a rise is one; assumed."""


class Sign(NamedTuple):
    """One sign of a plan, and how it stands."""

    kind: Literal["health", "danger"]
    says: Words
    state: State


def signs(rules: tuple[WatchRule, ...], run: Run, checkup: Checkup) -> tuple[Sign, ...]:
    """How each sign stands in what has been logged so far."""
    return tuple(Sign(one.kind, one.says, _state(one, run, checkup)) for one in rules)


def _state(rule: WatchRule, run: Run, checkup: Checkup) -> State:
    if rule.relation == "out-of-memory":
        return "shown" if any(event.kind == "out-of-memory" for event in run.events) else "not shown"
    series = run.get(rule.metric)
    if rule.relation == "gap-below":
        series = _whole(run, rule.metric)
    values = None if series is None else series.value[np.isfinite(series.value)]
    if series is None or values is None or not len(values):
        return "not logged"
    return "shown" if _SHOWN[rule.relation](rule, values, run, checkup) else "not shown"


def _whole(run: Run, metric: str) -> Series | None:
    """Training accuracy over whole epochs; that of a single batch settles nothing."""
    return next((one for one in run.branches(metric) if not one.single_batch), None)


def _above(rule: WatchRule, values: np.ndarray, _run: Run, _checkup: Checkup) -> bool:
    return rule.value is not None and bool(values[-1] > rule.value)


def _below(rule: WatchRule, values: np.ndarray, _run: Run, _checkup: Checkup) -> bool:
    last = values[-(rule.times or 1) :]
    return rule.value is not None and len(last) == (rule.times or 1) and bool((last < rule.value).all())


def _rises(_rule: WatchRule, values: np.ndarray, _run: Run, checkup: Checkup) -> bool:
    half = len(values) // 2
    up = len(values) >= LEAST and float(np.median(values[half:])) > float(np.median(values[:half]))
    return up and not any(one.fall and one.cleared is None for one in checkup.symptoms)


def _smooth(_rule: WatchRule, values: np.ndarray, _run: Run, checkup: Checkup) -> bool:
    half = len(values) // 2
    down = len(values) >= LEAST and float(np.median(values[half:])) < float(np.median(values[:half]))
    return down and not _jumps(_rule, values, _run, checkup)


def _jumps(_rule: WatchRule, _values: np.ndarray, _run: Run, checkup: Checkup) -> bool:
    return any(one.rule in UPS for one in checkup.symptoms)


def _in_a_row(rule: WatchRule, values: np.ndarray, run: Run, _checkup: Checkup) -> bool:
    series = run.get(rule.metric)
    lost = np.diff(values) if series is not None and series.better == "lower" else -np.diff(values)
    last = lost[-(rule.times or 1) :]
    return rule.value is not None and len(last) == (rule.times or 1) and bool((last > rule.value).all())


def _gap(rule: WatchRule, values: np.ndarray, run: Run, _checkup: Checkup) -> bool:
    held = run.get(run.deciding)
    if held is None or rule.value is None or held.unit != "%" or not np.isfinite(held.value).any():
        return False
    return float(values[-1]) - float(held.value[np.isfinite(held.value)][-1]) < rule.value


_SHOWN: dict[str, Callable[[WatchRule, np.ndarray, Run, Checkup], bool]] = {
    "above": _above,
    "below": _below,
    "rises": _rises,
    "smooth": _smooth,
    "jumps": _jumps,
    "falls-in-a-row": _in_a_row,
    "gap-below": _gap,
}
