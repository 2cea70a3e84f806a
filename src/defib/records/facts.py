"""What every record is, and the moments, places and values that all of them speak of."""

from __future__ import annotations

from typing import Any

import msgspec


class Record(msgspec.Struct, frozen=True):
    """The parent of all records: frozen, saved as a JSON object. Its children are keyword-only."""


class Point(Record, frozen=True, kw_only=True):
    """A moment of a run."""

    step: int | None = None
    """Optimiser steps done, counted from the start of the run."""
    epoch: float | None = None
    """The epoch, counted from 1."""


class Place(Record, frozen=True, kw_only=True):
    """Where a number stands."""

    file: str
    """As the user would name it: relative to the run's folder where there is one."""
    line: int | None = None
    """Counted from 1."""


class Fact(Record, frozen=True, kw_only=True):
    """One measured value, when it was measured and where it stands."""

    metric: str
    """A series key such as `val/top1/fused`, or a setting such as `lr`."""
    value: Any
    at: Point = Point()
    place: Place | None = None
