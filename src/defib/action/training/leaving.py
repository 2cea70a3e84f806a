"""SIGTERM and Ctrl-C become a wish to leave, granted between two steps, by all processes at the same one."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch

from defib.action.model.across import summed

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Left(Exception):
    """What was going on is given up."""


class Leaving:
    """Whether somebody asked this training to end."""

    def __init__(self) -> None:
        """Nobody has."""
        self.asked: int | None = None
        """The signal."""

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Listen; what listened before is put back behind it. Outside of the main thread nothing can listen."""
        before: dict[int, Any] = {}
        try:
            for one in map(int, SIGNALS):
                before[one] = signal.signal(one, self._hear)
        except ValueError:
            pass
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _hear(self, number: int, _frame: object) -> None:
        if self.asked is not None:  # the second time: at once
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        self.asked = number

    def out(self, _done: int) -> None:
        """Raises Left once somebody has asked: for what one process does by itself, and can do again."""
        if self.asked is not None:
            raise Left

    def agreed(self, device: torch.device) -> bool:
        """Whether any process was asked; every process has to call it at the same step."""
        return bool(summed(torch.tensor(float(self.asked is not None), device=device)) > 0)
