"""How far the logged learning rate climbed between the best evaluation and the fall, without any jump."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from defib.diagnosis.onset import NEAR
from defib.records import Point

if TYPE_CHECKING:
    from defib.records import Fact, Incident, Run, Series

TIMES = 3.0
"""Of the highest rate up to the best evaluation, from which a climb is an event; the same as for a jump. Assumed."""


class Climb(NamedTuple):
    """A rate that went far beyond all that the run had learned with."""

    before: Fact
    """The highest logged rate up to the best evaluation."""
    now: Fact
    """The highest one up to an epoch after the onset: a dip by chance may come just before the fall itself."""

    @property
    def factor(self) -> float:
        """How many times it became."""
        return float(self.now.value) / float(self.before.value)


def climb(run: Run, incident: Incident) -> Climb | None:
    """The climb up to an epoch after the onset of the open incident; None where there was none, or where no rate was logged.

    >>> from defib.records import Fact, Incident, Point
    >>> from defib.samples import run_of
    >>> run = run_of({"val/top1": [40.0, 60.0, 8.0], "train/lr": [0.01, 0.02, 0.4]})
    >>> best = Fact(metric="val/top1", value=60.0, at=Point(epoch=2.0))
    >>> climb(run, Incident(key="val/top1", onset=Point(epoch=3.0), rule="val_collapse", best=best)).factor
    20.0
    """
    rate, best = run.get("train/lr"), incident.best.at
    if rate is None or best is None:
        return None
    onset = incident.onset
    late = onset if onset.epoch is None else Point(epoch=onset.epoch + NEAR, step=None)
    before, now = _highest(rate, best), _highest(rate, late)
    if before is None or now is None or rate.value[before] <= 0 or rate.value[now] < TIMES * rate.value[before]:
        return None
    return Climb(run.fact(rate, before), run.fact(rate, now))


def _highest(rate: Series, until: Point) -> int | None:
    """Where the highest rate up to a moment stands."""
    if until.epoch is not None and np.isfinite(rate.epoch).any():
        seen = rate.epoch <= until.epoch
    elif until.step is not None:
        seen = rate.step <= until.step
    else:
        return None
    seen &= np.isfinite(rate.value)
    return int(np.flatnonzero(seen)[np.argmax(rate.value[seen])]) if seen.any() else None
