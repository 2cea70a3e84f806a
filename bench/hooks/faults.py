"""What breaks the training of `training.py`: one fault each, from a step on, in the loop's own code, as a user would have it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor, nn

STEPS = 1500
EARLY, LATE = 317, 917
"""Neither at a look of the canary nor at a question to the other processes."""
TIMES, WEIGHT = 25.0, 20.0


class Fault(NamedTuple):
    """One way to break a training; what it does not say stays as it is."""

    name: str
    at: int
    rates: Callable[[int, float], tuple[float, float]] | None = None
    """Step and usual rate -> the rates of both branches."""
    weight: float = 1.0
    """Of the pose branch's loss, from the step on."""
    batch: Callable[[int, Tensor], Tensor] | None = None
    model: Callable[[int, nn.Module], None] | None = None
    """Done to the network after each step."""
    escalates: bool = False
    """No setting can cure it: the right end is `escalate`."""


def _from(at: int, first: float, second: float) -> Callable[[int, float], tuple[float, float]]:
    return lambda step, rate: (rate * first, rate * second) if step >= at else (rate, rate)


def _nan(step: int, given: Tensor) -> Tensor:
    return given * float("nan") if step == EARLY else given


def _nan_again(step: int, given: Tensor) -> Tensor:
    return given * float("nan") if step >= EARLY and step % 9 == 0 else given


def _huge(step: int, given: Tensor) -> Tensor:
    return given * 1e20 if step == EARLY else given


def _drift(step: int, model: nn.Module) -> None:
    if step >= EARLY:
        with torch.no_grad():
            for name, one in model.named_buffers():
                if name.endswith("running_var"):
                    one.mul_(1.6)


def _warm_up(step: int, rate: float) -> tuple[float, float]:
    grown = rate * 1.006**step
    return grown, grown


FAULTS = {
    fault.name: fault
    for fault in (
        Fault("rate x25, early", EARLY, rates=_from(EARLY, TIMES, TIMES)),
        Fault("rate x25, late", LATE, rates=_from(LATE, TIMES, TIMES)),
        Fault("rate too high from step 0", 1, rates=_from(0, TIMES, TIMES)),
        Fault("one NaN batch", EARLY, batch=_nan),
        Fault("NaN in the data", EARLY, batch=_nan_again, escalates=True),
        Fault("BatchNorm drift", EARLY, model=_drift),
        Fault("rate of one branch x25", EARLY, rates=_from(EARLY, 1.0, TIMES)),
        Fault("loss weight of one branch x20", EARLY, weight=WEIGHT),
        Fault("overflow", EARLY, batch=_huge),
        Fault("warm-up that never ends", 1, rates=_warm_up),
    )
}
CLEAN = Fault("", STEPS + 1)


def usual(step: int, peak: float) -> float:
    """Half a cosine from the peak to nothing."""
    return peak * 0.5 * (1 + math.cos(math.pi * step / STEPS))
