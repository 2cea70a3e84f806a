"""A training that really collapses, seen, diagnosed and rescued while it runs; beside it what else one could have done.

Nothing is injected and nothing is recorded: `synth_micro_aggressive` collapses by its own recipe. Four arms spend the same number of
epochs: the run left alone; the best checkpoint with a tenth of the rate; the rescue, which first spends the epochs until
the collapse was seen; and the clean twin, whose rate does not climb. A score is the last one, never the best of a run.
"""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

import numpy as np

from defib import pipeline, reading
from defib.errors import DefibError
from defib.launching.environment import cleaned
from defib.launching.local import Child, start
from defib.launching.processes import alive, end
from defib.supervision import Bedside, Orders
from defib.watching.changes import wait
from defib.watching.watcher import watched
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from defib.records import Case, Entry, Process, Run

RECIPE = "synth_micro_aggressive"
EPOCHS = 26
"""Of the recipe: what every arm may spend."""
Name = Literal["alone", "tenth", "rescued", "twin"]
NAMES: dict[Name, Words] = {
    "alone": Words(en="left alone", zh="放任不管"),
    "tenth": Words(en="best checkpoint, lr / 10", zh="最佳检查点、学习率降为十分之一"),
    "rescued": Words(en="rescued by defib", zh="由 defib 修复"),
    "twin": Words(en="clean twin", zh="没有故障的孪生训练"),
}
BEGINS = Words(
    en="training {recipe} (seed {seed}); nothing is injected", zh="开始训练 {recipe}（种子 {seed}）；没有注入任何故障"
)
SEEN = Words(en="seen after {epoch} epochs: {says}", zh="第 {epoch} 轮后发现：{says}")
NOT_SEEN = Words(en="it did not collapse: nothing to rescue", zh="训练没有崩溃：不需要修复")
OTHERS = Words(
    en="beside it: the best checkpoint with a tenth of the rate, and the clean twin; the collapsed run is left to its end",
    zh="同时进行：最佳检查点配十分之一学习率，以及没有故障的孪生训练；崩溃的训练任其跑完",
)


class Arm(NamedTuple):
    """What became of one way to go on."""

    name: Name
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


@dataclass(frozen=True, slots=True)
class Story:
    """How it went."""

    seed: int
    arms: tuple[Arm, ...]
    seen: int | None
    """Epochs after which the verdict was `rescue`; None where the run never collapsed."""
    outcome: str | None
    """What the supervisor said of its attempt."""
    case: Case | None
    """The collapsed run, as it was judged and planned."""


def live(
    home: Path,
    seed: int,
    told: Callable[[Words], None] = lambda _: None,
    went: Callable[[Mapping[str, int]], None] = lambda _: None,
    changes: Sequence[str] = (),
) -> Story:
    """Train, watch, rescue, compare; everything lies below `home` afterwards.

    told: hears what happens.
    went: hears the epochs that each arm has done, now and then.
    changes: `key=value` words for all trainings, as `defib train` takes them.

    Raises LaunchRefused, CannotWrite.
    """
    os.environ.setdefault(
        "OMP_NUM_THREADS", "1"
    )  # up to four trainings at once: threads of their own would only wait for each other
    with _Trainings(home, seed, changes, went) as trainings:
        told(BEGINS.fill(recipe=RECIPE, seed=seed))
        trainings.begin("alone", RECIPE)
        trainings.begin("twin", RECIPE, "schedule.ramp=null")
        case = trainings.collapsed("alone")
        if case is None:
            told(NOT_SEEN)
            trainings.finish()
            return Story(seed, (trainings.arm("alone", 0), trainings.arm("twin", 0)), None, None, None)
        seen = trainings.done("alone")
        told(SEEN.fill(epoch=seen, says=case.says))
        told(OTHERS)
        case = pipeline.write(pipeline.rescue(case))
        assert case.plan is not None
        left = f"train.max_epochs={max(EPOCHS - seen, 1)}"
        best = str(Path(case.run.path) / "best")
        trainings.begin(
            "tenth", str(trainings.folder("alone") / "recipe.json"), f"load_from={best}", *_tenth(case), left
        )
        template = f"{{python}} -m defib train {{config}} {left}"
        bedside = Bedside(case, Orders(template=template, python=sys.executable, attempts=1, pause=1.0), _heard(told))
        outcome = bedside.run()
        started = next(one for one in reversed(bedside.journal.entries()) if one.kind == "start")
        trainings.look_after("rescued", Path(started.work_dir or ""), started.process)
        trainings.finish()
        arms = (
            trainings.arm("alone", 0),
            trainings.arm("tenth", seen),
            trainings.arm("rescued", seen),
            trainings.arm("twin", 0),
        )
        return Story(seed, arms, seen, outcome, case)


class _Trainings:
    """The trainings of one story; those that still run are ended with it."""

    def __init__(
        self, home: Path, seed: int, changes: Sequence[str], went: Callable[[Mapping[str, int]], None]
    ) -> None:
        self.home, self.seed, self.changes, self.went = home, seed, tuple(changes), went
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
        return self.folders.get(name, self.home / name)

    def begin(self, name: str, recipe: str, *changes: str) -> None:
        """Start a training in a process of its own."""
        folder = self.home.resolve() / name
        command = [sys.executable, "-m", "defib", "train", recipe, f"work_dir={folder}", f"seed={self.seed}"]
        environment = cleaned(os.environ, sys.executable)
        begun = start((*command, *self.changes, *changes), self.home, environment, self.home / f"{name}.txt")
        self.adopt(name, folder, lambda: begun.handle.poll() is None)
        self.children[name] = begun.handle

    def adopt(self, name: str, folder: Path, running: Callable[[], bool]) -> None:
        self.folders[name], self.running[name] = folder, running

    def look_after(self, name: str, folder: Path, process: Process | None) -> None:
        """Wait for a process that the supervisor has started, too."""
        self.adopt(name, folder, lambda: process is not None and alive(process) is not False)
        if process is not None:
            self.processes.append(process)

    def collapsed(self, name: str) -> Case | None:
        """Watch one training until it needs a rescue; None where it ends without."""
        watcher = watched([str(self.folder(name))], [], pipeline.Asked())
        while True:
            running = self.running[name]()
            (look,) = watcher.look()
            self._went()
            if look.verdict == "rescue":
                return look.case
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

    def arm(self, name: Name, first: int) -> Arm:
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


def _tenth(case: Case) -> list[str]:
    """A tenth of the rate that the collapsed run was given."""
    lr = case.run.setting("lr")
    return [f"optim.lr={lr / 10:g}"] if isinstance(lr, int | float) else []


def _heard(told: Callable[[Words], None]) -> Callable[[Entry], None]:
    return lambda entry: told(entry.says)
