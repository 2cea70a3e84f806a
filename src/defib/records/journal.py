"""What was done about a run, line by line: the story that survives the supervisor."""

from __future__ import annotations

from typing import Literal

from defib.records.facts import Fact, Record
from defib.words import Words

EntryKind = Literal["plan", "start", "read-back", "alarm", "decision", "end"]
Outcome = Literal["recovered", "relapsed", "stopped"]


class Process(Record, frozen=True, kw_only=True):
    """One process, so named that another one with the same number is not taken for it."""

    pid: int
    started: float
    """Unix seconds at which the system created it; they move when the clock is set."""
    host: str
    ticks: int | None = None
    """Clock ticks between the start of the machine and its birth, which no clock moves; null where the system does not tell."""
    boot: str | None = None
    """Which start of the machine that was."""


class Entry(Record, frozen=True, kw_only=True):
    """One line of the journal."""

    kind: EntryKind
    at: float
    """Unix seconds by the supervisor's clock; the order of the lines counts, not this."""
    attempt: int = 1
    """Counted from 1."""
    says: Words
    """What happened and why, as a sentence."""
    command: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    """What was set beside the environment that the process got."""
    cwd: str | None = None
    process: Process | None = None
    job: str | None = None
    """The number that a cluster's scheduler gave it."""
    work_dir: str | None = None
    """Where the restarted run logs."""
    plan: str | None = None
    """The saved plan that was started."""
    output: str | None = None
    """Where what the process prints goes."""
    outcome: Outcome | None = None
    """How the attempt ended; also `recovered` on the decision to stay by one that has proven itself."""
    step: str | None = None
    """The change that a plan tries beyond a recovery, `key=value`."""
    facts: tuple[Fact, ...] = ()
    format: int = 1
