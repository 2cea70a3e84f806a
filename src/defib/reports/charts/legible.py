r"""The text of a PNG: only letters that every drawing font has.

A PNG is drawn with the fonts of the machine that draws it, and a font without Chinese draws boxes. So a PNG is built in
English, and what a run itself calls things (a metric with a Chinese name) is written as escapes: `\u51c6\u786e` is ugly,
but it can be told apart and looked up, which a box cannot. SVG and HTML are drawn by the reader's own machine and need none.
"""

from __future__ import annotations

from typing import Any

LAST = 0x24F
"""The end of Latin Extended-B: what Liberation Sans, which the drawing library brings along, is sure to have."""
ALSO = frozenset("–—‘’“”…×·")


def legible(value: Any) -> Any:  # noqa: ANN401 (any part of a chart's definition)
    r"""The same definition with every text in letters that can be drawn.

    Names that differ stay different, so that lines and their legend keep together.

    >>> legible({"of": ["准确率 (%)", "top-1 – é"]})
    {'of': ['\\u51c6\\u786e\\u7387 (%)', 'top-1 – é']}
    """
    if isinstance(value, str):
        return "".join(one if ord(one) <= LAST or one in ALSO else _escaped(one) for one in value)
    if isinstance(value, list | tuple):
        return [legible(one) for one in value]
    if isinstance(value, dict):
        return {legible(key): legible(one) for key, one in value.items()}
    return value


def _escaped(letter: str) -> str:
    return letter.encode("ascii", "backslashreplace").decode()
