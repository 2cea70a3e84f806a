"""How a value is written in YAML and in JSON, so that every reader of the language understands the same."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

from defib.configs.scalars import plain_scalar

_PLAIN = re.compile(r"[A-Za-z_/][\w./-]*")
_TUPLE = re.compile(r"\([\d., ]*\)")
"""Numbers as detectron2 and PySlowFast write them: to YAML a plain word, to yacs a tuple."""
_OVERRIDE = re.compile(r"[\w./:@%+ -]*")
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


def in_override(value: Any, prefix: str = "") -> str | None:  # noqa: ANN401
    """The value of a `key=value` word; None for one that its grammar could take for something else.

    prefix: what stands before it in the same quotes, with the quote.

    >>> in_override(5e-05), in_override([0.9, True]), in_override("a b", "'name="), in_override("a,b")
    ('5e-05', "'[0.9,true]'", "'name=a b'", None)
    """
    if isinstance(value, list | tuple):
        inside = [None if isinstance(item, list | tuple) else _override_word(item) for item in value]
        text = None if None in inside else f"[{','.join(map(str, inside))}]"
    else:
        text = _override_word(value)
    if text is None:
        return None
    return f"{prefix}{text}{prefix[0]}" if prefix else shlex.quote(text)


def _override_word(value: Any) -> str | None:  # noqa: ANN401
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, dict) or (isinstance(value, str) and not _OVERRIDE.fullmatch(value)):
        return None
    return str(value)


def in_yaml(value: Any, old: str = "") -> str:  # noqa: ANN401 (any config value)
    """A value in YAML, on one line; rates are written so that YAML 1.1 reads numbers as well.

    old: what stood there; its quotes are kept.

    >>> in_yaml({"lr": 5e-05, "on": ["off", 1e16, None, "a: b", "val/acc"]})
    '{lr: 5.0e-05, "on": ["off", 1.0e+16, null, "a: b", val/acc]}'
    >>> in_yaml("cosine", "'step'"), in_yaml("(30000, 40000)", "(60000, 80000)")
    ("'cosine'", '(30000, 40000)')
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{in_yaml(str(key))}: {in_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(in_yaml(item) for item in value) + "]"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        return value if old[:1] == "(" and _TUPLE.fullmatch(value) else _word(value, old[:1])
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
