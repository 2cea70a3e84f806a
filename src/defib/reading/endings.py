"""Whether the last row of a table is whole although its line has no end: many programs write no last line break."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LAST_ROWS = 6  # rows that are looked at, the last one included; assumed
DIFFERENT = 3  # last numbers above it that must differ; assumed: a learning rate of 0.001 may become 0.0005
MOST_DECIMALS = 6  # assumed: a program that rounds writes no more, and one that does not writes any number of them

_ROUNDED = re.compile(r"-?\d{1,12}\.(?P<decimals>\d{1,40})", re.ASCII)


def last_is_whole(rows: Sequence[Sequence[str]], columns: int) -> bool:
    """Whether the last row can hold no more than it does: all its cells are there, and its last number is as long as those above.

    rows: the last `LAST_ROWS` of the table. A number that may go on (`0.5`, an integer, an exponent) is not accepted.

    >>> above = [["1", "0.125"], ["2", "0.250"], ["3", "0.375"], ["4", "0.500"], ["5", "0.625"]]
    >>> last_is_whole([*above, ["6", "0.750"]], 2), last_is_whole([*above, ["6", "0.75"]], 2), last_is_whole(above, 2)
    (True, False, False)
    """
    if len(rows) < LAST_ROWS or any(len(row) != columns for row in rows):
        return False
    if len({row[-1] for row in rows[:-1]}) < DIFFERENT:
        return False
    found = [_ROUNDED.fullmatch(row[-1]) for row in rows]
    decimals = {0 if match is None else len(match["decimals"]) for match in found}
    return len(decimals) == 1 and 0 < decimals.pop() <= MOST_DECIMALS
