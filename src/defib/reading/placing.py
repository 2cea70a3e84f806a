"""Which epoch a checkpoint is from, where it does not say so itself but holds the scores that were logged for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.reading.checkpoint_names import OURS

if TYPE_CHECKING:
    from defib.records import Checkpoint, Run

NEAR = 1e-4  # of a score: Ultralytics logs five or six significant digits of what it stores with the weights
LEAST = 2  # scores that have to agree: one alone may be the same in two epochs


def placed(run: Run, found: Checkpoint) -> Checkpoint:
    """The checkpoint with the epoch whose logged scores are its own; as it is where none or several agree."""
    if found.epoch is not None or found.step is not None:
        return found
    if found.path.endswith(f"best/{OURS}"):  # the log says when it was written; the one that is there is the last
        best = next((event.at for event in reversed(run.events) if event.kind == "best"), None)
        return found if best is None else msgspec.structs.replace(found, epoch=best.epoch, step=best.step)
    if not found.scores:
        return found
    agreeing: set[float] | None = None
    compared = 0
    for series in run.series:
        score = found.scores.get(series.raw)
        if score is None:
            continue
        compared += 1
        close = np.abs(series.value - score * series.scale) <= NEAR * max(abs(score * series.scale), NEAR)
        epochs = set(series.epoch[close].tolist())
        agreeing = epochs if agreeing is None else agreeing & epochs
    if agreeing is None or compared < LEAST or len(agreeing) != 1:
        return found
    (epoch,) = agreeing
    return found if np.isnan(epoch) else msgspec.structs.replace(found, epoch=float(epoch))
