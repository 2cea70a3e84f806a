"""The mm console log, line by line: numbers, the moment each line was written, what it says in words, how it started."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from defib.reading.listening import Listener
from defib.records import Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from defib.reading.source import Source

LONGEST = 100_000  # characters; a longer line is no line of a console log

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_STAMP = re.compile(r"\s*(?:(\d{4})[/-])?(\d{2})[/-](\d{2}) (\d{2}):(\d{2}):(\d{2})(?:,\d+)? - ")
_PROGRESS = re.compile(
    r"(?P<unit>Epoch|Iter)\((?P<split>train|val)\)\s*(?:\[\s*(?P<epoch>\d{1,6})\]\s*)?"
    r"\[\s*(?P<at>\d{1,9})/\s*(?P<of>\d{1,9})\](?P<rest>.*)"
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """One line with metrics. `per_epoch` is the number of iterations in an epoch, where the log counts epochs."""

    line: int
    split: str
    values: list[tuple[str, object]]
    step: int | None
    epoch: int | None
    per_epoch: int | None


@dataclass(slots=True)
class Console:
    """What a console log tells."""

    name: str
    lines: int = 0
    numbers: list[Numbers] = field(default_factory=list)
    finished: list[tuple[int, float]] = field(default_factory=list)
    """(epoch, seconds) at which evaluations were printed."""
    resumed: Point | None = None
    half: bool = False
    heard: Listener = field(init=False)
    """What it says in words; an event's record counts the numbers before it."""

    def __post_init__(self) -> None:
        """Start to listen."""
        self.heard = Listener(self.name)


def is_console(source: Source) -> bool:
    """Whether a text begins like an mmengine console log, or is a piece of one."""
    text = source.head.decode("utf-8", "replace")
    return " - mmengine - " in text or any(
        match["epoch"] is not None or match["unit"] == "Iter" for match in _PROGRESS.finditer(text)
    )


def read_console(source: Source) -> Console:
    """Go through a console log once."""
    console = Console(source.name)
    lines = source.text.split("\n")
    console.lines = len(lines)
    # The last piece is empty when the file ends with a line's end; else its numbers may still grow digits.
    console.half = bool(lines.pop().strip())
    at = Point()
    heard = console.heard
    for number, raw in enumerate(lines, start=1):
        if len(raw) > LONGEST:
            continue
        line = _COLOUR.sub("", raw.rstrip("\r")) if "\x1b" in raw else raw.rstrip("\r")
        match = _PROGRESS.search(line) if "(train)" in line or "(val)" in line else None
        if match is not None:
            at = _progress(console, match, line, number, at)
            continue
        told = heard.line(line, number, at, len(console.numbers))
        if told is not None and told[0].kind == "resumed":
            console.resumed = at = told[1]
    return console


def values_of(rest: str) -> Iterator[tuple[str, object]]:
    """The `key: value` pairs of a line; keys may hold spaces, so pairs are two or more spaces apart.

    >>> list(values_of("  coco/AP (M): -1.0  eta: 0:43:03  loss: nan"))
    [('coco/AP (M)', -1.0), ('loss', nan)]
    """
    return numbers_of(re.split(r"\s{2,}", rest.strip()))


def numbers_of(pairs: Iterable[str]) -> Iterator[tuple[str, object]]:
    """The `key: value` pairs whose value is a number; times to go, tags and copies of several numbers are not."""
    for pair in pairs:
        name, colon, text = pair.rpartition(": ")
        if not colon:
            continue
        try:
            value = float(text)
        except ValueError:
            continue
        yield name.strip(), value


def _progress(console: Console, match: re.Match[str], line: str, number: int, at: Point) -> Point:
    """One `Epoch(train)` or `Epoch(val)` line; gives the moment that it stands for."""
    done, of = int(match["at"]), int(match["of"])
    epoch = None if match["epoch"] is None else int(match["epoch"])
    if match["split"] == "train":
        if match["unit"] == "Epoch" and epoch is None:
            return at
        step = done if epoch is None else (epoch - 1) * of + done
        values = list(values_of(match["rest"]))
        per_epoch = None if epoch is None else of
        console.numbers.append(Numbers(number, "train", values, max(step, 0), epoch, per_epoch))
        return Point(step=max(step, 0), epoch=None if epoch is None else float(epoch))
    if done != of or "eta: " in match["rest"]:
        return at  # progress within an evaluation
    values = list(values_of(match["rest"]))
    if not values:
        return at
    step_before = at.step
    console.numbers.append(Numbers(number, "val", values, step_before, epoch, None))
    seconds = _seconds(line)
    if epoch is not None and seconds is not None:
        console.finished.append((epoch, seconds))
    return Point(step=step_before, epoch=at.epoch if epoch is None else float(epoch))


def _seconds(line: str) -> float | None:
    """When a line was written, in seconds of the log's own clock."""
    stamp = _STAMP.match(line)
    if stamp is None:
        return None
    year, *rest = stamp.groups()
    month, day, hour, minute, second = map(int, rest)
    try:
        # Only differences are used, so the time zone does not matter; a log without years gets a leap year.
        return datetime(int(year or 2000), month, day, hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:
        return None
