"""Where a loss jumps far out of its own noise, and where it is back. Pure numpy, no records.

A loss is looked at on a logarithmic scale, as long as it is above zero: its noise grows and shrinks with it. Everything is
judged from what came before the jump: the level is the median of ten values, the noise is how far the values before lay from
such medians. A loss whose batches differ, or whose noise has heavy tails, shows that in the largest of these: a spike is far
above it too.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

LEVEL = 10
"""Values of which the median is the level; assumed."""
BEFORE = 20
"""Values that must have come before; the first steps of training are wild. Assumed."""
WILD = 5.0
"""Times the robust spread, up to which the first values count as noise; assumed."""
WIDE = 200
"""Values before, from which the usual noise is judged; assumed."""
DOUBLE = float(np.log(2.0))
"""The least jump; also half of it is back. Assumed"""
NOISES = 8.0
"""Times the robust spread; assumed."""
LARGEST = 3.0
"""Times the largest jump so far; assumed."""
ROWS = 10
"""Values within which a spike is back; what takes longer has left its level. Assumed"""
BACK = 0.25
"""Of the jump, below which it is back; assumed."""
MOST = 3
"""Spikes that do not count as noise: what happened three times is how this run works, and the next must be far larger. Assumed"""


class Spike(NamedTuple):
    """One jump of a curve."""

    onset: int
    level: float
    """What the curve was before, in its own unit."""
    jumps: float
    """Times the robust spread of the values before."""
    still: int | None
    """Where it was known that it is still up after ten values."""
    back: int | None


def spikes(value: np.ndarray) -> list[Spike]:
    """The spikes of a curve without NaN; what comes later only adds to them.

    >>> [(one.onset, one.back) for one in spikes(np.array([1.0, 1.1] * 15 + [9.0, 3.0, 1.1, 1.0]))]
    [(30, 32)]
    """
    if len(value) <= BEFORE:
        return []
    positive = np.minimum.accumulate(value) > 0
    curve = np.where(positive, np.log(np.where(positive, value, 1.0)), value)
    first_below = len(value) if positive.all() else int(np.argmin(positive))
    found = _in(curve[:first_below], value[:first_below], DOUBLE)
    if first_below == len(value):
        return found
    # From the first value at or below zero on, there is no logarithm; what was before it is not compared.
    rest = value[first_below:]
    return found + [_moved(one, first_below) for one in _in(rest, rest, 0.0)]


def _moved(spike: Spike, by: int) -> Spike:
    still = None if spike.still is None else spike.still + by
    return Spike(spike.onset + by, spike.level, spike.jumps, still, None if spike.back is None else spike.back + by)


def _in(curve: np.ndarray, value: np.ndarray, least: float) -> list[Spike]:
    if len(curve) <= BEFORE:
        return []
    # Sorting rows of ten is ten times as quick as np.median, which counts in a log of a million values.
    rows = np.sort(np.lib.stride_tricks.sliding_window_view(curve, LEVEL)[:-1], axis=1)
    level = np.concatenate((np.zeros(LEVEL), (rows[:, LEVEL // 2 - 1] + rows[:, LEVEL // 2]) / 2.0))
    jump = curve - level
    jump[:LEVEL] = 0.0
    usual = jump.copy()
    usual[1:LEVEL] = [curve[index] - np.median(curve[:index]) for index in range(1, LEVEL)]
    # How wild the first steps were says nothing about the later ones: single values among them count for no more than noise.
    usual[:BEFORE] = np.minimum(usual[:BEFORE], max(least, WILD * _spread(usual[:BEFORE])))
    found = list[Spike]()
    start = BEFORE
    while True:
        highest = np.maximum.accumulate(np.maximum(usual, 0.0))
        index = start
        out = np.flatnonzero((jump[start:] > least) & (jump[start:] > LARGEST * highest[start - 1 : -1]))
        spread = 0.0
        for at in out.tolist():
            index = start + at
            spread = _spread(usual[:index])
            if jump[index] > NOISES * spread:
                break
        else:
            return found
        top = float(jump[index])
        home = np.flatnonzero(curve[index + 1 :] - level[index] < max(BACK * top, 2.0 * spread))
        back = index + 1 + int(home[0]) if len(home) else None
        soon = back is not None and back <= index + ROWS
        still = index + ROWS if not soon and index + ROWS < len(curve) else None
        found.append(Spike(index, float(np.median(value[index - LEVEL : index])), top / spread, still, back))
        if back is None or back >= len(curve) - 1:
            return found
        if len(found) <= MOST:  # these are not what is usual
            usual[index:back] = 0.0
        start = back


def _spread(usual: np.ndarray) -> float:
    """The robust spread of the jumps before, of up to two hundred; never nothing."""
    within = usual[-WIDE:]
    seen = 1.4826 * float(np.median(np.abs(within - np.median(within))))
    return max(seen, 1e-3 * float(np.ptp(within)), 1e-6)
