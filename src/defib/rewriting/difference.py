"""What a rewrite changed in the text, for people to read."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from defib.records import ChangedLine
from defib.rewriting.writing import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defib.records import Edit


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
    """Every line that differs, in the order of the new text, with the edits that did it and their reasons.

    Our header is no change of the config, and a comment of ours that stands above a line belongs to that line.
    """
    old, new = [line.rstrip("\r\n") for line in _lines(old_text)], [line.rstrip("\r\n") for line in _lines(new_text)]
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    found: list[ChangedLine] = []
    for kind, old_start, old_end, new_start, new_end in blocks:
        if kind != "equal":
            found += _changed(old[old_start:old_end], list(enumerate(new[new_start:new_end], new_start + 1)), edits)
    return tuple(found)


def _changed(old: list[str], new: list[tuple[int, str]], edits: Sequence[Edit]) -> Iterator[ChangedLine]:
    above, after = "", list[tuple[int, str, str]]()
    for number, line in new:
        if line.startswith(MARK):
            continue
        if line.lstrip().startswith("# defib: ") and "defib: removed" not in line:
            above = line
            continue
        after.append((number, line, above))
        above = ""
    last = new[-1][0] if new else 0
    for step in range(max(len(old), len(after))):
        before = old[step] if step < len(old) else None
        number, written, label = after[step] if step < len(after) else (last, "", "")
        now = written if step < len(after) else None
        made = _made(before, now, f"{label} {written}", edits)
        keys, why = tuple(edit.key for edit in made), tuple(edit.why for edit in made)
        yield ChangedLine(line=number, old=before, new=now, keys=keys, why=why)


def _made(before: str | None, after: str | None, said: str, edits: Sequence[Edit]) -> list[Edit]:
    """The edits that the line's comment names; where there is none, the edits of the names that it sets."""
    named = [edit for edit in edits if f"({edit.key})" in said]
    if named or before is None or after is None:
        return named
    return [edit for edit in edits if any(_sets(after, site.path) for site in edit.sites)][:1]


def _sets(line: str, path: str) -> bool:
    name = next((step for step in reversed(path.split(".")) if not step.isdecimal()), "")
    return re.search(rf"\b{re.escape(name)}['\"]?\s*[=:]", line) is not None


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]
