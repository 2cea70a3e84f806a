"""What a rewrite changed in the text, for people to read."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from defib.records import Record
from defib.rewriting.writing import MARK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.records import Edit


class ChangedLine(Record, frozen=True, kw_only=True):
    """One line of the new config that is not as it was."""

    line: int
    """In the new text, counted from 1; where lines only went, the one that follows them."""
    old: str | None = None
    """null for a line that was added."""
    new: str | None = None
    """null for a line that was taken out."""
    key: str | None = None
    """The edit that did it, as far as the line says so."""


def unified(old_text: str, new_text: str, old_name: str, new_name: str) -> str:
    r"""A unified diff.

    >>> print(unified("lr = 1\n", "lr = 2\n", "a.py", "b.py"), end="")
    --- a.py
    +++ b.py
    @@ -1 +1 @@
    -lr = 1
    +lr = 2
    """
    lines = difflib.unified_diff(_lines(old_text), _lines(new_text), old_name, new_name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def changed_lines(old_text: str, new_text: str, edits: Sequence[Edit]) -> tuple[ChangedLine, ...]:
    """Every line that differs, in the order of the new text, with the key of the edit that its comment names."""
    old, new = [line.rstrip("\r\n") for line in _lines(old_text)], [line.rstrip("\r\n") for line in _lines(new_text)]
    found: list[ChangedLine] = []
    for kind, old_start, old_end, new_start, new_end in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            continue
        if new[new_start:new_end] and new[new_start].startswith(MARK):  # our header replaces no line
            found.append(ChangedLine(line=new_start + 1, new=new[new_start]))
            new_start += 1  # noqa: PLW2901 (the rest of the block is compared without it)
        for step in range(max(old_end - old_start, new_end - new_start)):
            before = old[old_start + step] if old_start + step < old_end else None
            after = new[new_start + step] if new_start + step < new_end else None
            line = min(new_start + step, max(new_end - 1, new_start)) + 1
            found.append(ChangedLine(line=line, old=before, new=after, key=_key(before, after, edits)))
    return tuple(found)


def _key(before: str | None, after: str | None, edits: Sequence[Edit]) -> str | None:
    """The edit that the line's comment names; where there was no room for one, the edit of the name that it sets."""
    said = (after or "").rpartition("# defib: ")[2] if "# defib: " in (after or "") else ""
    named = [edit.key for edit in edits if f"({edit.key})" in said]
    if named or before is None or after is None:
        return named[-1] if named else None
    for edit in edits:
        for site in edit.sites:
            name = next((step for step in reversed(site.path.split(".")) if not step.isdecimal()), "")
            if re.search(rf"\b{re.escape(name)}['\"]?\s*[=:]", after):
                return edit.key
    return None


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]
