"""Snapshots that reach back from seconds to epochs, in host memory or on disk, each proven good or not."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from defib.hooks.state import held, size, taken

if TYPE_CHECKING:
    from typing import Any, Mapping

KEPT = 6
"""Snapshots that are kept: with ages that double, the oldest of six is some thirty times as old as the newest (assumed)."""
SHARE = 0.25
"""Of the free memory, which all snapshots together may take; else they go to disk (assumed)."""


class Snapshot:
    """The state after a step, and whether it is known to have been good."""

    def __init__(self, step: int, rates: list[float], state: dict[str, Any] | None, path: Path | None) -> None:
        """state: in memory; or path: of the file that holds it."""
        self.step, self.rates, self.path = step, rates, path
        self.good = False
        """Set once an evaluation or a canary after it was good: before that nobody knows."""
        self._state = state

    def state(self) -> dict[str, Any]:
        """What was taken."""
        if self._state is not None:
            return self._state
        found: dict[str, Any] = torch.load(str(self.path), map_location="cpu", weights_only=True)
        return found

    def drop(self) -> None:
        """It is not needed any more."""
        self._state = None
        if self.path is not None and self.path.exists():
            self.path.unlink()


class Ring:
    """At most `most` snapshots of some parts, thinned so that their ages double."""

    def __init__(self, parts: Mapping[str, Any], *, most: int = KEPT, folder: str | Path | None = None) -> None:
        """folder: where they go to disk; where none is given, a temporary one, and only if memory is short."""
        self.parts = dict(parts)
        self.bytes = size(held(self.parts))
        """Of one snapshot, as far as the parts have grown by then: an optimizer's momenta come with its first step."""
        self.most = most
        on_disk = folder is not None or self.bytes * most > SHARE * _free_memory()
        self.folder = None if not on_disk else Path(folder or tempfile.mkdtemp(prefix="defib-snapshots-"))
        self.snapshots: list[Snapshot] = []

    def take(self, step: int, rates: list[float]) -> Snapshot:
        """Take one now.

        rates: learning rate of each group, as it was used.
        """
        state = taken(self.parts)
        path = None
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"step-{step}-{os.getpid()}.pt"
            torch.save(state, path)
        found = Snapshot(step, rates, None if path is not None else state, path)
        self.snapshots.append(found)
        self._thin()
        return found

    def prove(self, step: int) -> None:
        """Something measured after this step was good: so were the snapshots up to there."""
        for one in self.snapshots:
            one.good = one.good or one.step <= step

    def newest_good(self, before: int) -> Snapshot | None:
        """The newest that is proven good and was taken before a step."""
        return next((one for one in reversed(self.snapshots) if one.good and one.step < before), None)

    def forget_from(self, step: int) -> None:
        """Snapshots from a step on belong to what went wrong."""
        for one in self.snapshots:
            if one.step >= step:
                one.drop()
        self.snapshots = [one for one in self.snapshots if one.step < step]

    def close(self) -> None:
        """Drop all of them."""
        self.forget_from(0)

    def _thin(self) -> None:
        """Drop the one that is missed least: whose neighbours are nearest to each other for their age. The oldest and the newest stay, and so does the newest good one."""
        if len(self.snapshots) <= self.most:
            return
        now = self.snapshots[-1].step
        good = self.newest_good(now + 1)
        inner = [place for place in range(1, len(self.snapshots) - 1) if self.snapshots[place] is not good]
        steps = [one.step for one in self.snapshots]
        least = min(inner, key=lambda place: (steps[place + 1] - steps[place - 1]) / (now - steps[place - 1] + 1))
        self.snapshots.pop(least).drop()


def _free_memory() -> float:
    """Bytes of host memory that are free; without bound where the system does not tell."""
    try:
        return float(os.sysconf("SC_AVPHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return float("inf")
