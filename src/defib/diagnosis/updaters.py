"""The rate that the `lr_config` of an mmcv 0.x or 1.x config asks for, in closed form.

mmcv has one policy for the whole run and a warm-up laid over its beginning; the policy looks at what is done of the
whole length, so that the length must be known where the rate depends on it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from defib import settings
from defib.diagnosis.decays import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    Tree = dict[str, Any]
    Curve = Callable[[float], float]


def updater(tree: Tree, per_epoch: float | None) -> Callable[[float, float], float | None] | None:
    """(steps done, epochs done) -> rate, for the `lr_config` of a config; None when it is not understood."""
    written = tree.get("lr_config")
    base = plain(settings.at(tree, "optimizer.lr")) if settings.has(tree, "optimizer.lr") else None
    if not isinstance(written, dict) or base is None or settings.has(tree, "optimizer.paramwise_cfg"):
        return None
    by_epoch = written.get("by_epoch", True)
    total = _length(tree, per_epoch, by_epoch=by_epoch is True)
    curve = _curve(written, base, total)
    if curve is None or not isinstance(by_epoch, bool):
        return None
    kind, ticks = written.get("warmup"), plain(written.get("warmup_iters"), 0.0)
    ratio = plain(written.get("warmup_ratio"), 0.1)
    by_warmed_epoch = written.get("warmup_by_epoch") is True
    if ticks is None or ratio is None or kind not in (None, "constant", "linear", "exp"):
        return None
    if kind is not None and by_warmed_epoch:
        if per_epoch is None:
            return None
        ticks *= per_epoch

    def rate(steps: float, epochs: float) -> float | None:
        now = math.floor(epochs) if by_epoch and not math.isnan(epochs) else steps
        if math.isnan(now) or (by_epoch and math.isnan(epochs)):
            return None
        regular = curve(now)
        if kind is None:
            return regular
        if math.isnan(steps):
            return None
        return regular if steps >= ticks else regular * _warm(kind, ratio, steps / ticks)

    return rate


def _warm(kind: str, ratio: float, done: float) -> float:
    """The share of the regular rate during a warm-up of which a share is done."""
    if kind == "constant":
        return ratio
    if kind == "exp":
        return float(ratio ** (1.0 - done))
    return 1.0 - (1.0 - done) * (1.0 - ratio)


def _curve(written: Tree, base: float, total: float | None) -> Curve | None:  # noqa: PLR0911 (one return for each policy)
    """The regular rate by what is done, without the warm-up."""
    policy = str(written.get("policy", "")).lower()
    lowest = plain(written.get("min_lr"), 0.0)
    share, power = plain(written.get("min_lr_ratio")), plain(written.get("power"), 1.0)
    gamma = plain(written.get("gamma"), 0.1)
    if lowest is None or power is None or gamma is None:
        return None
    if policy == "fixed":
        return lambda _now: base
    if policy == "step":
        moments = written.get("step")
        if isinstance(moments, int) and not isinstance(moments, bool) and moments > 0:
            return lambda now: max(base * gamma ** (now // moments), lowest)
        if isinstance(moments, list) and all(plain(one) is not None for one in moments):
            return lambda now: max(base * gamma ** sum(one <= now for one in moments), lowest)
        return None
    if policy == "exp":
        return lambda now: float(base * gamma**now)
    if total is None:
        return None
    if policy == "cosineannealing":
        low = base * share if share is not None else lowest
        return lambda now: low + (base - low) * (1.0 + math.cos(math.pi * min(now / total, 1.0))) / 2.0
    if policy == "poly":
        return lambda now: (base - lowest) * max(1.0 - now / total, 0.0) ** power + lowest
    return None


def _length(tree: Tree, per_epoch: float | None, *, by_epoch: bool) -> float | None:
    """The length of the whole run, in epochs or in steps."""
    for path in ("runner.max_epochs", "total_epochs"):
        epochs = plain(settings.at(tree, path)) if settings.has(tree, path) else None
        if epochs:
            return epochs if by_epoch else None if per_epoch is None else epochs * per_epoch
    for path in ("runner.max_iters", "total_iters"):
        steps = plain(settings.at(tree, path)) if settings.has(tree, path) else None
        if steps and not by_epoch:
            return steps
    return None
