"""An entry's page, as its docstring holds it: the English page, a line that says `中文：`, the same page in Chinese.

A page is a sentence, a blank line, and then text and sections. A section begins with one of the headings below and a
colon. Both languages have the same sections in the same order.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING

from defib.words import Words

if TYPE_CHECKING:
    from defib.words import Language

MARKER = "中文："
HEADINGS = {
    one.en: one
    for one in (
        Words(en="Why it matters", zh="为何重要"),
        Words(en="How it looks", zh="判断依据"),
        Words(en="Stays quiet on", zh="不会报告"),
        Words(en="Size", zh="数值含义"),
        Words(en="For", zh="支持"),
        Words(en="Against", zh="反对"),
        Words(en="Missing", zh="尚缺"),
        Words(en="Keeps", zh="保持不变"),
        Words(en="Gives up", zh="何时放弃"),
        Words(en="What to do", zh="如何处理"),
    )
}
WIDE = frozenset("WF")  # as Unicode names the characters that take two places on a terminal


@dataclass(frozen=True, slots=True)
class Page:
    """The page of one entry in both languages; sections by their English heading, in the same order in both."""

    summary: Words
    text: Words
    sections: tuple[tuple[str, Words], ...]


def split(doc: str, where: str) -> Page:
    """Both languages of a docstring.

    Raises ValueError, which names `where`, when one language is missing or lacks a section that the other has.
    """
    halves = re.split(rf"^{MARKER}$", cleandoc(doc), flags=re.MULTILINE)
    if len(halves) != len(("en", "zh")):
        message = f"{where}: one line that says {MARKER} has to stand between the English and the Chinese page"
        raise ValueError(message)
    here, there = _parts(halves[0], "en"), _parts(halves[1], "zh")
    if list(here) != list(there):
        message = f"{where}: the English page has {_listed(here)}, the Chinese one {_listed(there)}"
        raise ValueError(message)
    for language, parts in (("English", here), ("Chinese", there)):
        empty = [heading or "summary" for heading, text in parts.items() if not text and heading != TEXT]
        if empty:
            message = f"{where}: {', '.join(empty)} is empty in {language}"
            raise ValueError(message)
    both = {heading: Words(en=here[heading], zh=there[heading]) for heading in here}
    return Page(
        summary=both.pop(""), text=both.pop(TEXT), sections=tuple((heading, words) for heading, words in both.items())
    )


TEXT = "text"


def _parts(half: str, language: Language) -> dict[str, str]:
    """The summary (under an empty heading), the text before the first section, and the sections."""
    summary, _, rest = half.strip().partition("\n\n")
    said = {words.said(language): heading for heading, words in HEADINGS.items()}
    lines: dict[str, list[str]] = {"": summary.split("\n"), TEXT: []}
    at = TEXT
    for line in rest.split("\n"):
        heading, colon, after = line.partition("：" if language == "zh" else ":")
        if colon and heading in said:
            at = said[heading]
            lines[at] = [after.strip()]
        else:
            lines[at].append(line.strip())
    return {heading: _joined(some) for heading, some in lines.items()}


def _joined(lines: list[str]) -> str:
    """Lines as one paragraph; between two Chinese characters a line break is no space."""
    text = ""
    for line in filter(None, lines):
        tight = not text or (is_wide(text[-1]) and is_wide(line[0]))
        text += line if tight else f" {line}"
    return text


def _listed(parts: dict[str, str]) -> str:
    return ", ".join(heading for heading in parts if heading not in {"", TEXT}) or "no sections"


def is_wide(character: str) -> bool:
    """Whether a character takes two places on a terminal."""
    return unicodedata.east_asian_width(character) in WIDE


CLOSING = "，。、；：！？）》」”"  # no line begins with one of these


def wrapped(text: str, width: int = 100) -> list[str]:
    """A paragraph as lines of at most `width` places; Chinese breaks between characters, English between words.

    >>> wrapped("one two three", 8), wrapped("验证成绩下跌。", 12)
    (['one two', 'three'], ['验证成绩下', '跌。'])
    """
    lines, line, taken = list[str](), "", 0
    for piece in re.findall(rf"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef][{CLOSING}]*\s*|\s+", text):
        places = sum(2 if is_wide(one) else 1 for one in piece.rstrip())
        if line and taken + places > width:
            lines.append(line.rstrip())
            line, taken = "", 0
        line += piece
        taken += places + len(piece) - len(piece.rstrip())
    return [*lines, line.rstrip()]
