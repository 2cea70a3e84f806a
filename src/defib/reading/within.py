"""Counts that begin again with every epoch become steps."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from defib.reading.ledger import NAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defib.reading.told import Row


def moments_of(rows: Sequence[Row]) -> Iterator[tuple[float, float]]:
    """(step, epoch) of each row, NaN where it is not known; an evaluation of an epoch has no step."""
    counted = [(row.moment.epoch, row.moment.at) for row in rows if row.split == "train" and row.moment.at is not None]
    across = [
        two[1] > one[1]
        for one, two in pairwise(counted)
        if one[0] is not None and two[0] is not None and two[0] > one[0] and one[1] is not None and two[1] is not None
    ]
    within = bool(across) and 2 * sum(across) < len(across)
    first = min((epoch for epoch, _ in counted if epoch is not None), default=0.0)
    base = min(1.0, float(int(first)))
    longest = 0.0  # so far: what is written later must not move what stands there
    trains = [row for row in rows if row.split == "train" and row.moment.epoch is not None]
    # A step that few rows have is no clock for the others.
    few = 2 * sum(row.moment.at is not None for row in trains) < len(trains)
    for row in rows:
        epoch, at, of = row.moment
        if few and epoch is not None:
            yield NAN, epoch
        elif at is None or epoch is None:
            yield (NAN if at is None else at), (NAN if epoch is None else epoch)
        elif row.split != "train":
            yield (NAN if within else at), epoch
        elif within:
            longest = max(longest, at)
            yield max(int(epoch) - base, 0.0) * (of or longest) + at, epoch
        else:
            yield at, epoch
