"""How many samples one optimiser step sees, and the rate that a reference would use for so many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib import settings

if TYPE_CHECKING:
    from defib.records import Run


def total_batch(run: Run) -> int | None:
    """Samples per optimiser step over all GPUs; None when the batch size or the number of GPUs is not known."""
    samples = run.setting("total_batch")  # some frameworks count all GPUs together: the number of GPUs is in it
    if samples is None:
        per_gpu = run.setting("batch_size")
        if not isinstance(per_gpu, int) or run.launch.gpus is None:
            return None
        samples = per_gpu * run.launch.gpus
    gathered = _gathered(run)
    return None if gathered is None or not isinstance(samples, int) else samples * gathered


def _gathered(run: Run) -> int | None:
    """How many batches make one optimiser step; None where the config says it in a way that is not understood."""
    layout = None if run.config is None else settings.layout_of(run.config)
    return 1 if run.config is None or layout is None else layout.gathered(run.config.tree)


def same_optimizer(run: Run) -> bool:
    """Whether the run's optimizer is the reference's: a rate for SGD says nothing about AdamW.

    An optimizer that the config does not name is taken to be the same.
    """
    theirs = None if run.reference is None else run.reference.settings.get("optimizer")
    mine = run.setting("optimizer")
    return theirs is None or mine is None or str(mine).rpartition(".")[2].lower() == str(theirs).lower()


def scales_itself(run: Run) -> bool:
    """Whether the program scales the rate to the batch by itself (mmengine's `auto_scale_lr`, the trainer's `base_batch`)."""
    return _written_for(run) is not None


def _written_for(run: Run) -> int | None:
    """The batch that the rate is written for; None where it is taken as it is, 0 where the batch is not said."""
    layout = None if run.config is None else settings.layout_of(run.config)
    if run.config is None or layout is None or layout.written_for is None:
        return None
    return layout.written_for(run.config.tree)


def effective_lr(run: Run) -> float | None:
    """The peak learning rate that the optimizer really gets: what the program makes of it for its batch is taken into account."""
    rate = run.setting("lr")
    if not isinstance(rate, int | float) or isinstance(rate, bool):
        return None
    base, batch = _written_for(run), total_batch(run)
    if base is None:
        return float(rate)
    return None if batch is None or base <= 0 else float(rate) * batch / base


def scaled_lr(run: Run) -> float | None:
    """The reference's rate for this run's batch, by linear scaling (Goyal et al. 2017, arXiv 1706.02677, section 2.1).

    None without a reference that names a rate for the same optimizer, or without a known batch.
    """
    batch = total_batch(run)
    if run.reference is None or batch is None or "lr" not in run.reference.settings or not same_optimizer(run):
        return None
    return float(run.reference.settings["lr"]) * batch / run.reference.batch
