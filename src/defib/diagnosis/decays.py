"""What each scheduler of mmengine makes of a rate, in closed form.

mmengine computes each rate from the one before it; here the same is computed from the rate at the scheduler's own
begin. A test holds the two against each other (tests/test_rates_of_mmengine.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defib import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    Item = dict[str, Any]

ENDLESS = 1e9  # mmengine's INF


@dataclass(frozen=True, slots=True)
class Decay:
    """A scheduler at work."""

    rate: Callable[[float, float], float]
    """(rate that it found at its begin, own ticks since, from 0) -> rate."""
    multiplies: bool = True
    """It only multiplies, so that it may act beside others that only multiply."""


def decay(item: Item, base: float, length: float, unit: float) -> Decay | None:
    """The scheduler that an entry of `param_scheduler` describes; None when it is not understood.

    base: the optimizer's own rate. length: ticks from begin to end. unit: ticks in what the entry counts in.
    """
    make = _MAKERS.get(str(item.get("type")))
    return None if make is None else make(item, base, length, unit)


def plain(value: object, default: float | None = None) -> float | None:
    """A number of a config; the default where there is none; None for what is no number."""
    return default if value is None else settings.plain(value)


def _linear(item: Item, base: float, length: float, unit: float) -> Decay | None:
    del base, unit
    first, last = plain(item.get("start_factor"), 1.0 / 3.0), plain(item.get("end_factor"), 1.0)
    if first is None or last is None:
        return None
    ticks = max(min(length, ENDLESS) - 1.0, 1.0)
    return Decay(lambda found, now: found * (first + (last - first) * min(now, ticks) / ticks))


def _constant(item: Item, base: float, length: float, unit: float) -> Decay | None:
    del base, unit
    factor = plain(item.get("factor"), 1.0 / 3.0)
    if factor is None:
        return None
    return Decay(lambda found, now: found * factor if now < length - 1.0 else found)


def _steps(item: Item, base: float, length: float, unit: float) -> Decay | None:
    del base, length
    size, gamma = plain(item.get("step_size")), plain(item.get("gamma"), 0.1)
    if size is None or gamma is None or not size > 0:
        return None
    return Decay(lambda found, now: found * gamma ** (now // (size * unit)))


def _milestones(item: Item, base: float, length: float, unit: float) -> Decay | None:
    del base, length
    gamma, written = plain(item.get("gamma"), 0.1), item.get("milestones")
    if gamma is None or not isinstance(written, list):
        return None
    moments = [plain(one) for one in written]
    known = [one * unit for one in moments if one is not None]
    if len(known) < len(moments):
        return None
    return Decay(lambda found, now: found * gamma ** sum(one <= now for one in known))


def _exponential(item: Item, base: float, length: float, unit: float) -> Decay | None:
    del base, length, unit
    gamma = plain(item.get("gamma"))
    return None if gamma is None else Decay(lambda found, now: found * gamma**now)


def _cosine(item: Item, base: float, length: float, unit: float) -> Decay | None:
    written = plain(item.get("T_max"))
    half = length if written is None else written * unit
    share, low = plain(item.get("eta_min_ratio"), 0.0), plain(item.get("eta_min"), 0.0)
    if share is None or low is None or not 0 < half < ENDLESS:
        return None
    lowest = base * share if item.get("eta_min_ratio") is not None else low

    def rate(found: float, now: float) -> float:
        high = found if now <= half else base  # on its way up again it heads for the optimizer's own rate
        return lowest + (high - lowest) * (1.0 + math.cos(math.pi * now / half)) / 2.0

    return Decay(rate, multiplies=lowest == 0.0 and half >= length - 1.0)


def _poly(item: Item, base: float, length: float, unit: float) -> Decay | None:
    del base, unit
    lowest, power = plain(item.get("eta_min"), 0.0), plain(item.get("power"), 1.0)
    if lowest is None or power is None:
        return None
    ticks = max(min(length, ENDLESS) - 1.0, 1.0)
    return Decay(
        lambda found, now: lowest + (found - lowest) * max(1.0 - now / ticks, 0.0) ** power, multiplies=lowest == 0.0
    )


def _one_cycle(item: Item, base: float, length: float, unit: float) -> Decay | None:
    del base
    top, written = plain(item.get("eta_max")), plain(item.get("total_steps"))
    share, divided, last = (
        plain(item.get(name), default)
        for name, default in (("pct_start", 0.3), ("div_factor", 25.0), ("final_div_factor", 1e4))
    )
    total = length if written is None else written * unit
    if top is None or share is None or not divided or not last or not 1 < total < ENDLESS:
        return None
    start = top / divided
    turns = [(share * total - 1.0, start, top)]
    if item.get("three_phase") is True:
        turns.append((2.0 * share * total - 2.0, top, start))
    turns.append((total - 1.0, turns[-1][2], start / last))
    straight = item.get("anneal_strategy") == "linear"

    def rate(found: float, now: float) -> float:
        del found  # it sets the rate, whatever it was
        begin = 0.0
        for index, (end, low, high) in enumerate(turns):
            if now <= end or index == len(turns) - 1:
                done = min((now - begin) / (end - begin), 1.0) if end > begin else 1.0
                way = done if straight else (1.0 - math.cos(math.pi * done)) / 2.0
                return low + (high - low) * way
            begin = end
        raise AssertionError

    return Decay(rate, multiplies=False)


_MAKERS: dict[str, Callable[[Item, float, float, float], Decay | None]] = {
    "LinearLR": _linear,
    "ConstantLR": _constant,
    "StepLR": _steps,
    "MultiStepLR": _milestones,
    "ExponentialLR": _exponential,
    "CosineAnnealingLR": _cosine,
    "PolyLR": _poly,
    "OneCycleLR": _one_cycle,
}
