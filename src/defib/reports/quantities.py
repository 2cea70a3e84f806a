"""Numbers with their units, lengths of time, moments and places, as a person writes them."""

from __future__ import annotations

import math
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from defib.records import Place
from defib.reports import phrases
from defib.reports.inert import clean
from defib.words import Words, in_unit, number, same

if TYPE_CHECKING:
    from collections.abc import Iterable

    from defib.records import Fact, Point

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
SHOWN_PLACES = 3


def hours(seconds: float | None) -> Words:
    """A length of time in the unit that a person would choose.

    >>> hours(40500).en, hours(40500).zh, hours(810).zh, hours(45).en, hours(None).zh
    ('11.25 h', '11.25 小时', '13.5 分钟', '45 s', '未知')
    >>> hours(3600 * 72).en, hours(float("nan")).en, hours(3599.9).en
    ('72 h (3 days)', 'not known', '1 h')
    """
    if seconds is None or not math.isfinite(seconds) or seconds < 0:
        return phrases.UNKNOWN
    if seconds < MINUTE:
        return phrases.SECONDS.fill(value=number(seconds, 2))
    if round(seconds / MINUTE, 1) < MINUTE:
        return phrases.MINUTES.fill(value=number(round(seconds / MINUTE, 1)))
    value = number(round(seconds / HOUR, 2), 6)
    if seconds < 2 * DAY:
        return phrases.HOURS.fill(value=value)
    return phrases.DAYS.fill(value=number(round(seconds / HOUR)), days=number(round(seconds / DAY, 1)))


def roughly(value: float, unit: str) -> str:
    """An expected value with its unit: two decimals would promise more than a forecast can.

    >>> roughly(66.54, "%"), roughly(60.0, "%"), roughly(0.2512, "")
    ('66.5%', '60%', '0.25')
    """
    return (
        f"{number(round(value, 1))}%" if unit == "%" and math.isfinite(value) else in_unit(float(f"{value:.2g}"), unit)
    )


def epoch_number(epoch: float | None) -> str | None:
    """An epoch without a needless decimal.

    >>> epoch_number(11.0), epoch_number(11.5), epoch_number(None)
    ('11', '11.5', None)
    """
    return None if epoch is None else number(epoch)


def when(point: Point) -> Words:
    """A moment of the run: the epoch if it is known, else the step.

    >>> from defib.records import Point
    >>> when(Point(epoch=12.0)).zh, when(Point(step=300)).en, when(Point()).zh
    ('第 12 轮', 'step 300', '未知')
    """
    if point.epoch is not None:
        return phrases.AT_EPOCH.fill(epoch=number(point.epoch))
    return phrases.UNKNOWN if point.step is None else phrases.AT_STEP.fill(step=point.step)


def moment(seconds: float | None, zone: tzinfo | None = None) -> Words:
    """A moment of the world, in this zone or else in the machine's own.

    >>> moment(1763825400.0, UTC).en, moment(None).zh
    ('2025-11-22 15:30 UTC', '未知')
    """
    try:
        there = datetime.fromtimestamp(seconds if seconds is not None else math.nan, tz=UTC).astimezone(zone)
    except (ValueError, OverflowError, OSError):
        return phrases.UNKNOWN
    offset = there.strftime("%z")
    name = "UTC" if offset in ("", "+0000") else f"UTC{offset[:3]}:{offset[3:5]}"
    return same(f"{there:%Y-%m-%d %H:%M} {name}")


def place_text(place: Place) -> str:
    """`file:line`, or the file alone.

    >>> place_text(Place(file="a.log", line=7))
    'a.log:7'
    """
    return clean(place.file if place.line is None else f"{place.file}:{place.line}")


def places(facts: Iterable[Fact]) -> Words | None:
    """Where a few facts stand, each place once and a file's name once; None when nobody knows.

    >>> from defib.records import Fact
    >>> places(Fact(metric="lr", value=1, place=Place(file="a.log", line=line)) for line in (7, 7, 9)).en
    'a.log:7, :9'
    """
    found = list(dict.fromkeys((fact.place.file, fact.place.line) for fact in facts if fact.place is not None))
    if not found:
        return None
    shown = ", ".join(
        f":{line}"
        if index and line is not None and file == found[index - 1][0]
        else place_text(Place(file=file, line=line))
        for index, (file, line) in enumerate(found[:SHOWN_PLACES])
    )
    if len(found) <= SHOWN_PLACES:
        return same(shown)
    more = phrases.AND_MORE.fill(count=len(found) - SHOWN_PLACES)
    return Words(f"{shown}, {more.en}", f"{shown}，{more.zh}")
