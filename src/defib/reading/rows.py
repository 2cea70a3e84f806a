"""Rows of numbers as they were logged, and how they become series."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from defib import metrics
from defib.records import Event, Segment, Series, Tracked, columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from defib.records import Launch
    from defib.words import Words

SINGLE_BATCH = frozenset({"train/top1", "train/top5"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One logged row."""

    split: str
    """`train`, `val` or `test`; empty where the names say it."""
    values: dict[str, float]
    """By the name in the log."""
    step: float = math.nan
    epoch: float = math.nan
    line: int = 0
    file: int = 0


@dataclass(slots=True, kw_only=True)
class Pieces:
    """What a format took out of one source."""

    rows: list[Row] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)
    lines: int = 0
    percent: frozenset[str] = frozenset()
    """Names whose values were written with a per-cent sign."""
    known: dict[str, str] = field(default_factory=dict)
    """Canonical keys of names that the format itself understands, such as a table's headers."""
    ignored: frozenset[str] = frozenset()
    """Names that are bookkeeping and no metrics."""
    launch: Launch | None = None
    tracked: Tracked | None = None
    segments: list[Segment] = field(default_factory=list)
    single_batch: bool = False
    """Training accuracies are those of one batch."""
    seconds_per_epoch: float | None = None


def series_of(rows: Iterable[Row], pieces: Pieces) -> tuple[tuple[Series, ...], tuple[str, ...]]:
    """All series of the rows, and the names that were not understood.

    A row is a record: points of one row have the same record number.
    """
    points: dict[str, list[tuple[float, ...]]] = {}
    raws: dict[str, str] = {}
    unknown: dict[str, None] = {}
    percent: set[str] = set()
    for record, row in enumerate(rows):
        for raw, value in row.values.items():
            key = pieces.known.get(raw) or _key(raw, row.split)
            if key is None:
                if raw not in pieces.ignored:
                    unknown[raw] = None
                continue
            raws.setdefault(key, raw)
            if raw in pieces.percent:
                percent.add(key)
            points.setdefault(key, []).append((row.step, row.epoch, value, record, row.line, row.file))
    found = [_series(key, raws[key], rows_, pieces, written=key in percent) for key, rows_ in points.items()]
    return tuple(found), tuple(unknown)


def _key(raw: str, split: str) -> str | None:
    meaning = metrics.recognise(raw, split)
    return None if meaning is None else meaning.key


def _series(key: str, raw: str, points: list[tuple[float, ...]], pieces: Pieces, *, written: bool) -> Series:
    meaning = metrics.recognise(key)
    assert meaning is not None, key
    values = [point[2] for point in points]
    scale = metrics.scale_to_percent(meaning.measure, values, written_percent=written)
    scaled = [(*point[:2], point[2] * scale, *point[3:]) for point in points] if scale != 1.0 else points
    return Series(
        key=key,
        metric=meaning.metric,
        branch=meaning.branch,
        raw=raw,
        unit=meaning.measure.unit,
        better=meaning.measure.better,
        scale=scale,
        single_batch=pieces.single_batch and meaning.metric in SINGLE_BATCH,
        **columns(scaled),  # type: ignore[arg-type]  # a dict of columns by their names
    )


def at_file(row: Row, file: int) -> Row:
    """The same row, in another file of the run."""
    return replace(row, file=file)
