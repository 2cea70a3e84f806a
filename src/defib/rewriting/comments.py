"""Text that goes into a comment: plain ASCII on one line, whatever it was made from."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[^ -~]")


def one_line(text: str) -> str:
    r"""A text that cannot end a comment, nor hold anything that Python refuses to read.

    >>> one_line("a\nb"), one_line("\u65e5\0")
    ('a b', '\\u65e5 ')
    """
    return _CONTROL.sub(" ", text.encode("ascii", "backslashreplace").decode())
