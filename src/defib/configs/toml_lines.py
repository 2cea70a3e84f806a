"""The lines of a TOML text at which its settings stand; the reader of Python's library does not tell them."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r'"{3}(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'{3}(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'|#[^\n]*|(?P<open>[\[{])|(?P<close>[\]}])|(?P<line>\n)",
    re.DOTALL,
)


def lines(text: str) -> dict[str, int]:
    r"""The first line of the statement that sets each dotted path, of a text that the reader has accepted.

    >>> lines("a = 1\n[b]\nc.d = [\n 1]\n[[e]]\n[[e]]\nf = 2\n")
    {'a': 1, 'b': 2, 'b.c': 3, 'b.c.d': 3, 'b.c.d.0': 3, 'e': 5, 'e.0': 5, 'e.1': 6, 'e.1.f': 7}
    """
    found: dict[str, int] = {}
    count: dict[str, int] = {}  # of the tables in each list of tables
    prefix = ""
    for line, statement in _statements(text.removeprefix("\ufeff")):
        below = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            prefix = _heading(below, line, found, count)
        else:
            _note(prefix, below, line, found)
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    start, depth, line = 0, 0, 1
    for match in _TOKEN.finditer(text):
        depth += bool(match["open"]) - bool(match["close"])
        if match["line"] and depth == 0:
            statement = text[start : match.end()]
            if statement.strip() and not statement.lstrip().startswith("#"):
                yield line, statement
            line += statement.count("\n")
            start = match.end()
    if text[start:].strip():
        yield line, text[start:]


def _heading(below: dict[str, Any], line: int, found: dict[str, int], count: dict[str, int]) -> str:
    """The path that a heading opens; one that leads through a list of tables means its last one."""
    path = ""
    while below:
        ((step, value),) = below.items()
        path = f"{path}.{step}" if path else step
        found.setdefault(path, line)
        if isinstance(value, list):
            count[path] = count.get(path, 0) + 1
            below = value[0]
        else:
            below = value
        if path in count:
            path = f"{path}.{count[path] - 1}"
            found.setdefault(path, line)
    return path


def _note(path: str, value: Any, line: int, found: dict[str, int]) -> None:  # noqa: ANN401 (any value of TOML)
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in items:
        inner = f"{path}.{step}" if path else str(step)
        found.setdefault(inner, line)
        _note(inner, below, line, found)
