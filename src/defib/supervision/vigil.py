"""One attempt, from its first line to its end: read back, waited for, judged."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from defib import diagnosis, health, pipeline
from defib.errors import CannotJudge, ConfigRefused
from defib.monitoring.outcome import judge
from defib.monitoring.reading_back import HIGHER, LOWER, read_back
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from defib.launching.running import Running
    from defib.monitoring.outcome import Judgement
    from defib.records import Case, Run
    from defib.records.journal import EntryKind, Outcome

READ = Words(en="read back and as planned: {checked}", zh="读回的值与方案一致：{checked}")
MISMATCH = Words(en="stopped: {said}", zh="已停止：{said}")
OTHER_SCHEDULE = Words(
    en="the learning rate is {found} in epoch {epoch}, the running config asks for {asked} there: another schedule is in force",
    zh="第 {epoch} 轮的学习率为 {found}，而运行中的配置在此处要求 {asked}：实际生效的是另一个调度",
)
SILENT = Words(
    en="stopped: it ran for {minutes} minutes and logged nothing in {folder} that can be read. Look at what it printed; a program that takes "
    "longer to begin needs --silence",
    zh="已停止：它运行了 {minutes} 分钟，却没有在 {folder} 中记录任何可读内容。请查看它的输出；若程序需要更长时间才开始记录，请使用 --silence",
)
STAYS = Words(
    en="{said}; staying until its end, in case it falls again",
    zh="{said}；继续看护到训练结束，以防再次崩溃",
)


class Tell(Protocol):
    """Writes a line about the attempt into the journal."""

    def __call__(
        self, kind: EntryKind, says: Words, *, outcome: Outcome | None = None, work_dir: str | None = None
    ) -> None:
        """Say it."""


@dataclass(slots=True)
class Vigil:
    """An attempt that is looked at again and again."""

    case: Case
    """The old run, with the plan under which this one was started."""
    folder: Path
    running: Running
    tell: Tell
    spent: Callable[[], Words | None]
    """Which budget is used up; None while none is."""
    proven: bool
    """Whether it has recovered already."""
    patience: float | None
    """Seconds until it has to have logged something; None for no limit."""
    since: float = field(default_factory=time.monotonic)
    """When it was first looked at, on a clock that nobody sets."""
    read: bool = False
    over: Words | None = None
    """The budget that ended it before it was proven."""

    def look(self) -> Outcome | Literal["died"] | None:
        """How it ended; None while it goes on. `died`: gone without a logged record."""
        gone = self.running.gone()
        new = seen(self.folder, self.case.run.path)
        if new is None:
            return "died" if gone else self._silent() or self._in_budget()
        if not self.read and (wrong := self._mismatch(new)) is not None:
            self.running.end()
            self.tell("read-back", wrong)
            return self._end("stopped", wrong)
        judged = judge(self.case, new, health.check(new), ended=gone)
        if judged.standing == "relapsed":
            self.running.end()
            return self._end("relapsed", judged.says)
        if gone and judged.standing != "waiting":
            return self._end("recovered" if self.proven else judged.standing, judged.says)
        self._prove(judged)
        return self._in_budget(judged)

    def _silent(self) -> Outcome | None:
        """It runs and has logged nothing for too long."""
        if self.patience is None or time.monotonic() - self.since < self.patience:
            return None
        self.running.end()
        return self._end("stopped", SILENT.fill(minutes=number(self.patience / 60.0, 3), folder=self.folder))

    def _mismatch(self, new: Run) -> Words | None:
        """What arrived otherwise than it was planned."""
        assert self.case.plan is not None
        found = read_back(self.case.plan, new, self.case.run)
        mismatches = (*found.mismatches, *_other_schedule(new))
        if mismatches:
            return MISMATCH.fill(said=mismatches[0])
        self.read = "validation" in found.checked
        if self.read:
            self.tell("read-back", READ.fill(checked=", ".join(found.checked)))
        return None

    def _prove(self, judged: Judgement) -> None:
        """It is said once that a run has recovered; it is looked after to its end all the same."""
        if judged.standing == "recovered" and not self.proven:
            self.proven = True
            self.tell("decision", STAYS.fill(said=judged.says), outcome="recovered", work_dir=str(self.folder))

    def _in_budget(self, judged: Judgement | None = None) -> Outcome | None:
        """It goes on, unless a budget is spent."""
        spent = self.spent()
        if spent is None:
            return None
        self.running.end()
        if judged is not None and judged.standing == "recovered":
            return self._end("recovered", spent)
        self.over = spent
        return self._end("stopped", spent)

    def _end(self, outcome: Outcome, says: Words) -> Outcome:
        self.tell("end", says, outcome=outcome, work_dir=str(self.folder))
        return outcome


def _other_schedule(new: Run) -> Iterator[Words]:
    """The first rates after the very first, against those that the running config asks for."""
    off, rate = diagnosis.off_from_the_start(new), new.get("train/lr")
    if (
        off is not None
        and rate is not None
        and off.differs
        and not LOWER * off.asked <= off.logged <= HIGHER * off.asked
    ):
        epoch = number(float(rate.epoch[off.index]), 4)
        yield OTHER_SCHEDULE.fill(found=number(off.logged), epoch=epoch, asked=number(off.asked))


def seen(folder: Path, old: str) -> Run | None:
    """The restarted run as far as it has logged; None while there is nothing to read, or where it is the old run's own folder."""
    if not folder.is_dir() or str(folder.resolve()) == old:
        return None
    try:
        return pipeline.open_run(folder)
    except (CannotJudge, ConfigRefused):
        return None
