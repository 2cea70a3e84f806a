r"""Shell lines that can be copied: quoted, and folded so that the shell still reads them as one line."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from rich.cells import cell_len

from defib.reports import phrases
from defib.reports.inert import clean

if TYPE_CHECKING:
    from defib.records import Case, Plan
    from defib.words import Language

INDENT = "    "
WIDTH = 88
_ASCII_END = 0x80


def launch(case: Case, plan: Plan, language: Language, width: int = WIDTH) -> list[str]:
    """The lines that start the plan: into the folder, then the command with its environment."""
    lines = [_enter(case, plan, language), ""]
    return lines + _command(plan, plan.command, width)


def baseline(plan: Plan, width: int = WIDTH) -> list[str]:
    """The command of the simplest remedy, to be typed in the same folder."""
    return [] if plan.baseline is None else _command(plan, plan.baseline.command, width)


def monitor(plan: Plan, width: int = WIDTH) -> list[list[str]]:
    """The lines that show how the restarted run is doing, each folded by itself: the first may never end."""
    return [folded(clean(line), width) for line in plan.monitor]


def quoted(word: str) -> str:
    r"""One word for bash; what cannot be seen is written as an escape.

    >>> print(quoted("a b"), quoted("epoch_11.pth"), quoted("x\x1b[31m\n"))
    'a b' epoch_11.pth $'x\x1b[31m\x0a'
    """
    if clean(word) == word:
        return shlex.quote(word)
    return "$'" + "".join(_escape(sign) for sign in word) + "'"


def folded(line: str, width: int = WIDTH) -> list[str]:
    r"""One shell line as several, continued by backslashes, that bash reads as the same line.

    >>> folded("bash tools/dist_train.sh configs/a.py 2 --work-dir out", 32)
    ['bash tools/dist_train.sh \\', '    configs/a.py 2 --work-dir \\', '    out']
    """
    if line.lstrip().startswith("#"):
        return _folded_comment(line, width)
    cuts = _cuts(line)
    parts: list[str] = []
    start, lead = 0, ""
    while cell_len(lead + line[start:]) > width:
        cut = _choose(line, start, cuts, width - cell_len(lead) - 2)
        if cut is None:
            break
        end, following = _JOINS[cuts[cut]]
        parts.append(f"{lead}{line[start:cut]}{end}")
        start, lead = cut, following
    return [*parts, lead + line[start:]]


# how a line may be interrupted -> (what ends the first part, what begins the second)
_JOINS = {"space": ("\\", INDENT), "word": ("\\", ""), "quote": ("'\\", "'")}


def _choose(line: str, start: int, cuts: dict[int, str], room: int) -> int | None:
    """The last place to interrupt that fits, between two words if possible; else the first that does not fit."""
    later = [cut for cut in cuts if start < cut < len(line)]
    fitting = [cut for cut in later if cell_len(line[start:cut]) <= room]
    between = [cut for cut in fitting if cuts[cut] == "space"]
    return next(iter(between[-1:] or fitting[-1:] or later[:1]), None)


def _cuts(line: str) -> dict[int, str]:
    """Where bash lets a line be interrupted, and how: between words, inside one, or inside single quotes."""
    found: dict[int, str] = {}
    nested = [""]  # what we are in: nothing, quotes, a substitution with quotes of its own
    index = 0
    while index < len(line):
        sign, inside = line[index], nested[-1]
        if sign == "\\" and inside != "'":
            index += 2
            continue
        if inside not in ("'", '"', "$'") and line.startswith("$'", index):
            nested.append("$'")
            index += 2
            continue
        _step(nested, sign, line[index - 1 : index])
        index += 1
        if nested[-1] != "$'" and sign != "$":
            between = sign == " " and nested[-1] not in ("'", '"')
            found[index] = "quote" if nested[-1] == "'" else "space" if between else "word"
    return found


def _step(nested: list[str], sign: str, before: str) -> None:
    """What we are in after one more sign."""
    inside = nested[-1]
    if inside and sign == {"(": ")", "$'": "'"}.get(inside, inside):
        nested.pop()
    elif inside not in ("'", "$'"):
        opens = sign in '"`' or (sign == "(" and before == "$" if inside == '"' else sign in "'(")
        if opens:
            nested.append(sign)


def _folded_comment(line: str, width: int) -> list[str]:
    parts = [""]
    for word in re.findall(r"\S+\s*", line):
        if parts[-1] and cell_len(parts[-1] + word.rstrip()) > width:
            parts.append("# ")
        parts[-1] += word
    return [part.rstrip() for part in parts]


def _command(plan: Plan, command: tuple[str, ...], width: int) -> list[str]:
    words = [f"{name}={quoted(value)}" for name, value in plan.environment.items()]
    return folded(" ".join(words + [quoted(word) for word in command]), width)


def _enter(case: Case, plan: Plan, language: Language) -> str:
    if plan.cwd is not None:
        return f"cd {quoted(plan.cwd)}"
    tree = {} if case.run.config is None else case.run.config.tree
    folder = phrases.FOLDER_MMACTION2 if tree.get("default_scope") == "mmaction" else phrases.FOLDER_PROJECT
    return f"cd {folder.said(language)}  # {phrases.FILL_IN.said(language)}"


def _escape(sign: str) -> str:
    if sign in "\\'":
        return "\\" + sign
    if clean(sign) == sign:
        return sign
    point = ord(sign)
    return f"\\x{point:02x}" if point < _ASCII_END else f"\\U{point:08x}"
