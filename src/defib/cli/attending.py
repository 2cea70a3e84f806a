"""`defib rescue --launch` and `defib history`: what is started, what it did, told line by line."""

from __future__ import annotations

import dataclasses
import shlex
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from defib.cli.attending_phrases import KINDS, SAYS
from defib.cli.choices import choice
from defib.launching.journal import Journal
from defib.launching.refusals import NothingOpen
from defib.records import to_json
from defib.reports.inert import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.records import Case, Entry
    from defib.words import Language

RELAPSED = 1
HISTORIES = ("text", "json")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with a plan beside writing it."""

    launch: bool = False
    dry: bool = False
    carry_on: bool = False
    command: str | None = None
    python: str | None = None
    attempts: int | None = None
    hours: float | None = None
    share: float | None = None
    slurm: str | None = None
    climb: bool = False
    silence: float | None = None
    """Minutes."""

    def __bool__(self) -> bool:
        """Whether anything is."""
        return self.launch or self.dry or self.carry_on


def attempts(run: str) -> int:
    """How many attempts the journal of a run tells of; one that was planned and never started is not one yet.

    Raises JournalUnreadable.
    """
    entries = Journal(Path(run).resolve()).entries()
    begun = max((one.attempt for one in entries), default=0)
    return begun - 1 if entries and entries[-1].kind == "plan" else begun


def planned(run: str) -> Case:
    """The case whose plan was started last.

    Raises NothingOpen.
    """
    from defib import pipeline

    path = Path(run).resolve()
    saved = next((one.plan for one in reversed(Journal(path).entries()) if one.plan is not None), None)
    case = None if saved is None else pipeline.open_case(Path(saved))
    if case is None or case.plan is None:
        raise NothingOpen(path=path)
    return case


def gpus(case: Case, wanted: Wanted, language: Language) -> int | None:
    """How many GPUs the run had, asked of who sits there; None where it is known, not needed, or nobody does."""
    from defib.records.plan import GPUS

    if not wanted or wanted.command is not None or case.plan is None or GPUS not in case.plan.command:
        return None
    if not sys.stdin.isatty():
        return None
    while (found := int(typer.prompt(SAYS["ask-gpus"].said(language), type=int))) < 1:
        pass  # asked again
    return found


def with_command(case: Case, wanted: Wanted, language: Language) -> Wanted:
    """What is wanted, with the command of a run that does not tell it, asked of who sits there."""
    known = not wanted or wanted.command is not None or case.plan is None or case.plan.command
    if known or not sys.stdin.isatty():
        return wanted
    return dataclasses.replace(wanted, command=typer.prompt(SAYS["ask-command"].said(language)))


def attend(case: Case, wanted: Wanted, language: Language) -> int:
    """Show what would be started, start it and stay, or look after what was started; returns the exit code.

    Raises LaunchRefused, CannotWrite.
    """
    from defib.supervision import Bedside, Orders
    from defib.supervision.orders import ATTEMPTS, SILENCE

    if case.plan is None:
        typer.echo(SAYS["no-plan"].said(language))
        return 0
    orders = Orders(
        template=wanted.command,
        python=wanted.python,
        attempts=ATTEMPTS if wanted.attempts is None else wanted.attempts,
        hours=wanted.hours,
        share=wanted.share,
        slurm=wanted.slurm,
        climb=wanted.climb,
        silence=SILENCE if wanted.silence is None else 60.0 * wanted.silence,
    )
    bedside = Bedside(case, orders, _told(language))
    if wanted.dry:
        _shown(bedside, language)
        return 0
    if wanted.carry_on:
        outcome = bedside.carry_on()
        if outcome is None:
            raise NothingOpen(path=case.run.path)
    else:
        typer.echo(SAYS["staying"].fill(journal=bedside.journal.path).said(language))
        outcome = bedside.run()
    return 0 if outcome == "recovered" else RELAPSED


def history(run: str, form: str | None, language: Language) -> int:
    """Tell what was tried, as a story; returns 0, and 3 where nothing was.

    Raises JournalUnreadable, NothingOpen, NoSuchChoice.
    """
    chosen = choice("--format", form, HISTORIES) or "text"
    path = Path(run).resolve()
    entries = Journal(path).entries()
    if not entries:
        raise NothingOpen(path=path)
    for entry in entries:
        if chosen == "json":
            sys.stdout.write(to_json(entry).decode() + "\n")
        else:
            typer.echo(line(entry, language))
    return 0


def line(entry: Entry, language: Language) -> str:
    """One line of the journal for a person.

    >>> from defib.records import Entry
    >>> from defib.words import same
    >>> line(Entry(kind="start", at=0.0, says=same("process 7")), "en")
    '1970-01-01 00:00:00 UTC  attempt 1  started    process 7'
    """
    when = datetime.fromtimestamp(entry.at, tz=UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    number = SAYS["attempt"].fill(number=entry.attempt).said(language)
    kind = KINDS[entry.kind].said(language)
    return clean(f"{when}  {number}  {kind:<9}  {entry.says.said(language)}")


def _told(language: Language) -> Callable[[Entry], None]:
    return lambda entry: typer.echo(line(entry, language))


def _shown(bedside: object, language: Language) -> None:
    """What would be started, so that it can be typed by hand as well."""
    from defib.supervision import Bedside

    assert isinstance(bedside, Bedside)
    what = bedside.dry()
    words = [f"{name}={shlex.quote(value)}" for name, value in what.added.items()]
    rows = (
        ("dry-folder", str(what.cwd)),
        ("dry-command", " ".join(words + [shlex.quote(word) for word in what.command])),
        ("dry-logs", str(what.work_dir or "-")),
        ("dry-journal", str(bedside.journal.path)),
    )
    for key, value in rows:
        typer.echo(SAYS[key].fill(value=clean(value)).said(language))
    typer.echo(SAYS["dry"].said(language))
