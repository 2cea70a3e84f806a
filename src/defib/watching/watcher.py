"""Looks at runs again and again: when their files change, when a stall could have begun, and never for more than a share of the time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from defib import health, pipeline
from defib.errors import DefibError
from defib.monitoring.signs import Sign, signs
from defib.watching.below import runs
from defib.watching.changes import STAMP, stamp, wait
from defib.watching.joined import cut_off, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from threading import Event

    from defib.pipeline import Asked
    from defib.records import Case, Plan, Run
    from defib.words import Words

EVERY = 30.0
"""Seconds after which files are looked at even where nothing told of a change; a stall shows by the clock alone. Assumed."""
SHARE = 0.1
"""Of one core, at most, that looking takes: a log of gigabytes is looked at less often. Assumed."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of one run."""

    path: Path
    case: Case | None = None
    """As last judged; None where nothing could be."""
    refused: Words | None = None
    """Why it can not be judged now; `case` is then what was known before."""
    signs: tuple[Sign, ...] = ()
    """Those of the plan that this run carries out."""
    at: float = 0.0
    """Unix seconds."""

    @property
    def verdict(self) -> str | None:
        """Of the case; None without one."""
        return None if self.case is None else self.case.verdict


@dataclass
class Watcher:
    """The runs that are watched, and what is known of them."""

    runs: tuple[Path, ...]
    below: tuple[Path, ...] = ()
    """Folders in which every run is watched, also one that begins later."""
    asked: Asked = field(default_factory=pipeline.Asked)
    clock: Callable[[], float] = time.time
    looked: dict[Path, Look] = field(default_factory=dict)
    _stamps: dict[Path, STAMP] = field(default_factory=dict)
    _plans: dict[Path, Plan | None] = field(default_factory=dict)
    _took: float = 0.0

    def paths(self) -> tuple[Path, ...]:
        """The runs that there are now, in their order."""
        inside = [path for folder in self.below for path in runs(folder)]
        return tuple(dict.fromkeys([*self.runs, *inside]))

    def look(self) -> tuple[Look, ...]:
        """One look at every run; what has not changed is not read again, unless the clock alone could tell something new."""
        begin = time.perf_counter()
        found = tuple(self._look(path) for path in self.paths())
        self._took = time.perf_counter() - begin
        return found

    def looks(self, stop: Event, every: float = EVERY) -> Iterator[tuple[Look, ...]]:
        """Look now and after every change, until it is asked to stop.

        every: seconds between two looks where nothing tells of a change.
        """
        while not stop.is_set():
            yield self.look()
            rest = min(self._took * (1 / SHARE - 1), every)
            if stop.wait(rest):
                return
            wait([*self.below, *{path if path.is_dir() else path.parent for path in self.runs}], every - rest, stop)

    def _look(self, path: Path) -> Look:
        known, now = self.looked.get(path), stamp(path)
        if known is not None and now == self._stamps.get(path) and known.case is not None and known.refused is None:
            look = self._again(known)
        else:
            look = self._fresh(path, None if known is None else known.case)
        self._stamps[path], self.looked[path] = now, look
        return look

    def _again(self, known: Look) -> Look:
        """The same files at a later time: only what depends on the clock can have changed."""
        assert known.case is not None
        run = msgspec.structs.replace(known.case.run, observed_at=self.clock())
        if [one.rule for one in health.check(run).symptoms] == [one.rule for one in known.case.checkup.symptoms]:
            return known
        return self._judged(known.path, run, known.case)

    def _fresh(self, path: Path, before: Case | None) -> Look:
        try:
            run = pipeline.open_run(path, self.asked)
        except DefibError as error:
            return Look(path, before, error.words, (), self.clock())
        if before is not None and cut_off(before.run, run):
            run = joined(before.run, run)
        return self._judged(path, msgspec.structs.replace(run, observed_at=self.clock()), before)

    def _judged(self, path: Path, run: Run, before: Case | None) -> Look:
        case = pipeline.diagnose(run)
        if case.verdict == "rescue":
            same = before is not None and before.plan is not None and before.checkup.incident == case.checkup.incident
            case = msgspec.structs.replace(case, plan=before.plan) if same and before else _planned(case)
        plan = self._plan_of(path)
        found = () if plan is None else signs(plan.watch, run, case.checkup)
        return Look(path, case, None, found, self.clock())

    def _plan_of(self, path: Path) -> Plan | None:
        if path not in self._plans:
            self._plans[path] = carried_out(path)
        return self._plans[path]


def carried_out(path: Path) -> Plan | None:
    """The plan whose restart a run is: a saved one beside it that names this folder as its own."""
    home = path if path.is_dir() else path.parent
    saved: list[Path] = []
    for folder in (home.parent, *(one for one in home.parent.glob("*") if one.is_dir())):
        saved += sorted(folder.glob("*.plan.json"))
    for file in saved:
        case = pipeline.open_case(file)
        plan = None if case is None else case.plan
        if plan is None or plan.work_dir is None:
            continue
        if (Path(plan.cwd or ".") / plan.work_dir).resolve() == home.resolve():
            return plan
    return None


def _planned(case: Case) -> Case:
    """The case with the start that a rescue would take; as it is where no plan can be made."""
    try:
        return pipeline.rescue(case)
    except DefibError:
        return case


def watched(names: Sequence[str], everything: Sequence[str], asked: Asked) -> Watcher:
    """A watcher of the runs that are named, and of all below the folders of `--all`."""
    return Watcher(tuple(Path(one) for one in names), tuple(Path(one) for one in everything), asked)
