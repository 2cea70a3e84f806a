"""Whether a training loss is a sum over the batch where the validation loss is a mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from defib.metrics import Meaning
    from defib.reading.told import Row

APART = 2.0  # times; assumed: a penalty that is in the training loss only is rarely as large as the loss itself


def is_summed(rows: Sequence[Row], meanings: Mapping[tuple[str, str], Meaning | None]) -> float | None:
    """How many times the validation loss the training loss is, where the two cannot be of one kind; else None.

    An evaluation before the first training row sees the same untrained model, so both losses should be alike.
    """
    held_out = None
    for row in rows:
        for name, value in row.values:
            meaning = meanings.get((row.split, name))
            if meaning is None:
                continue
            if meaning.key in ("val/loss", "test/loss") and held_out is None:
                held_out = value
            elif meaning.key == "train/loss":
                if held_out is None or not held_out > 0:
                    return None
                times = value / held_out
                return times if times >= APART else None
    return None


def of_sum(meaning: Meaning) -> Meaning:
    """The meaning of a loss that is a sum."""
    metric = f"{meaning.metric.partition('/')[0]}/loss_sum"
    return meaning._replace(key=metric, metric=metric, measure=MEASURES["loss_sum"])
