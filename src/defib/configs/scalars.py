"""What a plain word of YAML means: as PyYAML reads it, but `1e-3` as the number that it is meant to be.

The frameworks load YAML 1.1: `yes` and `on` are booleans there. `1e-3` is a text for bare PyYAML; OmegaConf,
Ultralytics, jsonargparse and yacs turn it into a number afterwards, so it is read as one here, and a note says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defib.configs.cells import Scalar

_TRUE, _FALSE = frozenset({"yes", "true", "on"}), frozenset({"no", "false", "off"})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_INT = re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*)")
_PYYAML = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LONGEST = 400  # digits; a longer number is left a text, so that nothing large is computed


def plain_scalar(word: str) -> Scalar:
    """The value of an unquoted word.

    >>> [plain_scalar(word) for word in ("1e-3", "off", "010", "~", "1_000", "v1", "-.5")]
    [0.001, False, 8, None, 1000, 'v1', -0.5]
    """
    lower = word.lower()
    if word in _NULL:
        return None
    if lower in _TRUE | _FALSE and word in {lower, lower.title(), lower.upper()}:
        return lower in _TRUE
    return word if len(word) > _LONGEST else _number(word)


def text_for_pyyaml(word: str) -> bool:
    """Whether bare PyYAML takes a number for a text.

    >>> text_for_pyyaml("1e-3"), text_for_pyyaml("1.0e-3"), text_for_pyyaml("1.0e3"), text_for_pyyaml("7")
    (True, False, True, False)
    """
    return bool(_FLOAT.fullmatch(word)) and not (_INT.fullmatch(word) or _PYYAML.fullmatch(word))


def _integer(word: str) -> int:
    sign = -1 if word.startswith("-") else 1
    digits = word.lstrip("+-")
    if digits.startswith(("0b", "0x")):
        return sign * int(digits, 0)
    return sign * int(digits, 8 if digits.startswith("0") and digits != "0" else 10)


def _number(word: str) -> Scalar:
    if _INT.fullmatch(word):
        return _integer(word.replace("_", ""))
    if _FLOAT.fullmatch(word):
        return float(word.replace("_", ""))
    if _SPECIAL.fullmatch(word):
        return float(word.lower().replace(".", ""))
    return word
