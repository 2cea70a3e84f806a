"""What the texts beside a log say in words: `nohup.out`, `slurm-42.out`, a console log whose numbers are read elsewhere.

A message is placed among the records only where it is sure: in the log itself by its line; in a text that repeats the log
row for row (see `alongside`) by the rows above it; in another text at the start, when it is about loading, or at the end,
when the text was last written with the log and no training goes on below it.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from defib.reading import starting
from defib.reading.alongside import alongside
from defib.reading.console_lines import console_lines
from defib.reading.listening import Listener
from defib.reading.moments import moment_of
from defib.reading.source import Source
from defib.records import Point

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from defib.records import Event, Run

MOST_TEXTS = 20  # beside a log, those that were written last; assumed
PIECE = 2 * 2**20  # bytes from the beginning of a text, and as many from its end
LONGEST = 20_000  # characters of a line; what a program says in words is far shorter
TOGETHER = 120.0  # seconds between the last writing of a log and of what was printed at its end; assumed

_TEXTS = frozenset({".log", ".out", ".err", ".txt", ".stdout", ".stderr", ".o", ".e"})
_JOB = re.compile(r"\.[oe]\d{1,12}$")  # what PBS and SGE write: train.o12345
_AT_START = frozenset({"loaded", "resumed", "not-matched", "head-not-loaded"})
_AT_END = frozenset({"out-of-memory", "killed", "nan-stop", "traceback"})
_NO_TRAINING = ("wandb:", "slurmstepd:", "srun:")
"""What is printed when training is over may speak of steps and epochs."""
_NUMBERS_ONLY = (b"{", b"[")


def printed(path: Path) -> tuple[Event, ...]:
    """What a program said in words, in the order in which it was printed; nothing where there is no such file."""
    try:
        return tuple(_listen(Source(path.name, path=path), clock=False).listener.events)
    except OSError:
        return ()


class Heard(NamedTuple):
    """What one text says, and the last of its lines that names a moment of training (0 where none does)."""

    listener: Listener
    last_moment: int


def overheard(run: Run, mine: Sequence[Source], sources: Sequence[Source]) -> Run:
    """The run with what its own texts, and those beside them, say in words. Nothing that a format knows is replaced.

    mine: the logs that were read. sources: all texts of the folder.
    """
    names = {source.name for source in mine}
    events = list(run.events)
    told = {event.place.file for event in events if event.place is not None}
    heard: list[Heard] = []
    for source in mine:
        if source.name not in told and not source.head.lstrip().startswith(_NUMBERS_ONLY) and _is_text(source):
            heard.append(_listen(source, clock=False))
            events += _placed_by_line(heard[-1].listener, run)
    others = [source for source in sources if source.name not in names and _is_text(source) and _printed(source)]
    written = max((_written(source) for source in mine), default=0.0)
    newest = sorted(others, key=_written, reverse=True)[:MOST_TEXTS]
    for source in (one for one in others if one in newest):  # in the order of the folder
        heard.append(_listen(source, clock=True))
        placed = alongside(run, source, heard[-1].listener.events)
        together = _written(source) >= written - TOGETHER
        events += _placed_by_kind(heard[-1], run, together=together) if placed is None else placed
    if not heard:
        return run
    facts = {kind: text for one in heard for kind, (text, _) in one.listener.facts.items()}
    launch = run.launch
    if launch.gpus is None and "gpus" in facts:
        launch = msgspec.structs.replace(launch, gpus=int(facts["gpus"]))
    seconds = run.seconds_per_epoch or starting.seconds([text for one in heard for text in one.listener.seconds])
    return msgspec.structs.replace(run, events=tuple(events), launch=launch, seconds_per_epoch=seconds)


def _listen(source: Source, *, clock: bool) -> Heard:
    listener, last = Listener(source.name), 0
    for number, line in _lines(source):
        before = len(listener.events)
        listener.line(line, number, Point(), 0)
        if not clock or len(listener.events) > before or line.startswith(_NO_TRAINING):
            continue
        if moment_of(line[:300]) != (None, None, None):
            last = number
    return Heard(listener, last)


def _lines(source: Source) -> Iterator[tuple[int, str]]:
    """The lines of a text with their numbers; of a long one those of its beginning and of its end."""
    data = source.data
    if len(data) <= 2 * PIECE:
        yield from console_lines(data.decode("utf-8", "replace"), LONGEST)
        return
    begin = data.index(b"\n", PIECE) + 1 if b"\n" in data[PIECE : 2 * PIECE] else PIECE
    yield from console_lines(data[:begin].decode("utf-8", "replace"), LONGEST)
    end = max(data.rfind(b"\n", 0, len(data) - PIECE) + 1, begin)
    skipped = data.count(b"\n", 0, end)
    for number, line in console_lines(data[end:].decode("utf-8", "replace"), LONGEST):
        yield number + skipped, line


def _placed_by_line(listener: Listener, run: Run) -> Iterator[Event]:
    """The messages of a log that holds the numbers too: after the records that stand above them."""
    if listener.name not in run.files:
        return
    file = run.files.index(listener.name)
    pairs = [(one.line[one.file == file], one.record[one.file == file]) for one in run.series]
    lines = np.concatenate([line for line, _ in pairs]) if pairs else np.empty(0)
    records = np.concatenate([record for _, record in pairs]) if pairs else np.empty(0)
    if not len(lines):
        return
    first = float(lines.min())
    for event in listener.events:
        number = event.place.line if event.place is not None and event.place.line is not None else 0
        above = records[lines < number]
        before = int(above.max()) + 1 if len(above) else 0
        if before or number < first:
            at = run.moment(before - 1) if before else Point()
            yield msgspec.structs.replace(event, record=before, at=at)


def _placed_by_kind(heard: Heard, run: Run, *, together: bool) -> Iterator[Event]:
    for event in heard.listener.events:
        number = event.place.line if event.place is not None and event.place.line is not None else 0
        if event.kind in _AT_START:
            yield event
        elif event.kind in _AT_END and together and number > heard.last_moment:
            yield msgspec.structs.replace(event, record=run.records, at=run.moment(run.records - 1))


def _is_text(source: Source) -> bool:
    try:
        return not source.binary and not source.head.startswith(b"\x89")
    except OSError:
        return False


def _printed(source: Source) -> bool:
    """Whether a file is what a program printed, by its name: its content may be anything."""
    name = PurePath(source.name).name
    return PurePath(name).suffix.lower() in _TEXTS or _JOB.search(name) is not None or name == "nohup"


def _written(source: Source) -> float:
    try:
        return 0.0 if source.path is None else source.path.stat().st_mtime
    except OSError:
        return 0.0
