"""The axis of time that all charts of a case share: epochs where they are known, else steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from defib.reports import phrases

if TYPE_CHECKING:
    from defib.records import Point, Run, Series
    from defib.words import Words


@dataclass(frozen=True, slots=True)
class Axis:
    """Where a moment of the run stands in a chart."""

    by_step: bool
    low: float
    high: float
    """Where the log ends."""
    steps: np.ndarray
    """Steps at which an epoch ended, ascending, with the start in front; empty where they are not known."""
    epochs: np.ndarray
    """The epochs that ended there."""
    ahead: float = -np.inf
    """Where a forecast ends."""

    @property
    def end(self) -> float:
        """Where the picture ends."""
        return max(self.high, self.ahead)

    @property
    def title(self) -> Words:
        """The name of the axis."""
        return phrases.STEP if self.by_step else phrases.EPOCH

    def of(self, series: Series) -> np.ndarray:
        """Where the points of a series stand, float64; NaN where nobody knows.

        A value of the middle of epoch 3 stands at 2.5, the evaluation after it at 3. Logs that count whole epochs only
        are put between the ends of their epochs by the steps.
        """
        if self.by_step:
            return series.step
        whole = series.epoch == np.floor(series.epoch)
        if not len(self.steps) or not whole[np.isfinite(series.epoch)].all() or np.isnan(series.step).any():
            return series.epoch
        between = np.interp(series.step, self.steps, self.epochs)
        inside: np.ndarray = np.clip(between, series.epoch - 1, series.epoch)
        return np.where(np.isfinite(series.epoch), inside, between)

    def at(self, point: Point) -> float | None:
        """Where a moment stands; None where it is not known on this axis."""
        return None if self.by_step and point.step is None else point.step if self.by_step else point.epoch


def axis_of(run: Run) -> Axis:
    """The axis of a run: over everything that it logged.

    >>> from defib.samples import run_of
    >>> found = axis_of(run_of({"val/top1": [10.0, 20.0, 30.0]}))
    >>> found.by_step, found.low, found.high
    (False, 0.0, 3.0)
    """
    epochs = _all(run, "epoch")
    if not len(epochs):
        steps = _all(run, "step")
        low, high = float(steps.min(initial=0)), float(steps.max(initial=1))
        return Axis(by_step=True, low=low, high=high, steps=np.empty(0), epochs=np.empty(0))
    ends = _ends(run)
    steps, at = np.array(sorted((step, epoch) for epoch, step in ends.items())).reshape(-1, 2).T
    if (np.diff(at) <= 0).any():
        steps, at = np.empty(0), np.empty(0)  # started anew with other lengths: epochs do not follow the steps
    first = float(min(np.floor(epochs.min(initial=1)), 1) - (0 if epochs.min(initial=1) < 1 else 1))
    steps, at = _from_the_start(steps, at)
    return Axis(by_step=False, low=first, high=float(epochs.max()), steps=steps, epochs=at)


def _all(run: Run, column: str) -> np.ndarray:
    known = [values[np.isfinite(values)] for values in (getattr(series, column) for series in run.series)]
    return np.concatenate(known) if known else np.empty(0)


def _ends(run: Run) -> dict[float, float]:
    """The last step of each whole epoch."""
    found: dict[float, float] = {}
    for series in run.series:
        known = np.isfinite(series.epoch) & np.isfinite(series.step) & (series.epoch == np.floor(series.epoch))
        numbers, inverse = np.unique(series.epoch[known], return_inverse=True)
        last = np.full(len(numbers), -np.inf)
        np.maximum.at(last, inverse, series.step[known])
        for epoch, step in zip(numbers.tolist(), last.tolist(), strict=True):
            found[epoch] = max(step, found.get(epoch, step))
    return found


def _from_the_start(steps: np.ndarray, epochs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The ends with the start of the first epoch in front, as far away as the epochs are long."""
    if len(steps) < 2:  # noqa: PLR2004 (one end says nothing about the length)
        return np.empty(0), np.empty(0)
    length = float(np.median(np.diff(steps) / np.diff(epochs)))
    return np.concatenate(([steps[0] - length], steps)), np.concatenate(([epochs[0] - 1], epochs))
