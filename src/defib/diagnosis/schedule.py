"""What a learning-rate schedule does, and when: read from the config, never run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from defib import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A moment at which the schedule changes the rate at once."""

    epoch: float
    """The first epoch, counted from 1, that trains with the new rate."""
    factor: float
    path: str
    """Where the factor stands in the config."""
    gradual: bool = False
    """Whether the rate only begins to climb there."""


def rate_steps(run: Run) -> tuple[Step, ...]:
    """The sudden changes that the config's schedulers make, in order.

    >>> from defib.samples import run_of
    >>> step = {"type": "MultiStepLR", "milestones": [9], "gamma": 25.0, "by_epoch": True}
    >>> rate_steps(run_of({"val/top1": [1.0]}, config={"param_scheduler": [step]}))[0].epoch
    10.0
    """
    if run.config is None:
        return ()
    found = [step for path, item in settings.schedulers(run.config.tree) for step in _steps(run, path, item)]
    found += _stepped(run)
    return tuple(sorted(found, key=lambda step: step.epoch))


def known(run: Run) -> bool:
    """Whether the config's schedule was understood, so that the absence of a step means something."""
    if run.config is None:
        return False
    layout = settings.layout_of(run.config)
    if layout is not None and layout.stepped is not None:
        return True
    value = run.config.tree.get("param_scheduler")
    if isinstance(value, dict):
        return settings.EXPRESSION not in value
    return isinstance(value, list) and all(isinstance(item, dict) and "type" in item for item in value)


def steps_per_epoch(run: Run) -> float | None:
    """Optimiser steps in one epoch, from the log; None when it does not tell."""
    for series in run.series:
        good = ~np.isnan(series.step) & ~np.isnan(series.epoch) & (series.epoch > 0)
        if series.metric.startswith("val/") and good.any():
            return float(series.step[good][-1] / series.epoch[good][-1])
    return None


def _steps(run: Run, path: str, item: dict[str, Any]) -> Iterator[Step]:
    gamma = item.get("gamma", 0.1)
    if not isinstance(gamma, int | float) or isinstance(gamma, bool):
        return
    moments: list[float] = []
    if item.get("type") == "MultiStepLR" and isinstance(item.get("milestones"), list):
        moments = [float(one) for one in item["milestones"] if isinstance(one, int | float)]
    elif item.get("type") == "StepLR" and isinstance(item.get("step_size"), int) and item["step_size"] > 0:
        last = run.setting("max_epochs")
        size, end = item["step_size"], last if isinstance(last, int) else 1000
        moments = [float(one) for one in range(size, end, size)][:1000]
    begin = item.get("begin", 0)
    for moment in moments:
        at = moment + (float(begin) if isinstance(begin, int | float) else 0.0)
        epoch = at if item.get("by_epoch", True) else _epoch_of(run, at)
        if epoch is not None:
            yield Step(epoch=float(np.floor(epoch)) + 1.0, factor=float(gamma), path=f"{path}.gamma")


def _stepped(run: Run) -> list[Step]:
    """The steps of a layout that tells them itself."""
    layout = None if run.config is None else settings.layout_of(run.config)
    if run.config is None or layout is None or layout.stepped is None:
        return []
    found = []
    for one in layout.stepped(run.config.tree):
        for moment in one.moments:
            epoch = moment if one.by_epoch else _epoch_of(run, moment)
            if epoch is not None:
                found.append(
                    Step(epoch=float(np.floor(epoch)) + 1.0, factor=one.factor, path=one.path, gradual=one.gradual)
                )
    return found


def _epoch_of(run: Run, steps: float) -> float | None:
    per = steps_per_epoch(run)
    return None if not per else steps / per
