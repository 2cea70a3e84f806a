"""The falls of a curve: a one-sided cumulative sum (CUSUM) of how deep it lies below its best.

The counted depth is summed from the first evaluation below the best, so that size and persistence trade against each
other. Everything is decided from what came before: a longer curve only adds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from defib.health.shapes import (
    ACT,
    EARLY,
    EVERYTHING,
    EXCUSED,
    LEARNED,
    MUCH,
    NOISES,
    RANGE,
    SLACK,
    WATCH,
    noise_before,
    outstanding,
)

if TYPE_CHECKING:
    from collections.abc import Callable

TURNS = 0.8
"""Share of the depth of the evaluation before, below which a fall is on its way back; assumed."""
FAR = 2.0
"""Times the margin that two evaluations need, from which one bump of a loss is worth a word; assumed."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A stretch in which a curve lay below its best, as far as it was seen."""

    onset: int
    known: int
    severe: bool
    best: int
    depth: float
    """Share of the learned range that was lost when it was known, 1 = back at guessing."""
    noise: float
    """Points."""
    cleared: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Under which a curve is said to fall."""

    whole: bool = False
    """Only the loss of nearly everything is a collapse, one evaluation is worth no word, and the first five tell nothing, as
    for losses: they also rise when a model over-fits, and their noise has heavy tails that a few values do not show."""
    excused: np.ndarray | None = None
    """Evaluations at which a fall of up to half does not count, as after a warm restart."""
    witness: np.ndarray | None = None
    """The same curve on a logarithmic scale, on which a fall must stand out of the noise too."""
    spared: Callable[[int, int, int], bool] | None = None
    """Asked with the best, the onset and the evaluation whether a fall is no collapse yet."""


def falls(value: np.ndarray, *, floor: float, terms: Terms | None = None) -> list[Fall]:
    """The falls of a higher-is-better curve, each once as a watch and once more when it becomes a collapse.

    value: per cent, one an evaluation; NaN is skipped.
    floor: the level of guessing, per cent.
    """
    follower = _Follower(value, floor, terms or Terms())
    for index in np.flatnonzero(~np.isnan(value)).tolist():
        follower.see(index)
    return follower.found


@dataclass(slots=True)
class _Follower:
    """What is known of a curve up to one evaluation."""

    value: np.ndarray
    floor: float
    terms: Terms
    found: list[Fall] = field(default_factory=list)
    best: int = -1
    open_at: list[tuple[int, float]] = field(default_factory=list)
    """The evaluations of the stretch that lies below the best, and how deep each was."""
    waiting: bool = False
    """It lies below its best and is excused, so that the noise stays that from before."""
    noise: float = 0.0
    slack: float = 0.0
    margin: float = 0.0
    total: float = 0.0
    told: dict[bool, int] = field(default_factory=dict)

    def see(self, index: int) -> None:
        """Take one evaluation more."""
        value = self.value
        if self.best >= 0 and value[self.best] - self.floor >= LEARNED:
            self._weigh(index)
        if self.best < 0 or value[index] > value[self.best]:
            self.best = index

    def _weigh(self, index: int) -> None:
        learned = float(self.value[self.best]) - self.floor
        depth = float(self.value[self.best] - self.value[index]) / learned
        if not self.open_at and not self.waiting:
            self._calibrate(index, depth, learned)
        if depth <= self.slack or not self._stands_out(index):
            self._clear(index)
        elif self.terms.excused is not None and self.terms.excused[index] and depth <= EXCUSED:
            self.waiting = True
        else:
            self.open_at.append((index, depth))
            self.total += depth - self.slack
            self._tell(index, depth, learned)

    def _calibrate(self, index: int, depth: float, learned: float) -> None:
        """Judge the noise from what came before; where nothing fell it does not matter, and judging it is slow."""
        self.slack, self.margin = SLACK, 0.0
        if depth > SLACK:
            self.noise = noise_before(self.value, index)
            known = learned >= RANGE * self.noise and not (self.terms.whole and index < EARLY)
            self.slack = max(SLACK, NOISES * self.noise / learned) if known else np.inf
            self.margin = 0.0 if self.terms.witness is None else outstanding(self.terms.witness, index)

    def _stands_out(self, index: int, times: float = 1.0) -> bool:
        witness = self.terms.witness
        return witness is None or bool(witness[self.best] - witness[index] > times * self.margin)

    def _tell(self, index: int, depth: float, learned: float) -> None:
        """Tell the levels that the counted depth has reached and that were not told yet; early there is only the first."""
        lost = depth >= EVERYTHING and learned >= MUCH
        early = (self.terms.whole or self.open_at[0][0] < EARLY) and not lost
        onset = next(at for at, deep in self.open_at if deep >= depth / 2)
        for severe, limit in ((False, WATCH), (True, ACT)):
            reached = lost or (self.total >= limit and not (severe and early))
            if severe in self.told or not reached or (self.terms.whole and self._one_bump(index, lost=lost)):
                continue
            if severe and not lost and self._turns():
                continue
            if severe and self.terms.spared is not None and self.terms.spared(self.best, onset, index):
                continue
            self.told[severe] = len(self.found)
            self.found.append(Fall(onset, index, severe, self.best, depth, self.noise, None))

    def _one_bump(self, index: int, *, lost: bool) -> bool:
        """Whether this is the first evaluation, and not so far out that one says enough."""
        return len(self.open_at) == 1 and not (lost and self._stands_out(index, times=FAR))

    def _turns(self) -> bool:
        """Whether it is on its way back: then the next evaluation will tell."""
        return len(self.open_at) > 1 and self.open_at[-1][1] < TURNS * self.open_at[-2][1]

    def _clear(self, index: int) -> None:
        """Note in the falls of the stretch that just ended when it did."""
        for position in self.told.values():
            self.found[position] = replace(self.found[position], cleared=index)
        self.open_at, self.waiting, self.total, self.told = [], False, 0.0, {}
