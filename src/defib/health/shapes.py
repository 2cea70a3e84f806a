"""Curve arithmetic: how deep is deep, and how noisy a curve is. Pure numpy, no records.

Depth is measured between the best so far and the level of guessing, so that a fall from 67 % to 8.3 % in a problem of
12 classes is a fall of 1.0: nothing is left.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

SLACK = 0.04
"""Share of the learned range below which a fall is not counted; assumed. A 5 % fall then needs dozens of evaluations."""
WATCH = 0.15
"""Counted depth, summed over evaluations, from which a fall is worth a look; assumed."""
ACT = 0.6
"""Counted depth from which it is a collapse: one fall of 64 % at once, or one of 40 % and its confirmation; assumed."""
NOISES = 3.5
"""Falls within so many of the run's own noise do not count; assumed: the best so far already stands above the mean."""
TAILS = 5.0
"""The same for a loss on a logarithmic scale, whose noise has heavy tails; assumed."""
LEARNED = 3.0
"""Points above guessing that a metric must have reached before it can be said to fall; assumed."""
RECENT = 12
"""Evaluations from which the noise is judged; assumed."""
FIRST = 5
"""Evaluations from whose digits the size of the validation set is read; assumed."""
MANY = 8
"""Evaluations from which the spread of the changes is trusted alone; assumed."""
EARLY = 5
"""Evaluations that must have come before a fall can be called a collapse; a loss of nearly everything needs none. Assumed."""
EVERYTHING = 0.9
"""Depth of a fall that needs neither history nor confirmation: the metric is back at guessing; assumed."""
FEW = 3.0
"""The estimate of the noise from n evaluations is raised by the factor 1 + 3/n: small samples often look calm; assumed."""
MUCH = 10.0
"""Points above guessing that such a fall must have lost; assumed."""
RANGE = 5.0
"""Times the noise that a metric must have risen before it can be said to fall: about from the bottom of the noise to its
top. What never rose further has learned nothing that could be lost; assumed."""
EXCUSED = 0.5
"""Depth up to which a fall does not count while the schedule has raised the learning rate; assumed."""
LEAST_NOISE = 1.0
"""Points; used where fewer than four evaluations came before, and nothing better is known; assumed."""


def noise_before(value: np.ndarray, index: int) -> float:
    """The run's own noise, in its unit, from up to twelve evaluations before `index`.

    The spread of the changes, robust and divided by sqrt 2. A steep rise inflates it, and from a handful of evaluations
    it says little; there the distance below the best so far that three evaluations in four keep is taken when smaller.
    It is never taken to be less than what the size of the validation set alone explains, where that is known.
    """
    before = value[max(index - RECENT, 0) : index]
    before = before[~np.isnan(before)]
    least = counting_noise(value[: min(index, FIRST)])
    floor = LEAST_NOISE if least is None else least
    if len(before) < 4:  # noqa: PLR2004 (fewer have no spread to speak of)
        return max(floor, LEAST_NOISE)
    changes = np.diff(before)
    seen = 1.4826 * float(np.median(np.abs(changes - np.median(changes)))) / np.sqrt(2.0)
    if len(before) < MANY:
        seen = min(seen, float(np.percentile(running_best(before) - before, 75)))
    return max(floor, float(seen) * (1.0 + FEW / len(before)))


def outstanding(witness: np.ndarray, index: int) -> float:
    """How far below its best a logarithmic curve must lie to be news: out of the noise, and further than ever before.

    >>> round(outstanding(-100.0 * np.log(np.array([8.0, 4.0, 2.0, 6.0, 1.0, 0.5])), 6))
    110
    """
    before = witness[:index]
    known = before[~np.isnan(before)]
    deepest = float(np.max(running_best(known) - known)) if len(known) else 0.0
    return max(TAILS * noise_before(witness, index), deepest)


def evaluation_size(value: np.ndarray) -> int | None:
    """How many samples an accuracy in per cent was counted over, where its digits give it away.

    All values of a set of n samples are multiples of 100/n. Values of at most two decimals (57, 57.45) may as well have
    been rounded, and tell nothing. Of values with seven digits or so (a printed float32) a small set can still be told.

    >>> evaluation_size(np.array([100 * 20 / 96, 100 * 22 / 96, 100 * 65 / 96]))
    96
    >>> evaluation_size(np.array([7.85, 46.43, 57.45, 32.64])), evaluation_size(np.array([50.0, 57.0]))
    (None, None)
    >>> evaluation_size(np.array([11.66667, 48.33333, 30.83333])), evaluation_size(np.array([11.6667, 48.3333]))
    (120, None)
    """
    known = value[~np.isnan(value)]
    if not (np.abs(known * 100.0 - np.round(known * 100.0)) > 1e-6).any():  # noqa: PLR2004 (float dust of x 100)
        return None
    found = (_common(known, *told) for told in ((LARGEST, EXACT), (LARGEST_PRINTED, PRINTED)))
    return next((size for size in found if size is not None and size >= 10), None)  # noqa: PLR2004 (0, 50 and 100 % alone say nothing about the size)


LARGEST, EXACT = 5000, 1e-12
"""Samples, and how far a share may be from a multiple of 1/n: a few bits of a double. By definition."""
LARGEST_PRINTED, PRINTED = 500, 6e-8
"""The same of a printed float32, five decimals of a per cent: a number by chance is as near to a fraction with a denominator up to 500 in one
case of 130. By definition."""


def _common(known: np.ndarray, largest: int, apart: float) -> int | None:
    """The least number of samples of which all are multiples."""
    size = 1
    for now in known:
        share = float(now) / 100.0
        near = Fraction(share).limit_denominator(largest)
        if abs(float(near) - share) > apart:
            return None
        size = int(np.lcm(size, near.denominator))
        if size > largest:
            return None
    return size


def counting_noise(value: np.ndarray) -> float | None:
    """The noise, in points, that the size of the validation set alone explains: sqrt(p (1 - p) / n) at p = 1/2.

    Half is the noisiest share there is; the level that the curve reaches later would be hindsight. None where the size
    is not known.
    """
    size = evaluation_size(value)
    return None if size is None else 100.0 * float(np.sqrt(0.25 / size))


def running_best(value: np.ndarray) -> np.ndarray:
    """The best so far, higher is better; NaN is passed over.

    >>> running_best(np.array([1.0, 3.0, np.nan, 2.0])).tolist()
    [1.0, 3.0, 3.0, 3.0]
    """
    return np.fmax.accumulate(value)
