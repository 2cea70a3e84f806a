"""Strings that came from a run do nothing but be read: no escape sequence, no markup, no new line.

Metric names, paths and log lines were written by somebody else. On the terminal they go into `rich.text.Text`, which
knows no markup, after `clean`; in Markdown they go through `escaped`, `code` or `fence`.
"""

from __future__ import annotations

import re
import unicodedata

_SEQUENCES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles and links
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours and cursor movement
    r"|\x1b[@-Z\\-_]"
)
_SPECIAL = re.compile(r"([\\`*\[\]|~$])")
_LOOSE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_LEADING = re.compile(r"^(?=[#>]|[-+](?:\s|$)|-{2}|=+$)")


def clean(text: str) -> str:
    r"""One line of visible characters: escape sequences, control and direction characters are gone.

    >>> clean("a\x1b[31mb\x1b[0m\nc\u202ed")
    'ab cd'
    """
    return "".join(_visible(sign) for sign in _SEQUENCES.sub("", text))


def escaped(text: str) -> str:
    r"""A text that Markdown shows as it is, inside a table as well.

    >>> print(escaped("a|b `c` <script> **d** epoch_11.pth __init__"))
    a\|b \`c\` &lt;script> \*\*d\*\* epoch_11.pth \_\_init\_\_
    >>> print(escaped("# title"), escaped("1. first"), escaped("Pose > 20%"))
    \# title 1\. first Pose > 20%
    """
    line = clean(text).lstrip()
    line = _SPECIAL.sub(r"\\\1", line)
    line = _LOOSE_UNDERSCORE.sub(r"\\_", line)
    line = _TAG.sub("&lt;", _ENTITY.sub("&amp;", line))
    return _LEADING.sub(r"\\", _NUMBERED.sub(r"\1\\\2", line))


def code(text: str) -> str:
    """A code span that nothing in the text can end. Not for tables: there a pipe would cut it.

    >>> code("a`b")
    '``a`b``'
    """
    line = clean(text).strip() or " "
    fence_ = "`" * (_longest_ticks(line) + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence_}{space}{line}{space}{fence_}"


def fence(lines: list[str], kind: str) -> str:
    """A code block that nothing in its lines can end."""
    shown = [clean(line) for line in lines]
    ticks = "`" * max(3, _longest_ticks("\n".join(shown)) + 1)
    return "\n".join((ticks + kind, *shown, ticks))


def _longest_ticks(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _visible(sign: str) -> str:
    if sign in "\n\r\t\v\f\x85\u2028\u2029":
        return " "
    kind = unicodedata.category(sign)
    if kind == "Cs":
        return "\ufffd"  # half a character, which no file could hold
    return "" if kind in ("Cc", "Cf") else sign
