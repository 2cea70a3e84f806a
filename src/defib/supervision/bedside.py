"""The supervisor: starts an attempt, reads it back, waits, judges, and tries something else once. Every step stands in the journal.

It can be killed at any moment. What it was doing is in the journal: `carry_on` finds the process again by its number and its birth, and
never starts a second one.
"""

from __future__ import annotations

import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from defib import pipeline
from defib.errors import CannotWrite, DefibError
from defib.launching.attempt import Attempt, attempt
from defib.launching.beginning import begin
from defib.launching.journal import Journal
from defib.launching.running import again
from defib.playbook import STARTS
from defib.records import Entry
from defib.settings import name_of
from defib.supervision import climbing, phrases, starts
from defib.supervision.following import Essence, essence, following
from defib.supervision.memory import KEY, ran_out, smaller
from defib.supervision.vigil import Vigil, seen
from defib.watching.changes import wait
from defib.words import Words, same, shown_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.launching.running import Running
    from defib.records import Case, Cause, Checkpoint, Plan, Run
    from defib.records.journal import EntryKind, Outcome
    from defib.supervision.orders import Orders

DEATHS = 3
"""Ends without a logged record, after which an attempt is given up."""
LAST_LINES = 5
EPOCHS_OF_SILENCE = 3.0
"""Of the old run, that an attempt may take until it has logged something. Assumed."""


