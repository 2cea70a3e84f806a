"""The learning rate that the reference recipe would use for this run's batch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from defib import scaling
from defib.playbook.notch import round_to

if TYPE_CHECKING:
    from defib.records import Run

ABOVE = 1.1
"""A rate within a tenth of the scaled reference is left alone; assumed."""


def reference_rate(run: Run) -> float | None:
    """The reference's rate scaled linearly to this run's batch, three significant digits.

    None without a reference, a known batch, or when the framework scales the rate by itself.
    """
    scaled = scaling.scaled_lr(run)
    return None if scaled is None or scaling.scales_itself(run) else round_to(scaled, 3)


def logged_peak(run: Run) -> float | None:
    """The highest learning rate that was logged, where the config does not say one; None when none was logged."""
    logged = run.get("train/lr")
    rates = [] if logged is None else [float(one) for one in logged.value if one > 0 and math.isfinite(one)]
    return max(rates, default=None)
