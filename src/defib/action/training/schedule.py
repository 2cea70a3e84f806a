"""The learning rate as a pure function of the step: nothing to save, so nothing old can be restored in secret."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defib.action.training.recipe import ScheduleConfig


def share(config: ScheduleConfig, step: int, steps_per_epoch: int, max_epochs: int) -> float:
    """What the rate of a step is, as a share of the peak rate.

    step: of the optimizer, counted from 0.

    >>> from defib.action.training.recipe import ScheduleConfig
    >>> [round(share(ScheduleConfig(), step, 10, 2), 3) for step in (0, 10, 19, 20)]
    [1.0, 0.5, 0.006, 0.0]
    >>> warm = ScheduleConfig(type="constant", warmup_epochs=1, warmup_start=0.2)
    >>> [round(share(warm, step, 4, 3), 3) for step in (0, 2, 4, 11)]
    [0.2, 0.6, 1.0, 1.0]
    """
    warm = config.warmup_epochs * steps_per_epoch
    last = max_epochs * steps_per_epoch
    if step < warm:
        return config.warmup_start + (1 - config.warmup_start) * step / warm
    done = min(1.0, (step - warm) / max(last - warm, 1))
    if config.ramp is not None:
        return 1 + (config.ramp - 1) * done
    if config.type == "cosine":
        return config.end + (1 - config.end) * (1 + math.cos(math.pi * done)) / 2
    if config.type == "steps":
        return config.factor ** sum(step >= epoch * steps_per_epoch for epoch in config.milestones)
    return 1.0
