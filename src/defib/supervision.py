"""The supervisor: starts an attempt, reads it back, waits, judges, and tries something else once. Every step stands in the journal.

It can be killed at any moment. What it was doing is in the journal: `carry_on` finds the process again by its number and its birth, and
never starts a second one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from defib import health, pipeline
from defib.errors import CannotJudge, ConfigRefused
from defib.launching.attempt import Attempt, attempt
from defib.launching.journal import Journal
from defib.launching.local import start
from defib.launching.processes import alive, end
from defib.monitoring.outcome import judge
from defib.monitoring.reading_back import read_back
from defib.records import Entry
from defib.settings import name_of
from defib.words import Words, same, shown_value

Essence = tuple[str | None, frozenset[tuple[str, str]]]

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.playbook.play import Profile
    from defib.records import Case, Plan, Process, Run
    from defib.records.journal import EntryKind, Outcome

PAUSE = 5.0
"""Seconds between two looks at the log."""
ATTEMPTS = 3
ORDER: tuple[tuple[Profile, bool], ...] = (("minimal", True), ("conservative", False), ("conservative", True))
"""(profile, from an older start): what is tried after a relapse, as far as it is something new."""
STARTS = frozenset({"load_from", "resume", "work_dir"})
"""Settings that say where to begin, and not what to do differently."""
DEATHS = 3
"""Ends without a logged record, after which an attempt is given up."""
LAST_LINES = 5

PLANNED = Words(en="{profile}: {edits}, from {start}", zh="{profile}：{edits}；起点：{start}")
NO_EDIT = Words(en="no setting is changed", zh="不改动任何设置")
STARTED = Words(en="process {pid} started in {cwd}", zh="进程 {pid} 已在 {cwd} 启动")
READ = Words(en="read back and as planned: {checked}", zh="读回的值与方案一致：{checked}")
MISMATCH = Words(en="stopped: {said}", zh="已停止：{said}")
AGAIN = Words(
    en="the attempt did not help; next: the {profile} plan. {start}",
    zh="这次尝试没有奏效；接下来：{profile} 方案。{start}",
)
SICK = Words(en="an attempt from it relapsed", zh="从它开始的一次尝试再次崩溃")
SPENT = Words(
    en="stopped after {count} attempts. The best weights are still those of {start}; ask a person to look at data, labels and code",
    zh="尝试 {count} 次后停止。最好的权重仍是 {start}；请人工检查数据、标签和代码",
)
NOTHING_NEW = Words(
    en="nothing is left that was not tried: stopped. Ask a person to look at data, labels and code",
    zh="没有尚未尝试过的办法：停止。请人工检查数据、标签和代码",
)
DIED = Words(
    en="it ended {count} times without logging anything; its last lines: {lines}",
    zh="它 {count} 次没有记录任何内容就退出；最后几行：{lines}",
)
DIED_ONCE = Words(
    en="it ended without logging anything; started again ({count} of {most})",
    zh="它没有记录任何内容就退出；重新启动（第 {count} 次，最多 {most} 次）",
)


@dataclass(frozen=True, slots=True)
class Orders:
    """How the supervisor is to work."""

    template: str | None = None
    python: str | None = None
    attempts: int = ATTEMPTS
    pause: float = PAUSE


class Bedside:
    """One run under supervision."""

    def __init__(self, case: Case, orders: Orders, told: Callable[[Entry], None] = lambda _: None) -> None:
        """told: hears every line of the journal when it is on the disk."""
        self.case, self.orders, self.told = case, orders, told
        self.journal = Journal(Path(case.run.path))

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
            number = 1 + max((one.attempt for one in self.journal.entries()), default=0)
            return self._attempts(number, first)

    def carry_on(self) -> Outcome | None:
        """Look after the attempt that the journal tells of; None where none is open.

        Raises LaunchRefused, CannotWrite.
        """
        with self.journal.held():
            entries = self.journal.entries()
            last = next((one for one in reversed(entries) if one.kind in ("start", "end")), None)
            if last is None or last.kind == "end" or last.work_dir is None:
                return None
            outcome = self._watch(last.attempt, Path(last.work_dir), last.process, None)
            if outcome == "died":
                return self._given_up(last.attempt, Path(last.work_dir), Path(last.output or ""), 1)
            return outcome if outcome == "recovered" else self._next(last.attempt, outcome)

    def _attempts(self, number: int, what: Attempt) -> Outcome:
        plan = self.case.plan
        assert plan is not None
        words = PLANNED.fill(profile=plan.profile, edits=_listed(plan), start=plan.start_from.says)
        self._tell("plan", number, words, plan=self.case.written.get("plan"))
        outcome = self._started(number, what)
        return outcome if outcome == "recovered" else self._next(number, outcome)

    def _next(self, number: int, outcome: Outcome) -> Outcome:
        """After a relapse something that was not tried: an older start, then the stronger plan; then a person."""
        plan = self.case.plan
        assert plan is not None
        if outcome == "stopped":
            return outcome
        ended = sum(one.kind == "end" for one in self.journal.entries())
        if ended >= self.orders.attempts:
            self._tell("decision", number, SPENT.fill(count=ended, start=plan.start_from.says))
            return outcome
        tried = self._tried()
        for profile, older in ORDER:
            case = self.planned(profile, number + 1, avoided={start for start, _ in tried} if older else set())
            if case is None or case.plan is None or _essence(case.plan) in tried:
                continue
            self._tell("decision", number, AGAIN.fill(profile=profile, start=case.plan.start_from.says))
            self.case = pipeline.write(case)
            return self._attempts(number + 1, self.dry())
        self._tell("decision", number, NOTHING_NEW)
        return outcome

    def planned(self, profile: Profile, number: int, *, avoided: set[str | None]) -> Case | None:
        """A plan for another attempt; None where none of the checkpoints that are left can be its start.

        avoided: paths of starts that did not help: the best may have been sick already.
        """
        run = self.case.run
        if avoided:
            seen = [
                msgspec.structs.replace(one, state="broken", problem=SICK) if one.path in avoided else one
                for one in run.checkpoints
            ]
            run = msgspec.structs.replace(run, checkpoints=tuple(seen))
        case = pipeline.rescue(pipeline.diagnose(run), profile=profile, attempt=number)
        if case.plan is None or (avoided and case.plan.start_from.state != "ready"):
            return None
        return case

    def _tried(self) -> set[Essence]:
        """What the journal's plans were, in essence."""
        saved = [pipeline.open_case(Path(one.plan)) for one in self.journal.entries() if one.plan is not None]
        return {_essence(case.plan) for case in saved if case is not None and case.plan is not None}

    def _started(self, number: int, what: Attempt) -> Outcome:
        assert self.case.plan is not None
        folder = what.work_dir if what.work_dir is not None else what.cwd
        output = self.journal.path.parent / f"attempt-{number}.log"
        for death in range(1, DEATHS + 1):
            begun = start(what.command, what.cwd, what.environment, output)
            pid = begun.handle.pid
            self._tell(
                "start",
                number,
                STARTED.fill(pid=pid, cwd=what.cwd),
                command=what.command,
                environment=what.added,
                cwd=str(what.cwd),
                process=begun.process,
                work_dir=str(folder),
                output=str(output),
            )
            outcome = self._watch(number, folder, begun.process, begun.handle.poll)
            if outcome != "died":
                return outcome
            if death < DEATHS:
                self._tell("decision", number, DIED_ONCE.fill(count=death + 1, most=DEATHS))
        return self._given_up(number, folder, output, DEATHS)

    def _given_up(self, number: int, folder: Path, output: Path, count: int) -> Outcome:
        """What died without a word is told with its last lines."""
        lines: list[str] = []
        if output.is_file():
            lines = output.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-LAST_LINES:]
        words = DIED.fill(count=count, lines=same(" | ".join(lines) or "-"))
        self._tell("end", number, words, outcome="stopped", work_dir=str(folder))
        return "stopped"

    def _watch(
        self, number: int, folder: Path, process: Process | None, reap: Callable[[], int | None] | None
    ) -> Outcome | Literal["died"]:
        """Until it has recovered, fallen again, or is gone without a word.

        reap: gives the exit code of a child of ours; None while it runs.
        """
        assert self.case.plan is not None
        read = False
        while True:
            gone = (reap is not None and reap() is not None) or process is None or alive(process) is False
            new = _seen(folder, self.case.run.path)
            if new is not None and not read:
                found = read_back(self.case.plan, new)
                if found.mismatches:
                    end_of(process)
                    words = MISMATCH.fill(said=found.mismatches[0])
                    self._tell("read-back", number, words)
                    self._tell("end", number, words, outcome="stopped", work_dir=str(folder))
                    return "stopped"
                read = "validation" in found.checked
                if read:
                    self._tell("read-back", number, READ.fill(checked=", ".join(found.checked)))
            if new is not None:
                judged = judge(self.case, new, health.check(new), ended=gone)
                if judged.standing == "relapsed":
                    end_of(process)
                if judged.standing != "waiting":
                    self._tell("end", number, judged.says, outcome=judged.standing, work_dir=str(folder))
                    return judged.standing
            elif gone:
                return "died"
            time.sleep(self.orders.pause)

    def _tell(self, kind: EntryKind, number: int, says: Words, **fields: Any) -> None:  # noqa: ANN401 (fields of an Entry)
        self.told(self.journal.append(Entry(kind=kind, at=time.time(), attempt=number, says=says, **fields)))


def _essence(plan: Plan) -> Essence:
    """Where a plan begins and what it changes."""
    return plan.start_from.path, frozenset((edit.key, str(edit.new)) for edit in plan.edits if edit.key not in STARTS)


def _listed(plan: Plan) -> Words:
    """What a plan changes, apart from the start itself."""
    found = [edit for edit in plan.edits if edit.key not in STARTS]
    if not found:
        return NO_EDIT
    said = [(name_of(edit.key), shown_value(edit.old), shown_value(edit.new)) for edit in found]
    return Words(
        en=", ".join(f"{name.en} {old} -> {new}" for name, old, new in said),
        zh="、".join(f"{name.zh} {old} → {new}" for name, old, new in said),
    )


def end_of(process: Process | None) -> None:
    """End a process where there is one."""
    if process is not None:
        end(process)


def _seen(folder: Path, old: str) -> Run | None:
    """The restarted run as far as it has logged; None while there is nothing to read, or where it is the old run's own folder."""
    if not folder.is_dir() or str(folder.resolve()) == old:
        return None
    try:
        return pipeline.open_run(folder)
    except (CannotJudge, ConfigRefused):
        return None
