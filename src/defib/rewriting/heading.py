"""The line that marks a config as defib's own, above what was made of the original."""

from __future__ import annotations

import re

from defib.rewriting.comments import one_line
from defib.rewriting.writing import MARK, checksum

_HEADER = re.compile(rf"(?m)^{re.escape(MARK)} from .*(?:\r\n|\r|\n)")
_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")


def headed(text: str, name: str, newline: str) -> str:
    """The text under the line that marks it as ours; below a `#!` line and a coding line, where Python wants those."""
    text = _HEADER.sub("", text, count=1)
    told = checksum(text.encode("utf-8", "surrogatepass"))
    head = f"{MARK} from {one_line(name)}; the original is unchanged (sum {told}).{newline}"
    lines = text.splitlines(keepends=True)
    above = 0
    if lines[:1] and lines[0].startswith("#!"):
        above = 1
    if len(lines) > above and _COOKIE.match(lines[above]):
        above += 1
    return "".join([*lines[:above], head, *lines[above:]])


def headed_behind_mark(text: str, name: str) -> str:
    """The same for a text that may begin with a byte order mark, which stays in front; its own line endings are kept."""
    mark = "\ufeff" * text.startswith("\ufeff")
    return mark + headed(text.removeprefix(mark), name, "\r\n" if "\r\n" in text else "\n")
