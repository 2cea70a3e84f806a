"""Sentences that exist in English and Chinese, or not at all.

A sentence is written once as a pair of templates with the same placeholders, and filled once; which of the two is
shown is decided where it is printed. Nothing else in the package formats text for a person.
"""

from __future__ import annotations

import math
import os
from string import Formatter
from typing import Literal

import msgspec

Language = Literal["en", "zh"]


class Words(msgspec.Struct, frozen=True):
    """One sentence in two languages.

    >>> Words(en="loss is {value}", zh="损失为 {value}").fill(value=0.25)
    Words(en='loss is 0.25', zh='损失为 0.25')
    """

    en: str
    zh: str

    def fill(self, **values: object) -> Words:
        """Put the same values into both templates; a value that is itself `Words` goes in by language.

        Raises KeyError when a placeholder has no value: that is our mistake, never the user's.
        """
        return Words(
            en=self.en.format_map({name: _shown(value, "en") for name, value in values.items()}),
            zh=self.zh.format_map({name: _shown(value, "zh") for name, value in values.items()}),
        )

    def said(self, language: Language) -> str:
        """The sentence in one language."""
        return self.zh if language == "zh" else self.en

    def placeholders(self) -> tuple[frozenset[str], frozenset[str]]:
        """The names in braces, in English and in Chinese; a test insists that they are the same."""
        return _names(self.en), _names(self.zh)


def same(text: str) -> Words:
    """A text that reads alike in both languages: a number, a path, a name from the run.

    >>> same("epoch_11.pth").zh
    'epoch_11.pth'
    """
    return Words(en=text, zh=text)


def number(value: float | None, digits: int = 4) -> str:
    """A number as a person writes it: `digits` significant ones, no exponent where none is needed.

    >>> number(0.005), number(57.449999), number(40500.0), number(float("nan")), number(None)
    ('0.005', '57.45', '40500', 'NaN', '?')
    >>> number(0.00001), number(66.66666), number(2.0), number(-0.00004)
    ('1e-05', '66.67', '2', '-4e-05')
    """
    if value is None:
        return "?"
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value == int(value) and abs(value) < 1e15:  # noqa: PLR2004 (beyond it a float no longer holds every integer)
        return str(int(value))
    return f"{value:.{digits}g}"


def shown_value(value: object) -> str:
    """A setting's value as one would write it in a config.

    >>> shown_value([0.4, 1.0]), shown_value(None), shown_value(True), shown_value({"type": "LinearLR"})
    ('(0.4, 1)', 'None', 'True', 'LinearLR')
    """
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return number(float(value))
    if isinstance(value, list | tuple):
        return "(" + ", ".join(shown_value(item) for item in value) + ")"
    if isinstance(value, dict):
        rest = ", ".join(f"{key}={shown_value(item)}" for key, item in value.items() if key != "type")
        if "type" not in value:
            return f"({rest})"
        return f"{value['type']}({rest})" if rest else str(value["type"])
    return str(value)


def language(asked: str | None = None, environ: dict[str, str] | None = None) -> Language:
    """The language to speak: the one asked for, else the locale's, else English.

    >>> language(None, {"LANG": "zh_CN.UTF-8"}), language("en", {"LANG": "zh_CN.UTF-8"}), language(None, {})
    ('zh', 'en', 'en')
    """
    if asked in ("en", "zh"):
        return "zh" if asked == "zh" else "en"
    environment = dict(os.environ) if environ is None else environ
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(variable):
            return "zh" if environment[variable].lower().startswith("zh") else "en"
    return "en"


def _shown(value: object, which: Language) -> str:
    if isinstance(value, Words):
        return value.said(which)
    if isinstance(value, float):
        return number(value)
    return str(value)


def _names(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def in_unit(value: float | None, unit: str) -> str:
    """A measured value with its unit: accuracies with two decimals, other numbers with four digits.

    >>> in_unit(57.449999, "%"), in_unit(0.25, ""), in_unit(11.2, "s"), in_unit(float("nan"), "%")
    ('57.45%', '0.25', '11.2 s', 'NaN')
    """
    if value is None or not math.isfinite(value):
        return number(value)
    if unit == "%":
        return f"{value:.2f}%"
    return f"{number(value)} {unit}" if unit else number(value)
