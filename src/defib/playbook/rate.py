"""The learning rate that the reference recipe would use for this run's batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib import settings
from defib.playbook.notch import round_to
from defib.playbook.play import plain

if TYPE_CHECKING:
    from defib.records import Run

ABOVE = 1.1
"""A rate within a tenth of the scaled reference is left alone; assumed."""


def reference_rate(run: Run) -> float | None:
    """The reference's rate scaled linearly to this run's batch, two significant digits.

    None without a reference, a known batch, or when the framework scales the rate by itself.
    """
    total = samples_per_step(run)
    if run.reference is None or total is None or "lr" not in run.reference.settings or _scales_itself(run):
        return None
    return round_to(float(run.reference.settings["lr"]) * total / run.reference.batch, 2)


def samples_per_step(run: Run) -> int | None:
    """Samples of one optimiser step over all GPUs, accumulation included; None when something is not known."""
    per_gpu = run.setting("batch_size")
    if not isinstance(per_gpu, int) or run.launch.gpus is None:
        return None
    return per_gpu * run.launch.gpus * _accumulated(run)


def _accumulated(run: Run) -> int:
    path = "optim_wrapper.accumulative_counts"
    tree = {} if run.config is None else run.config.tree
    value = settings.at(tree, path) if settings.has(tree, path) else 1
    return value if isinstance(value, int) and not isinstance(value, bool) else 1


def _scales_itself(run: Run) -> bool:
    tree = {} if run.config is None else run.config.tree
    return settings.has(tree, "auto_scale_lr.enable") and settings.at(tree, "auto_scale_lr.enable") is True


def decided_rate(run: Run) -> float | None:
    """The rate that the config holds, as a number."""
    return plain(run.setting("lr"))
