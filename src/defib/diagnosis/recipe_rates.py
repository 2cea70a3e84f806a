"""The rate that a recipe of `defib train` asks for, in closed form (`schedule` of src/defib/action/training/recipe.py)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from defib import settings
from defib.diagnosis.decays import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    Tree = dict[str, Any]


def of_recipe(tree: Tree, base: float, per_epoch: float | None) -> Callable[[float, float], float | None] | None:
    """(steps done, epochs done) -> rate; None when the recipe is not understood or the length of an epoch is not known.

    base: the peak rate.
    """
    epochs = _number(tree, "train.max_epochs", None)
    warm = _number(tree, "schedule.warmup_epochs", 0.0)
    if per_epoch is None or epochs is None or warm is None:
        return None
    first = _number(tree, "schedule.warmup_start", 0.1)
    shape = _shape(tree, epochs * per_epoch, warm * per_epoch, per_epoch)
    if first is None or shape is None:
        return None

    def rate(steps: float, _: float) -> float | None:
        if math.isnan(steps):
            return None
        if steps < warm * per_epoch:
            return base * (first + (1 - first) * steps / (warm * per_epoch))
        return base * shape(steps)

    return rate


def _shape(tree: Tree, last: float, warm: float, per_epoch: float) -> Callable[[float], float] | None:
    """The share of the peak rate at a step after the warm-up."""
    kind = settings.get(tree, "schedule.type") or "cosine"

    def done(step: float) -> float:
        return min(1.0, (step - warm) / max(last - warm, 1.0))

    if settings.get(tree, "schedule.ramp") is not None:
        ramp = _number(tree, "schedule.ramp", None)
        return None if ramp is None else lambda step: 1 + (ramp - 1) * done(step)
    if kind == "cosine":
        end = _number(tree, "schedule.end", 0.0)
        return None if end is None else lambda step: end + (1 - end) * (1 + math.cos(math.pi * done(step))) / 2
    if kind == "steps":
        factor, written = _number(tree, "schedule.factor", 0.1), settings.get(tree, "schedule.milestones") or []
        at = [plain(one) for one in written] if isinstance(written, list | tuple) else [None]
        known = [one for one in at if one is not None]
        if factor is None or len(known) < len(at):
            return None
        return lambda step: factor ** sum(step >= one * per_epoch for one in known)
    return (lambda _: 1.0) if kind == "constant" else None


def _number(tree: Tree, path: str, default: float | None) -> float | None:
    return plain(settings.at(tree, path)) if settings.has(tree, path) else default
