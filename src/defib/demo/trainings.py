"""Trainings in processes of their own: begun, watched until one needs a rescue, waited for, and ended with what began them."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from defib import pipeline, reading
from defib.diagnosis import undecided
from defib.errors import DefibError
from defib.launching.environment import cleaned
from defib.launching.local import Child, start
from defib.launching.processes import alive, end
from defib.watching.changes import wait
from defib.watching.watcher import watched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from defib.records import Case, Process, Run

TRAIN = (sys.executable, "-m", "defib", "train")


class Arm(NamedTuple):
    """What became of one way to go on."""

    name: str
    folder: Path
    first: int
    """Epochs that were spent before it began."""
    scores: tuple[tuple[float, float], ...]
    """(epochs spent, fused validation accuracy in per cent)."""

    @property
    def final(self) -> float:
        """The last score; NaN without one."""
        return self.scores[-1][1] if self.scores else float("nan")

    @property
    def best(self) -> float:
        """The best score; NaN without one."""
        return max((score for _, score in self.scores), default=float("nan"))


class Trainings:
    """The trainings of one story; those that still run are ended with it."""

    def __init__(
        self,
        home: Path,
        seed: int,
        changes: Sequence[str] = (),
        went: Callable[[Mapping[str, int]], None] = lambda _: None,
        program: Sequence[str] = TRAIN,
    ) -> None:
        """program: takes a recipe and `key=value` words; changes: such words for all of them."""
        self.home, self.seed, self.changes, self.went = home, seed, tuple(changes), went
        self.program = tuple(program)
        self.children: dict[str, Child] = {}
        self.processes: list[Process] = []
        self.folders: dict[str, Path] = {}
        self.running: dict[str, Callable[[], bool]] = {}
        self.stop = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
                child.wait(30)
        for process in self.processes:
            end(process)

    def folder(self, name: str) -> Path:
        """Where a training logs."""
        return self.folders.get(name, self.home / name)

    def begin(self, name: str, recipe: str, *changes: str) -> None:
        """Start a training in a process of its own.

        Raises LaunchRefused.
        """
        folder = self.home.resolve() / name
        command = (*self.program, recipe, f"work_dir={folder}", f"seed={self.seed}")
        environment = cleaned(os.environ, sys.executable)
        begun = start((*command, *self.changes, *changes), self.home, environment, self.home / f"{name}.txt")
        self.adopt(name, folder, lambda: begun.handle.poll() is None)
        self.children[name] = begun.handle

    def adopt(self, name: str, folder: Path, running: Callable[[], bool]) -> None:
        """Count a training in that somebody else has started."""
        self.folders[name], self.running[name] = folder, running

    def look_after(self, name: str, folder: Path, process: Process | None) -> None:
        """Wait for a process that the supervisor has started, too."""
        self.adopt(name, folder, lambda: process is not None and alive(process) is not False)
        if process is not None:
            self.processes.append(process)

    def collapsed(self, name: str) -> Case | None:
        """Watch one training until it needs a rescue; None where it ends without.

        While it runs, a fall of which it is not known whether training broke or only its measurement is given another epoch.
        """
        watcher = watched([str(self.folder(name))], [], pipeline.Asked())
        while True:
            running = self.running[name]()
            (look,) = watcher.look()
            self._went()
            case = look.case
            if case is not None and case.verdict == "rescue" and not (running and undecided(case.run, case.checkup)):
                return case
            if not running:
                return None
            wait([self.home], 5.0, self.stop)

    def finish(self) -> None:
        """Wait for all."""
        while any(running() for running in self.running.values()):
            self._went()
            wait([self.home], 2.0, self.stop)
        self._went()

    def done(self, name: str) -> int:
        """Epochs that a training has been evaluated after."""
        scores = self._scores(name)
        return int(scores[-1][0]) if scores else 0

    def arm(self, name: str, first: int) -> Arm:
        """What became of a training.

        first: epochs that were spent before it began.
        """
        scores = tuple((first + epoch, score) for epoch, score in self._scores(name) if epoch > 0)
        return Arm(name, self.folder(name), first, scores)

    def _scores(self, name: str) -> list[tuple[float, float]]:
        try:
            run: Run = reading.read(self.folder(name))
        except DefibError:  # nothing is written yet
            return []
        series = run.get("val/top1/fused")
        if series is None:
            return []
        good = np.isfinite(series.epoch) & np.isfinite(series.value)
        return list(zip(series.epoch[good].tolist(), series.value[good].tolist(), strict=True))

    def _went(self) -> None:
        self.went({name: self.done(name) for name in self.folders})
