"""A saved Case: what `defib diagnose --format json` wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from defib.errors import NotACase
from defib.reading.format import Format
from defib.records import Case, Run, from_json
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.reading.source import Source

_FIRST_KEY = re.compile(rb'\s*\{\s*"(?:run|checkup|verdict|causes|plan)"\s*:')
_PART = re.compile(rb'"(?:checkup|verdict)"\s*:|"framework"\s*:')


def _recognises(source: Source) -> bool:
    return bool(_FIRST_KEY.match(source.head) and _PART.search(source.head))


def case_in(source: Source) -> Case:
    """The Case in a text. Raises NotACase when it is cut off, of another shape, or of a newer format."""
    try:
        found: Case = from_json(source.data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError, OverflowError, TypeError) as problem:
        raise NotACase(path=source.name, reason=str(problem) or type(problem).__name__) from None
    return found


def _read(sources: Sequence[Source]) -> Run:
    # Several in one folder are several answers about one run; names of saved answers sort by age.
    return case_in(max(sources, key=lambda source: source.name)).run


case = Format(
    name="case",
    framework="case",
    says=Words(en="a saved Case (JSON)", zh="已保存的 Case（JSON）"),
    rank=91,
    recognises=_recognises,
    read=_read,
)
