"""Where a score that was clearly above guessing is at guessing. Numpy, no records."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from defib.health.shapes import counting_noise, noise_before

if TYPE_CHECKING:
    from collections.abc import Callable

LEFT = 0.1
"""Share of what was learned, up to which a score is at guessing; assumed."""
MUCH, MUCH_UNKNOWN = 10.0, 20.0
"""Points that must have been learned, where the level of guessing is known and where the first value stands for it; assumed."""
RANGE = 5.0
"""Times the noise that must have been learned; assumed."""
HALF = 0.5
"""Share of what was learned, from which the fall is over; assumed."""
BEFORE = 3
"""Evaluations that must have come before; assumed."""
SAME = 3
"""Evaluations in a row that are the same to the last digit: no chance, since others were not. Assumed."""
MOST = 10
"""Falls that are told of one curve; one that swings for ever adds nothing new. Assumed"""


class Lost(NamedTuple):
    """A score that is at guessing."""

    best: int
    """Where its second best value was: one lucky evaluation is no skill."""
    onset: int
    known: int
    same: bool
    """It was known by values that are the same to the last digit, wherever guessing is."""
    level: float
    """Where it fell to, or guessing where that is lower."""
    cleared: int | None


def at_guessing(value: np.ndarray, guess: float | None, witness: Callable[[int], bool]) -> list[Lost]:
    """The falls of a held-out score to guessing.

    value: per cent, one an evaluation; NaN is passed over.
    guess: the level of guessing; None where it is not known, and the first value stands for it.
    witness: whether a loss says the same at an evaluation. With one the first evaluation is enough. Without one it takes
    the second in a row, or where guessing is not known three that are the same.

    >>> at_guessing(np.array([30.0, 50.0, 60.0, 62.0, 10.0, 10.5, 9.0]), 10.0, lambda index: False)
    [Lost(best=2, onset=4, known=5, same=False, level=10.0, cleared=None)]
    """
    found = list[Lost]()
    best, second, first, count = -1, -1, -1, 0
    alike, pairs = 1, 0  # how many values in a row are the same; how often two in a row were before that
    last = np.nan
    open_at = list[int]()
    told: Lost | None = None
    for index in np.flatnonzero(np.isfinite(value)).tolist():
        now = float(value[index])
        alike, pairs = (alike + 1, pairs) if now == last else (1, pairs + (alike > 1))
        first, last, count = (index if first < 0 else first), now, count + 1
        floor = float(value[first]) if guess is None else guess
        if told is not None:
            if now - told.level > HALF * (float(value[told.best]) - told.level):
                found[-1] = told._replace(cleared=index)
                told, open_at = None, []
        elif count > BEFORE and len(found) < MOST:
            reached = float(value[second])
            learned, lost = reached - floor, reached - now
            deep = learned >= (MUCH_UNKNOWN if guess is None else MUCH) and now - floor <= LEFT * learned
            same = alike >= SAME and not pairs and count > BEFORE + SAME and lost >= MUCH_UNKNOWN
            open_at = [*open_at, index] if deep else []
            onset = open_at[0] if deep else index - SAME + 1
            if (deep or same) and lost >= max(MUCH, RANGE * noise_before(value, max(onset, 0))):
                sure = deep and (witness(index) or (guess is not None and len(open_at) > 1))
                if sure or same:
                    told = Lost(second, onset, index, not sure, min(floor, now), None)
                    found.append(told)
        if best < 0 or now > value[best]:
            best, second = index, best
        elif second < 0 or now > value[second]:
            second = index
    return found


def guess_noise(value: np.ndarray, floor: float) -> float:
    """The noise of evaluations that only guess, in points: from the size of the set, else from the changes.

    floor: the level of guessing; 0 where it is not known.

    >>> round(guess_noise(np.array([100 * 3 / 180, 100 * 2 / 180, 100 * 4 / 180]), 100 / 60), 2)
    0.95
    """
    size = counting_noise(value)
    if size is not None and floor:
        return 2.0 * size * float(np.sqrt(floor / 100.0 * (1.0 - floor / 100.0)))  # it is given for one half
    changes = np.abs(np.diff(value))
    return 1.4826 * float(np.median(changes)) / float(np.sqrt(2.0)) if len(changes) else 0.0


def medians(value: np.ndarray, count: int = 3) -> np.ndarray:
    """The median of each value and those before it, of `count` in all; NaN where there are not so many.

    >>> medians(np.array([1.0, 5.0, 2.0, 3.0])).tolist()
    [nan, nan, 2.0, 3.0]
    """
    found = np.full(len(value), np.nan)
    if len(value) >= count:
        found[count - 1 :] = np.sort(np.lib.stride_tricks.sliding_window_view(value, count), axis=1)[:, count // 2]
    return found
