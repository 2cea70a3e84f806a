"""`defib watch`: looks, shows, tells."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import typer

from defib.cli import ward
from defib.cli.watching_phrases import SAYS
from defib.cli.work import code_of
from defib.errors import NothingReadable
from defib.reports.inert import clean
from defib.reports.names import SHORT_VERDICTS
from defib.reports.quantities import moment
from defib.watching.watcher import EVERY, watched

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defib.cli.crier import Crier
    from defib.pipeline import Asked
    from defib.serving.address import Address
    from defib.watching.watcher import Look, Watcher
    from defib.words import Language

UNREADABLE = NothingReadable.exit_code


def watch(
    runs: Sequence[str],
    everything: Sequence[str],
    asked: Asked,
    language: Language,
    *,
    once: bool,
    every: float | None,
    told: Crier | None = None,
) -> int:
    """Watch until it is interrupted, or look once; returns the highest exit code of the last look.

    told: who tells people of what is new.
    """
    watcher = watched(list(runs) or ([] if everything else ["."]), everything, asked)
    if once:
        looks = watcher.look()
        _print(looks, watcher, language)
        if told is not None:
            told.tell(looks)
        return code(looks)
    stop = Event()
    with _ending(stop):
        for looks in _shown(watcher, stop, EVERY if every is None else every, language):
            last = looks
            if told is not None:
                told.tell(looks)
    return code(last)


def served(
    runs: Sequence[str],
    everything: Sequence[str],
    asked: Asked,
    language: Language,
    *,
    at: Address,
    every: float | None,
    told: Crier | None = None,
) -> int:
    """Watch and serve the page until it is interrupted; returns the highest exit code of the last look.

    Raises ServerMissing, NotServed.
    """
    from defib.serving.app import serve
    from defib.serving.board import Board

    watcher = watched(list(runs) or ([] if everything else ["."]), everything, asked)
    board, stop, last, failed = Board(language), Event(), list["Look"](), list[BaseException]()

    def look() -> None:
        try:
            for looks in watcher.looks(stop, EVERY if every is None else every):
                board.publish(looks)
                last[:] = looks
                if told is not None:
                    told.tell(looks)
        except BaseException as error:  # noqa: BLE001 (a page that nobody keeps fresh must not go on as if it were)
            failed.append(error)
        finally:
            stop.set()

    looking = Thread(target=look, name="looking")
    with _ending(stop):
        looking.start()
        try:
            serve(board, at, stop, lambda address: typer.echo(SAYS["serving"].fill(address=address).said(language)))
        finally:
            stop.set()
            looking.join()
    if failed:
        raise failed[0]
    return code(last)


def code(looks: Sequence[Look]) -> int:
    """The highest exit code: 1 where somebody has to act, 3 where nothing could be judged."""
    return max([UNREADABLE if look.case is None else code_of(look.case) for look in looks], default=0)


def _shown(watcher: Watcher, stop: Event, every: float, language: Language) -> Iterator[tuple[Look, ...]]:
    """On a terminal a view that is kept fresh; elsewhere a line whenever something is new."""
    if not sys.stdout.isatty():
        told: dict[str, str] = {}
        for looks in watcher.looks(stop, every):
            for look in looks:
                said = _line(look, language)
                if told.get(str(look.path)) != said.partition("  ")[2]:
                    told[str(look.path)] = said.partition("  ")[2]
                    typer.echo(said)
            yield looks
        return
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console(), auto_refresh=False) as live:
        for looks in watcher.looks(stop, every):
            live.update(ward.ward(looks, language, live=True) if looks else _none(watcher, language), refresh=True)
            yield looks


def _line(look: Look, language: Language) -> str:
    at, path = moment(look.at), clean(str(look.path))
    if look.case is None or look.refused is not None:
        assert look.refused is not None
        return clean(SAYS["gone"].fill(at=at, path=path, says=look.refused).said(language))
    verdict = SHORT_VERDICTS[look.case.verdict]
    return clean(SAYS["changed"].fill(at=at, path=path, verdict=verdict, says=look.case.says).said(language))


def _print(looks: Sequence[Look], watcher: Watcher, language: Language) -> None:
    from rich.console import Console

    Console().print(ward.ward(looks, language) if looks else _none(watcher, language))


def _none(watcher: Watcher, language: Language) -> str:
    return SAYS["none"].fill(folder=", ".join(map(str, watcher.below))).said(language)


@contextmanager
def _ending(stop: Event) -> Iterator[None]:
    """Ctrl-C and a termination end the watch between two looks, with its exit code."""
    before = {one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
