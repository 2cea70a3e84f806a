"""Values become Python source, in the style of the value that they replace."""

from __future__ import annotations

import keyword
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from defib.configs.cells import EXPRESSION, Named, Tuple

if TYPE_CHECKING:
    from collections.abc import Mapping

SMALLEST_PLAIN = 1e-6  # smaller numbers are easier to read with an exponent
EXACT = 2**53  # up to here every integer is also a float
WIDTH = 79


def shaped(new: Any, old: Any) -> Any:  # noqa: ANN401 (any config value)
    """A new value in the form of the old one: a tuple stays a tuple, an int stays an int where it can.

    >>> shaped(5.0, 3), shaped(2, 1.0), shaped([0.5, 1], Tuple([0.4, 1.0]))
    (5, 2.0, [0.5, 1.0])
    """
    if isinstance(new, list | tuple):
        below = old if isinstance(old, list | tuple) else []
        items = [shaped(item, below[min(index, len(below) - 1)] if below else None) for index, item in enumerate(new)]
        as_tuple = isinstance(old, Tuple) or (isinstance(new, tuple | Tuple) and not isinstance(old, list))
        return Tuple(items) if as_tuple else items
    if isinstance(new, dict):
        return {key: shaped(value, old.get(key) if isinstance(old, dict) else None) for key, value in new.items()}
    if _number(new) and _number(old):
        if isinstance(old, int) and isinstance(new, float) and new.is_integer() and abs(new) < EXACT:
            return int(new)
        if isinstance(old, float) and isinstance(new, int) and abs(new) < EXACT:
            return float(new)
    return new


def literal(value: Any, quote: str = "'", *, exponent: bool = False) -> str:  # noqa: ANN401 (any config value)
    """A value as Python source on one line. `exponent`: the number before it was written with one.

    >>> literal(0.00005), literal(5e-05, exponent=True), literal({"type": "SGD", "lr": 0.005}), literal(Tuple([2]))
    ('0.00005', '5e-05', "dict(type='SGD', lr=0.005)", '(2,)')
    >>> literal({"norm.weight": None, "1": [True]}, '"')
    '{"norm.weight": None, "1": [True]}'
    """
    if isinstance(value, dict):
        by_call = all(called(key) for key in value)
        heads = [f"{key}=" if by_call else f"{_text(key, quote)}: " for key in value]
        inside = ", ".join(head + literal(item, quote) for head, item in zip(heads, value.values(), strict=True))
        return f"dict({inside})" if by_call else f"{{{inside}}}"
    if isinstance(value, list | tuple):
        inside = ", ".join(literal(item, quote) for item in value)
        if isinstance(value, Tuple | tuple):
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        return f"[{inside}]"
    if isinstance(value, float):
        return _float(value, exponent=exponent)
    if isinstance(value, Named):
        return value.written
    return _text(value, quote) if isinstance(value, str) else repr(value)


def wrapped(value: Any, quote: str, indent: str, used: int) -> str:  # noqa: ANN401 (any config value)
    """A value as Python source, on several lines when it does not fit on the rest of one.

    indent: of the line that it begins on. used: how many characters of that line are taken.
    """
    single = literal(value, quote)
    if used + len(single) <= WIDTH or not isinstance(value, dict | list | tuple) or not value:
        return single
    inner = indent + "    "
    if isinstance(value, dict):
        by_call = all(called(key) for key in value)
        heads = [f"{key}=" if by_call else f"{literal(key, quote)}: " for key in value]
        items = [
            head + wrapped(item, quote, inner, len(inner) + len(head))
            for head, item in zip(heads, value.values(), strict=True)
        ]
        opened, closed = ("dict(", ")") if by_call else ("{", "}")
    else:
        items = [wrapped(item, quote, inner, len(inner)) for item in value]
        opened, closed = ("[", "]") if not isinstance(value, Tuple | tuple) else ("(", ")")
    body = "".join(f"{inner}{item},\n" for item in items)
    return f"{opened}\n{body}{indent}{closed}"


def unknown(value: object, imported: Mapping[str, str] | None = None) -> bool:
    """Whether there is something in a value that cannot be written, such as a class that has no name here.

    imported: the names that the file has for classes and modules.
    """
    if isinstance(value, Named):
        name, dot, rest = value.written.partition(".")
        return (imported or {}).get(name, "") + dot + rest != value.dotted
    if isinstance(value, dict):
        return EXPRESSION in value or any(unknown(item, imported) for item in value.values())
    return isinstance(value, list) and any(unknown(item, imported) for item in value)


def called(key: str) -> bool:
    """Whether a key can be a keyword of `dict(...)`."""
    return key.isidentifier() and key.isascii() and not keyword.iskeyword(key)


def _float(value: float, *, exponent: bool) -> str:
    text = repr(value)
    if "e-" in text and not exponent and abs(value) >= SMALLEST_PLAIN:
        return f"{Decimal(text):f}"
    return text


def _text(value: str, quote: str) -> str:
    text = repr(value)
    if quote == '"' and text[0] == "'" and '"' not in value and "\\'" not in text:
        return f'"{text[1:-1]}"'
    return text


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
