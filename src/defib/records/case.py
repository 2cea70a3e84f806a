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
MOST_WHOLE = 2.0**53  # from here on a float holds no fraction and JSON readers keep no exact integer


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
    """Files that were written: `config`, `plan`, `report`, `page`, `weights`."""
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
        return _json_numbers(value)
    if isinstance(value, np.generic):
        return value.item()
    message = f"{type(value).__name__} has no place in a record"
    raise TypeError(message)


def _json_numbers(column: np.ndarray) -> list[float | int | str]:
    """A column as JSON holds it: whole numbers without a point, an infinity by its name, NaN as null (msgspec does that).

    >>> _json_numbers(np.array([1.0, 0.5, -np.inf, 1e300]))
    [1, 0.5, '-inf', 1e+300]
    """
    whole = (np.abs(column) < MOST_WHOLE) & (column == np.floor(column))
    if whole.all():
        return list(column.astype(np.int64).tolist())
    found: list[float | int | str] = list(column.tolist())
    for index in np.flatnonzero(whole).tolist():
        found[index] = int(found[index])
    for index in np.flatnonzero(np.isinf(column)).tolist():
        found[index] = str(found[index])
    return found


def _column(kind: type, value: object) -> object:
    if kind is np.ndarray and isinstance(value, list):
        return np.array([float("nan") if item is None else float(item) for item in value], dtype=np.float64)
    message = f"expected a list of numbers, found {type(value).__name__}"
    raise TypeError(message)


_ENCODER = msgspec.json.Encoder(enc_hook=_plain)
