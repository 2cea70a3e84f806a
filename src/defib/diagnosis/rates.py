"""Which learning rate a config's schedule gives at any moment: computed from the config, never run.

Schedulers are chained as mmengine chains them: each one changes the rate that the one before it left, from its `begin`
until its `end`. What cannot be computed gives None, and is never guessed: an unknown scheduler, one that looks at a
metric, parameter groups with rates of their own, two schedulers with a lower bound that act at the same time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defib import scaling, settings
from defib.diagnosis.decays import ENDLESS, Decay, decay, plain
from defib.diagnosis.recipe_rates import of_recipe
from defib.diagnosis.updaters import updater

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.records import Run

OWN_RATES = frozenset({"lr_mult", "layer_decay_rate", "decay_rate", "bias_lr_mult", "dcn_offset_lr_mult"})
"""Names in mmengine's `paramwise_cfg` after which the logged rate is that of the first group only."""
STEADY = frozenset({"CosineAnnealingLR", "MultiStepLR", "StepLR", "PolyLR", "ExponentialLR"})
"""Schedulers that leave the rate alone at their own first tick (a milestone at 0 apart)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The rate that a config asks for."""

    _rate: Callable[[float, float], float | None]
    warms_up: bool
    """Whether it begins with a rise from a small rate."""

    def at(self, step: float, epoch: float) -> float | None:
        """The rate that the given step was done with.

        step: optimiser steps, the given one included (a log's `step`); epoch: counted from 1. Either may be NaN; None
        when the one that is needed is.
        """
        return self._rate(step - 1.0, epoch - 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scheduler:
    begin: float
    end: float
    by_epoch: bool
    acts: float
    """The first tick at which it changes the rate."""
    decay: Decay

    def reached(self, steps: float, epochs: float) -> float | None:
        """Its own tick, from 0; None before its begin; NaN when it is not known."""
        now = math.floor(epochs) if self.by_epoch and not math.isnan(epochs) else epochs if self.by_epoch else steps
        if math.isnan(now):
            return math.nan
        return None if now < self.begin else min(now, self.end - 1) - self.begin

    def scaled(self, factor: float) -> tuple[float, float]:
        """From its first change to its end, in steps when `factor` is the number of steps in its unit."""
        return self.acts * factor, self.end * factor


def schedule(run: Run, per_epoch: float | None) -> Schedule | None:
    """What the config of a run asks for; None where it cannot be computed.

    per_epoch: optimiser steps in one epoch, where they are known.
    """
    if run.config is None:
        return None
    tree = run.config.tree
    layout, base = settings.layout_of(run.config), scaling.effective_lr(run)
    rate: Callable[[float, float], float | None] | None = None
    if "lr_config" in tree:
        rate = updater(tree, per_epoch)
    elif base is not None and layout is not None and layout.name == "trainer":
        rate = of_recipe(tree, base, per_epoch)
    elif base is not None and layout is not None and layout.name == "mmengine":
        rate = _of_schedulers(tree, base, per_epoch)
    return None if rate is None else Schedule(_rate=rate, warms_up=warms_up(tree))


def _of_schedulers(
    tree: dict[str, Any], base: float, per_epoch: float | None
) -> Callable[[float, float], float | None] | None:
    """Mmengine's `param_scheduler`; without one the rate stays."""
    written = tree.get("param_scheduler", [])
    if _own_rates(tree) or not (written is None or isinstance(written, list | dict)):
        return None
    by_steps = settings.has(tree, "train_cfg.type") and settings.at(tree, "train_cfg.type") == "IterBasedTrainLoop"
    items = [written] if isinstance(written, dict) else written or []
    chain = [_scheduler(item, base, per_epoch) for item in items if not _of_momentum(item)]
    known = [one for one in chain if one is not None]
    if len(known) < len(chain) or (by_steps and any(one.by_epoch for one in known)):
        return None
    if not _in_turn(known, per_epoch):
        return None
    in_order = sorted(known, key=lambda one: one.acts * ((per_epoch or 1.0) if one.by_epoch else 1.0))
    return lambda steps, epochs: _chained(in_order, base, steps, epochs)


def _chained(chain: list[_Scheduler], base: float, steps: float, epochs: float) -> float | None:
    rate = base
    for one in chain:
        tick = one.reached(steps, epochs)
        if tick is None:
            continue
        if math.isnan(tick):
            return None
        rate = one.decay.rate(rate, tick)
    return rate


def warms_up(tree: dict[str, Any]) -> bool:
    """Whether a config begins with a warm-up, as far as it can be read.

    >>> warms_up({"lr_config": {"policy": "step", "step": [8], "warmup": "linear"}}), warms_up({})
    (True, False)
    """
    older = tree.get("lr_config")
    if isinstance(older, dict):
        return isinstance(older.get("warmup"), str)
    if settings.has(tree, "schedule.warmup_epochs"):
        return bool(plain(settings.at(tree, "schedule.warmup_epochs")))
    return any(step["type"] in settings.WARMUPS and not step.get("begin") for _, step in settings.schedulers(tree))


def _scheduler(item: object, base: float, per_epoch: float | None) -> _Scheduler | None:
    """One entry of `param_scheduler`, understood; None when it is not."""
    if not isinstance(item, dict):
        return None
    by_epoch, begin, end = item.get("by_epoch", True), plain(item.get("begin"), 0.0), plain(item.get("end"), ENDLESS)
    if not isinstance(by_epoch, bool) or begin is None or end is None or not begin < end:
        return None
    unit = 1.0
    if by_epoch and item.get("convert_to_iter_based") is True:
        if per_epoch is None or per_epoch != int(per_epoch):
            return None
        by_epoch, unit = False, per_epoch
    begin, end = begin * unit, end * unit if end < ENDLESS else end
    made = decay(item, base, end - begin, unit)
    if made is None:
        return None
    late = item["type"] in STEADY and 0 not in (item.get("milestones") or [])
    return _Scheduler(begin=begin, end=end, by_epoch=by_epoch, acts=begin + late, decay=made)


def _in_turn(chain: list[_Scheduler], per_epoch: float | None) -> bool:
    """Whether the order in which the schedulers act is known, or does not matter because all only multiply."""
    if all(one.decay.multiplies for one in chain):
        return True
    if len({one.by_epoch for one in chain}) > 1 and per_epoch is None:
        return False
    unit = per_epoch or 1.0
    spans = sorted((one.scaled(unit if one.by_epoch else 1.0), one.decay.multiplies) for one in chain)
    return all(
        earlier[0][1] <= later[0][0] or (earlier[1] and later[1])
        for index, later in enumerate(spans)
        for earlier in spans[:index]
    )


def _of_momentum(item: object) -> bool:
    return isinstance(item, dict) and str(item.get("type", "")).endswith(("Momentum", "BetasFirst"))


def _own_rates(tree: dict[str, Any]) -> bool:
    """Whether parameter groups have rates of their own, so that the logged one is only the first group's."""
    path = "optim_wrapper.paramwise_cfg"
    held = settings.get(tree, path)
    waiting = [held]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if OWN_RATES & set(one):
                return True
            waiting.extend(one.values())
    return False
