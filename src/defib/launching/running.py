"""What was started, wherever it runs: whether it is gone, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from defib.launching import slurm
from defib.launching.processes import alive, end

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.records import Entry, Process


class Running(Protocol):
    """A training that was started."""

    def gone(self) -> bool:
        """Whether it is known to run no more."""

    def end(self) -> None:
        """End it."""


class Here:
    """A process of this machine."""

    def __init__(self, process: Process | None, reap: Callable[[], int | None] | None = None) -> None:
        """process: None for one that was gone before it could be looked at.

        reap: gives the exit code of a child of ours; None while it runs.
        """
        self.process, self.reap = process, reap

    def gone(self) -> bool:
        """Also where the child has ended and nobody has asked for its code yet."""
        return (
            (self.reap is not None and self.reap() is not None) or self.process is None or alive(self.process) is False
        )

    def end(self) -> None:
        """With its children."""
        if self.process is not None:
            end(self.process)


class Job:
    """A job of a cluster."""

    def __init__(self, number: str) -> None:
        """number: as sbatch gave it."""
        self.number = number

    def gone(self) -> bool:
        """A controller that does not answer is waited for."""
        return slurm.runs(self.number) is False

    def end(self) -> None:
        """Cancel it."""
        slurm.cancel(self.number)


def again(entry: Entry) -> Running:
    """What a line of the journal says was started."""
    return Here(entry.process) if entry.job is None else Job(entry.job)
