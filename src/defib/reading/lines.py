"""JSON lines as logs have them: half-written ends, bare NaN, merge-conflict markers, foreign lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

_DECODER = msgspec.json.Decoder()
_LOOSE = ("NaN", "Infinity")


class Line(NamedTuple):
    """One line that held a JSON object, or None when it held something else."""

    number: int
    value: dict[str, Any] | None


def objects(text: str) -> Iterator[Line]:
    """Each line that is not empty, numbered from 1; a last line without its end counts only when it is complete."""
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if stripped:
            yield Line(number, _object(stripped))


def _object(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        value = _DECODER.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        value = _loose(line)
    return value if isinstance(value, dict) else None


def _loose(line: str) -> Any:  # noqa: ANN401 (any JSON value)
    """Python's own dialect, with bare NaN and Infinity; anything else stays unread."""
    if not any(word in line for word in _LOOSE):
        return None
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def number_of(value: object) -> float | None:
    """A JSON value as a number; booleans are none, and integers beyond floats are infinite.

    >>> number_of(3), number_of(True), number_of("3")
    (3.0, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
