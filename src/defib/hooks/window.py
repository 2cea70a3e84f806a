"""Means over the steps between two lines of the log."""

from __future__ import annotations

import math

LARGEST = "train/grad_norm_max"
TOTAL = "train/grad_norm"
NOT_FINITE = "train/not_finite"


class Window:
    """Sums of what has arrived. A gradient that is not finite is counted, not averaged; a loss that is not stays in the mean."""

    def __init__(self) -> None:
        """Nothing seen."""
        self._sums: dict[str, float] = {}
        self._counts: dict[str, int] = {}
        self._largest = 0.0

    def add(self, name: str, value: float) -> None:
        """One value of one step."""
        if name.startswith(TOTAL):
            finite = math.isfinite(value)
            if name == TOTAL:
                self._largest = max(self._largest, value) if finite else math.inf
                self._count(NOT_FINITE, 0.0 if finite else 100.0)
            if not finite:
                return
        self._count(name, value)

    def read(self) -> dict[str, float]:
        """Metric name -> mean, and the largest norm; the window begins anew."""
        found = {name: total / self._counts[name] for name, total in self._sums.items()}
        if TOTAL in found or self._largest:
            found[LARGEST] = self._largest
        self._sums, self._counts, self._largest = {}, {}, 0.0
        return found

    def _count(self, name: str, value: float) -> None:
        self._sums[name] = self._sums.get(name, 0.0) + value
        self._counts[name] = self._counts.get(name, 0) + 1
