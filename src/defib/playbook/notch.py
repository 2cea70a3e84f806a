"""Round steps: 1, 2, 3, 5, 8, 10, 20, 30, ... , each about 1.6 times the one before."""

from __future__ import annotations

import math

NOTCHES = (1.0, 2.0, 3.0, 5.0, 8.0)


def notch(value: float, by: int) -> float:
    """The value moved `by` notches up (positive) or down (negative) on the scale 1-2-3-5-8.

    A value between two notches moves to the next one in that direction.

    >>> notch(0.005, 1), notch(0.005, -1), notch(50, 1), notch(80, 1), notch(0.006, -1), notch(0.001, -1)
    (0.008, 0.003, 80.0, 100.0, 0.005, 0.0008)

    Raises ValueError for a value that is not above zero.
    """
    if value <= 0:
        message = f"there are no notches at or below zero, got {value}"
        raise ValueError(message)
    scale = [
        round_to(step * 10.0**power, 1)
        for power in range(math.floor(math.log10(value)) - 1, math.floor(math.log10(value)) + 2)
        for step in NOTCHES
    ]
    above = [step for step in scale if step > value * 1.000001]
    below = [step for step in scale if step < value * 0.999999]
    return above[by - 1] if by > 0 else below[by]


def round_to(value: float, digits: int) -> float:
    """Round to so many significant digits.

    >>> round_to(0.00048, 1), round_to(0.0018749, 2), round_to(0.0, 2)
    (0.0005, 0.0019, 0.0)
    """
    if value == 0:
        return 0.0
    return float(f"{value:.{digits - 1}e}")
