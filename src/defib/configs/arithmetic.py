"""Arithmetic on constants, as configs use it (`lr=0.01 * 4 / 8`), within bounds that no config can exceed."""

from __future__ import annotations

import ast
import math
import operator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Number = int | float

LARGEST = 2**63 - 1  # what JSON readers agree on
LONGEST = 10_000  # characters of a text that was put together
LARGEST_POWER = 64

_SIMPLE: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def representable(value: object) -> bool:
    """Whether a constant has a place in a saved record: finite numbers of 64 bits, text, True, False, None.

    >>> representable(0.5), representable(10**30), representable(b"x"), representable(1e999)
    (True, False, False, False)
    """
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        return -LARGEST - 1 <= value <= LARGEST
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


def compute(left: object, kind: ast.operator, right: object) -> Number | str | None:
    """The result of `left kind right` for two numbers or two texts; None when it is not ours to compute.

    >>> compute(0.01, ast.Div(), 8), compute("a", ast.Add(), "b"), compute(10, ast.Pow(), 10**9)
    (0.00125, 'ab', None)
    """
    if isinstance(left, str) and isinstance(right, str) and isinstance(kind, ast.Add):
        return left + right if len(left) + len(right) <= LONGEST else None
    if not _number(left) or not _number(right):
        return None
    assert isinstance(left, int | float)
    assert isinstance(right, int | float)
    try:
        result = _power(left, right) if isinstance(kind, ast.Pow) else _SIMPLE[type(kind)](left, right)
    except (ArithmeticError, KeyError, ValueError):
        return None
    return result if representable(result) else None


def negate(kind: ast.unaryop, value: object) -> Number | None:
    """The result of a sign before a number; None when it is not ours to compute."""
    if not _number(value):
        return None
    assert isinstance(value, int | float)
    if isinstance(kind, ast.USub):
        return -value if representable(-value) else None
    return +value if isinstance(kind, ast.UAdd) else None


def _power(left: Number, right: Number) -> Number:
    if abs(left) > LARGEST_POWER or abs(right) > LARGEST_POWER:
        raise OverflowError
    result = left**right
    if not isinstance(result, int | float):  # the root of a negative number is complex
        return math.nan
    return result


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
