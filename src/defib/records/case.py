"""One run, judged, and how every record is saved as JSON and read again."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from defib.records.cause import Cause, Verdict
from defib.records.checkup import Checkup
from defib.records.facts import Record
from defib.records.plan import Plan
from defib.records.run import Run
from defib.words import Words

FORMAT = 1  # of the saved JSON


class Case(Record, frozen=True, kw_only=True, eq=False):
    """One run, judged: everything that defib has to say about it."""

    run: Run
    checkup: Checkup
    causes: tuple[Cause, ...] = ()
    plan: Plan | None = None
    verdict: Verdict
    says: Words
    """The one sentence that says what happened and what to do."""
    written: dict[str, str] = {}
    """Files that were written: `config`, `plan`, `report`, `weights`."""
    format: int = FORMAT


def to_json(record: Record) -> bytes:
    """Save a record as one line of JSON."""
    return _ENCODER.encode(record)


def from_json(text: bytes | str, kind: type[Any] = Case) -> Any:  # noqa: ANN401 (an instance of `kind`)
    """Read a record that `to_json` wrote.

    Raises msgspec.ValidationError (or DecodeError) when the text is not one.
    """
    return msgspec.json.decode(text, type=kind, dec_hook=_column)


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return [_json_number(item) for item in value.tolist()]
    if isinstance(value, np.generic):
        return value.item()
    message = f"{type(value).__name__} has no place in a record"
    raise TypeError(message)


def _json_number(item: float) -> float | int | str | None:
    if item != item:  # noqa: PLR0124 (NaN is the one number unlike itself)
        return None
    if item in (float("inf"), float("-inf")):
        return str(item)
    return int(item) if item.is_integer() else item


def _column(kind: type, value: object) -> object:
    if kind is np.ndarray and isinstance(value, list):
        return np.array([float("nan") if item is None else float(item) for item in value], dtype=np.float64)
    message = f"expected a list of numbers, found {type(value).__name__}"
    raise TypeError(message)


_ENCODER = msgspec.json.Encoder(enc_hook=_plain)
