"""Whether the losses of a run stand still, and whether they say the same as a score that only guesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from defib.records import Run, Series

NEAR = 0.05
"""Share by which the later half of a loss may lie below the earlier one while it stands; assumed."""
SINCE = 0.15
"""Share by which it may lie below its first values; a loss that has found more than that has learned something. Assumed."""
ROW = 5
"""Values of which the start is the median; assumed."""
SAME = 0.35
"""How far exp(-loss) may lie from a score that only guesses, as a share of it: batches scatter. Assumed."""
LARGEST = 0.6
"""Share of hits above which nobody guesses: two classes give a half; assumed."""


def losses_stand(run: Run, record: int) -> bool:
    """Whether there is a total loss, and none has come down from where it began, up to a record."""
    losses = [one for key in ("train/loss", "val/loss") if (one := run.get(key)) is not None]
    known = [one.value[(one.record <= record) & np.isfinite(one.value)] for one in losses]
    return any(len(one) >= 2 * ROW for one in known) and all(_stands(one) for one in known)


def _stands(value: np.ndarray) -> bool:
    """Whether a loss has not come down; of a few values there is no telling, and they do not speak against it."""
    if len(value) < 2 * ROW:
        return True
    start, middle = float(np.median(value[:ROW])), len(value) // 2
    earlier, later = float(np.median(value[:middle])), float(np.median(value[middle:]))
    return start > 0 and later >= (1.0 - NEAR) * earlier and later >= (1.0 - SINCE) * start


def agrees_with_guessing(accuracy: Series, loss: Series, record: int) -> bool:
    """Whether an accuracy and a loss are those of one and the same guess: of K classes 1/K are right, at a cost of ln K.

    A model that has learned something and is sometimes sure and wrong has far more hits than exp(-loss).
    """
    hits = accuracy.value[(accuracy.record <= record) & np.isfinite(accuracy.value)]
    cost = loss.value[(loss.record <= record) & np.isfinite(loss.value)]
    if not len(hits) or not len(cost):
        return False
    share, guess = float(np.mean(hits)) / 100.0, float(np.exp(-np.median(cost)))
    return 0.0 < share <= LARGEST and abs(guess / share - 1.0) <= SAME
