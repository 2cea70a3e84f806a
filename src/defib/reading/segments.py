"""Where a run stopped and went on: resumed, restarted from nothing, and which rows count in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from defib.reading.ledger import Kept
from defib.records import Point, Segment
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.reading.ledger import Ledger

RESTARTED = Words(
    en="the run was started from nothing {times} times in this place; the last start is judged, and {rows} rows of the earlier ones are left out",
    zh="这里的训练从头开始了 {times} 次；判断以最后一次为准，之前的 {rows} 行记录未采用",
)
SUPERSEDED = Words(
    en="the run resumed at {where} and ran that part again; {rows} rows from before the resume are replaced by the later ones",
    zh="训练在 {where} 处恢复，并重新跑了这一段；恢复之前的 {rows} 行记录已由之后的记录取代",
)


@dataclass(frozen=True, slots=True)
class Session:
    """One process as the files tell: its first row, and where its console log says that it resumed."""

    row: int
    file: str
    resumed: Point | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """The segments that continue each other up to the end of the run, and the rows that count."""

    segments: tuple[Segment, ...]
    kept: Kept
    records: int
    notes: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class _Start:
    row: int
    file: str
    resumed: bool
    at: float  # on the clock; rows of earlier segments from here on ran again


def chain(ledger: Ledger, sessions: Sequence[Session], *, tabular: bool = False, silent: int = 0) -> Chain:
    """Split the rows into segments and keep the last chain of them.

    sessions: in order of time. tabular: the rows are one table, which may begin at any epoch. silent: starts from
    nothing before the last one that logged no row at all; they are only counted.
    """
    count = len(ledger)
    if count == 0:
        return Chain((), ledger.all_kept(), 0, ())
    step, epoch = np.array(ledger.step), np.array(ledger.epoch)
    trains = np.flatnonzero(np.array(ledger.train) & ~np.isnan(step))
    # In an epoch-based log only train rows know the step; where there are none, the epoch is the only clock.
    clock, ticks = (epoch, np.arange(count)) if tabular or not len(trains) else (step, trains)
    if np.isnan(clock).all():
        clock = step
    ticks = ticks[~np.isnan(clock[ticks])]
    starts = _starts(sessions, clock, ticks, epoch, tabular=tabular)
    first = max((index for index, start in enumerate(starts) if not start.resumed), default=0)
    begin = starts[first].row
    mask = np.arange(count) >= begin
    notes = []
    if begin or silent:
        times = 1 + silent + sum(not start.resumed for start in starts[1:])
        notes.append(RESTARTED.fill(times=times, rows=begin))
    for start in starts[first + 1 :]:
        before = mask & (np.arange(count) < start.row)
        gone = before & (clock >= start.at)
        if clock is step:  # an evaluation whose step is not known is placed by its epoch
            gone |= before & np.isnan(step) & (epoch >= epoch[start.row])
        if gone.any():
            mask &= ~gone
            place = _place(step[start.row], epoch[start.row])
            notes.append(SUPERSEDED.fill(where=place, rows=int(gone.sum())))
    segments = tuple(
        Segment(
            start=Point(step=_known(step[start.row]), epoch=_number(epoch[start.row])),
            record=start.row - begin,
            file=start.file,
            resumed=start.resumed,
        )
        for start in starts[first:]
    )
    return Chain(segments, Kept(mask, begin), count - begin, tuple(notes))


def _starts(
    sessions: Sequence[Session], clock: np.ndarray, ticks: np.ndarray, epoch: np.ndarray, *, tabular: bool
) -> list[_Start]:
    """Every first row of a segment: a new session, or a clock that goes back within one."""
    known = {session.row: session for session in sessions if session.row < len(clock)}
    back = ticks[1:][np.diff(clock[ticks]) < 0] if len(ticks) > 1 else ticks[:0]
    rows = {0, *known}
    for row in back.tolist():
        previous = int(ticks[np.searchsorted(ticks, row) - 1])
        if not any(previous < start <= row for start in known):  # a session that began meanwhile explains it
            rows.add(row)
    starts: list[_Start] = []
    for row in sorted(rows):
        file = next((session.file for session in reversed(sessions) if session.row <= row), "")
        told = known[row].resumed if row in known else None
        after = ticks[np.searchsorted(ticks, row) :]
        at = float(clock[after[0]]) if len(after) else float("inf")
        resumed = told is not None or (not (tabular and row == 0) and _goes_on(clock, after, epoch))
        if told is not None and told.step is not None and len(after):
            at = min(at, told.step + 1.0)
        starts.append(_Start(row, file, resumed, at))
    return starts


def _goes_on(clock: np.ndarray, ticks: np.ndarray, epoch: np.ndarray) -> bool:
    """Whether the rows from here on carry on from something earlier, judged by the first of them."""
    if not len(ticks):
        return False
    first = float(clock[ticks[0]])
    counted = float(epoch[ticks[0]])
    if not np.isnan(counted):
        return counted >= 2  # noqa: PLR2004 (epochs count from 1, so a run that begins at 2 has a past)
    interval = float(clock[ticks[1]]) - first if len(ticks) > 1 else first
    return interval > 0 and first > 2 * interval  # a fresh run logs its first row after one interval


def _place(step: float, epoch: float) -> Words:
    if not np.isnan(epoch):
        return Words(en="epoch {at}", zh="第 {at} 轮").fill(at=float(epoch))
    return Words(en="step {at}", zh="第 {at} 步").fill(at=float(step))


def _known(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
