"""Exact binomial intervals (Clopper and Pearson 1934), by bisection on the binomial tail."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def exact(hits: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """The interval for a share of `hits` in `of`; (0, 1) when nothing was counted.

    >>> [round(end, 3) for end in exact(8, 10)]
    [0.444, 0.975]
    >>> exact(0, 0)
    (0.0, 1.0)
    """
    if not of:
        return 0.0, 1.0
    tail = (1.0 - level) / 2.0
    low = 0.0 if hits == 0 else _where(lambda share: 1.0 - _below(hits - 1, of, share) - tail)
    high = 1.0 if hits == of else _where(lambda share: tail - _below(hits, of, share))
    return low, high


def _below(hits: int, of: int, share: float) -> float:
    """The probability of at most `hits` in `of`."""
    return sum(comb(of, k) * share**k * (1.0 - share) ** (of - k) for k in range(hits + 1))


def _where(rising: Callable[[float], float]) -> float:
    """The share at which a rising function crosses zero."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2.0