class Bedside:
    """One run under supervision."""

    def __init__(self, case: Case, orders: Orders, told: Callable[[Entry], None] = lambda _: None) -> None:
        """told: hears every line of the journal when it is on the disk."""
        self.case, self.orders, self.told = case, orders, told
        self.journal = Journal(Path(case.run.path))
        self.stop = threading.Event()

    def dry(self) -> Attempt:
        """What would be started. Nothing is."""
        assert self.case.plan is not None
        return attempt(self.case.run, self.case.plan, template=self.orders.template, python=self.orders.python)

    def run(self) -> Outcome:
        """Start the plan and stay until it has worked, or there is nothing left to try.

        Raises LaunchRefused, CannotWrite.
        """
        with self.journal.held():
            first = self.dry()  # what cannot be started is said before anything is written down
            entries = self.journal.entries()
            number = 1 + max((one.attempt for one in entries), default=0)
            if (
                entries and entries[-1].kind == "plan"
            ):  # killed before the start was written down: the same start, found by its name
                number -= 1
            return self._attempts(number, first)

    def carry_on(self) -> Outcome | None:
        """Look after the attempt that the journal tells of; None where none is open.

        Raises LaunchRefused, CannotWrite.
        """
        with self.journal.held():
            entries = self.journal.entries()
            last = next((one for one in reversed(entries) if one.kind in ("start", "end")), None)
            if last is not None and last.kind == "end" and self.orders.climb:
                return self._climb(last.attempt)
            if last is None or last.kind == "end" or last.work_dir is None:
                return None
            patience = None if last.job is not None else self._patience()
            outcome = self._watch(last.attempt, Path(last.work_dir), again(last), patience)
            if outcome == "died":
                outcome = self._given_up(last.attempt, Path(last.work_dir), Path(last.output or ""), 1)
            return self._after(last.attempt, outcome)

    def _attempts(self, number: int, what: Attempt, step: str | None = None) -> Outcome:
        plan = self.case.plan
        assert plan is not None
        lost = starts.lost(self.case)
        if lost is not None:
            return self._without(number, lost)
        words = phrases.PLANNED.fill(profile=plan.profile, edits=_listed(plan), start=plan.start_from.says)
        self._tell(number, "plan", words, plan=self.case.written.get("plan"), step=step)
        return self._after(number, self._started(number, what))

    def _without(self, number: int, lost: Checkpoint) -> Outcome:
        """The same plan from what is left: its start was cut off or deleted after it was made."""
        self._tell(number, "decision", phrases.LOST.fill(path=lost.path, problem=lost.problem or phrases.GONE))
        found = starts.without(self.case, lost, number)
        return (
            self._over(number, "stopped", phrases.NO_START) if found is None else self._begun(number, "stopped", found)
        )

    def _begun(self, number: int, outcome: Outcome, case: Case, step: str | None = None) -> Outcome:
        """Write the plan of the attempt that comes and start it; where it cannot be written, stop and say why.

        outcome: what counts then.
        """
        try:
            self.case = pipeline.write(case)
            what = self.dry()
        except DefibError as refused:  # a full disk, a config that was changed meanwhile
            return self._over(number, outcome, refused.words)
        return self._attempts(number, what, step)

    def _after(self, number: int, outcome: Outcome) -> Outcome:
        """What comes when an attempt is over: a step up, something else, or nothing."""
        climbs = any(one.step is not None for one in self.journal.entries() if one.attempt == number)
        return (self._climb(number) or outcome) if climbs or outcome == "recovered" else self._next(number, outcome)

    def _climb(self, number: int) -> Outcome | None:
        """After a recovery: judge the step that was taken, take the next one where that is wanted; None where nothing has recovered."""
        entries = self.journal.entries()
        found = climbing.climbed(entries, self.case.run.path)
        if found is None:
            return None
        if found.judged is not None and entries[-1].kind == "end":
            self._tell(number, "decision", found.judged)
        if not self.orders.climb:
            return "recovered"
        step, spent = climbing.step_of(found), self._spent()
        if len(found.tried) >= self.orders.attempts:
            spent = climbing.ENOUGH.fill(count=len(found.tried))
        try:
            case = None if step is None or spent is not None else climbing.planned(found, step, number + 1)
        except DefibError as refused:  # the config was changed meanwhile, or is gone
            spent, case = refused.words, None
        if step is None or case is None or case.plan is None:
            why = spent or (climbing.TOP if step is None else climbing.NO_START)
            base = found.base
            self._tell(number, "decision", climbing.DONE.fill(why=why, base=base.number, path=base.run.path))
            return "recovered"
        self._tell(number, "decision", climbing.NEXT.fill(step=step.says))
        return self._begun(number + 1, "recovered", case, climbing.named(step))

    def _next(self, number: int, outcome: Outcome) -> Outcome:
        """After a relapse something that was not tried: an older start, the next cause, the stronger plan; then a person."""
        memory = ran_out(self.case, self._output(number))
        if memory is not None:
            return self._leaner(number, outcome, memory)
        if outcome == "stopped":
            return outcome
        spent = self._spent()
        relapses = sum(one.outcome == "relapsed" for one in self.journal.entries())
        if relapses >= self.orders.attempts or spent is not None:
            return self._over(number, outcome, spent)
        try:
            found = following(self.case, self._relapsed(), self._tried(), number + 1)
        except DefibError as refused:  # the config was changed meanwhile, or is gone: nothing can be planned with it
            return self._over(number, outcome, refused.words)
        if found is None or found.case.plan is None:
            return self._over(number, outcome, phrases.NOTHING_NEW)
        self._tell(number, "decision", phrases.AGAIN.fill(what=found.says, start=found.case.plan.start_from.says))
        return self._begun(number + 1, outcome, found.case)

    def _leaner(self, number: int, outcome: Outcome, memory: Cause) -> Outcome:
        """The same plan with a smaller batch. It counts as no attempt: nothing was learned about the plan."""
        spent = self._spent()
        if spent is not None:
            return self._over(number, outcome, spent)
        try:
            found = smaller(self.case, memory, number + 1)
        except DefibError as refused:
            return self._over(number, outcome, refused.words)
        if found is None or found.plan is None:
            return self._over(number, outcome, phrases.TOO_LARGE)
        edit = next(edit for edit in found.plan.edits if edit.key == KEY)
        self._tell(number, "decision", phrases.LEANER.fill(why=edit.why))
        return self._begun(number + 1, outcome, found)

    def _output(self, number: int) -> Path:
        """What an attempt printed."""
        return self.journal.path.parent / f"attempt-{number}.log"

    def _over(self, number: int, outcome: Outcome, why: Words | None) -> Outcome:
        """Stop: say what was tried, where the best weights are, and what to ask a person."""
        assert self.case.plan is not None
        plans = [one.says for one in self.journal.entries() if one.kind == "plan"]
        tried = Words("; ".join(one.en for one in plans), "；".join(one.zh for one in plans))
        ended = sum(one.kind == "end" for one in self.journal.entries())
        because = same("") if why is None else phrases.BECAUSE.fill(why=why)
        start = self.case.plan.start_from.says
        self._tell(number, "decision", phrases.SPENT.fill(count=ended, because=because, tried=tried, start=start))
        return outcome

    def _relapsed(self) -> Case | None:
        """The last attempt, judged by its own log."""
        runs = self._runs()
        return pipeline.diagnose(runs[-1]) if runs else None

    def _runs(self) -> tuple[Run, ...]:
        """The attempts so far, as far as they have logged."""
        folders = dict.fromkeys(
            one.work_dir for one in self.journal.entries() if one.kind == "start" and one.work_dir is not None
        )
        found = [seen(Path(folder), self.case.run.path) for folder in folders]
        return tuple(run for run in found if run is not None)

    def _spent(self) -> Words | None:
        """Which budget is used up; None while none is."""
        if self.orders.hours is None and self.orders.share is None:
            return None
        return self.orders.spent(self.journal.entries(), time.time(), self.case.run, self._runs())

    def _tried(self) -> set[Essence]:
        """What the journal's plans were, in essence."""
        saved = [pipeline.open_case(Path(one.plan)) for one in self.journal.entries() if one.plan is not None]
        return {essence(case.plan) for case in saved if case is not None and case.plan is not None}

    def _started(self, number: int, what: Attempt) -> Outcome:
        assert self.case.plan is not None
        folder = what.work_dir if what.work_dir is not None else what.cwd
        output = self._output(number)
        for death in range(1, DEATHS + 1):
            begun = begin(what, Path(self.case.run.path), number, death, output, self.orders.slurm)
            try:
                self._tell(
                    number,
                    "start",
                    begun.says,
                    command=what.command,
                    environment=what.added,
                    cwd=str(what.cwd),
                    process=begun.process,
                    job=begun.job,
                    work_dir=str(folder),
                    output=str(output),
                )
            except CannotWrite:  # what is not in the journal would never be found again
                begun.running.end()
                raise
            outcome = self._watch(number, folder, begun.running, self._patience())
            if outcome != "died":
                return outcome
            if ran_out(self.case, output) is not None:
                return self._given_up(number, folder, output, death)
            if death < DEATHS:
                self._tell(number, "decision", phrases.DIED_ONCE.fill(count=death + 1, most=DEATHS))
        return self._given_up(number, folder, output, DEATHS)

    def _given_up(self, number: int, folder: Path, output: Path, count: int) -> Outcome:
        """What died without a word is told with its last lines."""
        lines: list[str] = []
        if output.is_file():
            lines = output.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-LAST_LINES:]
        words = phrases.DIED.fill(count=count, lines=same(" | ".join(lines) or "-"))
        self._tell(number, "end", words, outcome="stopped", work_dir=str(folder))
        return "stopped"

    def _patience(self) -> float | None:
        """Seconds that an attempt may take until it has logged something; None for a job, which may wait in a queue."""
        if self.orders.slurm is not None:
            return None
        return max(self.orders.silence, EPOCHS_OF_SILENCE * (self.case.run.seconds_per_epoch or 0.0))

    def _watch(self, number: int, folder: Path, running: Running, patience: float | None) -> Outcome | Literal["died"]:
        """One attempt, until its end."""
        entries = self.journal.entries()
        proven = any(one.outcome == "recovered" for one in entries if one.attempt == number)
        vigil = Vigil(self.case, folder, running, partial(self._tell, number), self._spent, proven, patience)
        while (outcome := vigil.look()) is None:
            wait([folder if folder.is_dir() else folder.parent], self.orders.pause, self.stop)
        return outcome if outcome == "died" or vigil.over is None else self._over(number, outcome, vigil.over)

    def _tell(self, number: int, kind: EntryKind, says: Words, **fields: Any) -> None:  # noqa: ANN401 (fields of an Entry)
        self.told(self.journal.append(Entry(kind=kind, at=time.time(), attempt=number, says=says, **fields)))


def _listed(plan: Plan) -> Words:
    """What a plan changes, apart from the start itself."""
    found = [edit for edit in plan.edits if edit.key not in STARTS]
    if not found:
        return phrases.NO_EDIT
    said = [(name_of(edit.key), shown_value(edit.old), shown_value(edit.new)) for edit in found]
    return Words(
        en=", ".join(f"{name.en} {old} -> {new}" for name, old, new in said),
        zh="、".join(f"{name.zh} {old} → {new}" for name, old, new in said),
    )
