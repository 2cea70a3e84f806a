"""The numbers in the cells of a table that a program wrote."""

from __future__ import annotations

import re

from defib.reading.tables import count

LONGEST = 60  # characters; no program writes a longer number

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:nan|inf(?:inity)?)", re.IGNORECASE | re.ASCII)
_COMMA = re.compile(r"[-+]?\d+,\d+(?:e[-+]?\d+)?", re.IGNORECASE | re.ASCII)
_TENSOR = re.compile(r"tensor\(\s*([-+.\w]{1,40})\s*(?:,[^)]{0,60})?\)")


def decimal(cell: str, *, comma: bool = False) -> float | None:
    """The number in a cell, or None for anything else.

    comma: commas are decimal points here, because the cells are apart by something else.

    >>> decimal("0.5"), decimal("83.2%"), decimal("0,5"), decimal("0,5", comma=True), decimal("1_000"), decimal("tensor(0.5)")
    (0.5, 83.2, None, 0.5, None, 0.5)
    """
    if not cell or len(cell) > LONGEST:
        return None
    text = cell.removesuffix("%").rstrip()
    if comma and _COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if _NUMBER.fullmatch(text):
        return float(text)
    inside = _TENSOR.fullmatch(text)
    return float(inside[1]) if inside is not None and _NUMBER.fullmatch(inside[1]) else None


def clock_of(cell: str) -> float | None:
    """The epoch or step in a cell.

    >>> clock_of("12"), clock_of("3/20"), clock_of("1e3"), clock_of("-1"), clock_of("soon")
    (12.0, 3.0, 1000.0, None, None)
    """
    found = decimal(cell)
    if found is None:
        found = count(cell)
    return found if found is not None and 0 <= found < float("inf") else None
