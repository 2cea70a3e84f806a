"""How a value is written in YAML and in JSON, so that every reader of the language understands the same."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

from defib.configs.scalars import plain_scalar

_PLAIN = re.compile(r"[A-Za-z_/][\w./-]*")
_BASIC = 0xFFFF  # the last letter of four digits
_SINGLE_LETTERS = frozenset("yYnN")  # booleans by the letter of YAML 1.1


def in_json(value: Any, _old: str = "") -> str:  # noqa: ANN401 (any config value)
    """A value in JSON.

    >>> in_json({"lr": 5e-05, "x": [True, None]})
    '{"lr": 5e-05, "x": [true, null]}'
    """
    return json.dumps(value, ensure_ascii=False)


def in_shell(value: Any, _old: str = "") -> str:  # noqa: ANN401 (any config value)
    """A value as one word of a shell command, or several for a list.

    >>> in_shell(5e-05), in_shell("a b"), in_shell([0.9, True])
    ('5e-05', "'a b'", '0.9 True')
    """
    return " ".join(map(in_shell, value)) if isinstance(value, list | tuple) else shlex.quote(str(value))


def in_yaml(value: Any, old: str = "") -> str:  # noqa: ANN401 (any config value)
    """A value in YAML, on one line; rates are written so that YAML 1.1 reads numbers as well.

    old: what stood there; its quotes are kept.

    >>> in_yaml({"lr": 5e-05, "on": ["off", 1e16, None, "a: b", "val/acc"]})
    '{lr: 5.0e-05, "on": ["off", 1.0e+16, null, "a: b", val/acc]}'
    >>> in_yaml("cosine", "'step'")
    "'cosine'"
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{in_yaml(str(key))}: {in_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(in_yaml(item) for item in value) + "]"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        return _word(value, old[:1])
    return json.dumps(value)


def _number(value: float) -> str:
    text = repr(value)
    if text.endswith(("inf", "nan")):
        return text.replace("inf", ".inf").replace("nan", ".nan")
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


def _word(value: str, quote: str) -> str:
    if quote == "'" and value.isprintable() and "'" not in value:
        return f"'{value}'"
    plain = _PLAIN.fullmatch(value) and isinstance(plain_scalar(value), str) and value not in _SINGLE_LETTERS
    return value if plain and quote != '"' else "".join(map(_visible, json.dumps(value, ensure_ascii=False)))


def _visible(letter: str) -> str:
    r"""A letter as it stands, or as YAML's escape; JSON's pairs of surrogates are two letters there.

    >>> _visible("é"), _visible("\xa0"), _visible("\U000102da")
    ('é', '\\u00a0', '\\U000102da')
    """
    if letter.isprintable() and ord(letter) <= _BASIC:
        return letter
    return f"\\u{ord(letter):04x}" if ord(letter) <= _BASIC else f"\\U{ord(letter):08x}"
