"""How far the answer reaches, on the terminal: what was checked and what was not, notes, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.reports import phrases, story
from defib.reports.names import FILES
from defib.reports.screen.blocks import QUIET, item, line, pairs, section
from defib.reports.screen.prose import Prose
from defib.words import same

if TYPE_CHECKING:
    from rich.console import RenderableType

    from defib.records import Case
    from defib.words import Language


def coverage(case: Case, language: Language) -> list[RenderableType]:
    """What was checked, and what could not be, with the reason."""
    checkup = case.checkup
    parts: list[RenderableType] = []
    if checkup.checked:
        names = Prose.assemble(
            (phrases.CHECKED.said(language) + "  ", QUIET), line(", ".join(checkup.checked), language)
        )
        parts.append(item("+", names, language, "green"))
    else:
        parts.append(line(phrases.NOTHING_CHECKED, language, "bold yellow"))
    if checkup.unseen:
        parts.append(item("?", phrases.UNSEEN, language, "yellow"))
        parts += pairs(((same(f"  {unseen.rule}"), unseen.reason) for unseen in checkup.unseen), language)
    elif checkup.checked:
        parts.append(item("+", phrases.ALL_CHECKED, language, "green"))
    return section(phrases.COVERAGE, language, parts)


def not_understood(case: Case, language: Language) -> list[RenderableType]:
    """Names in the log that defib does not know."""
    names = case.run.not_understood
    return section(phrases.NOT_UNDERSTOOD, language, [line(", ".join(names), language)] if names else [])


def notes(case: Case, language: Language) -> list[RenderableType]:
    """Everything that is worth knowing and belongs nowhere else."""
    return section(phrases.NOTES, language, [item("-", words, language) for words in story.notes(case)])


def written(case: Case, language: Language) -> list[RenderableType]:
    """The files that were written."""
    rows = [(FILES.get(kind, same(kind)), path) for kind, path in case.written.items()]
    return section(phrases.WRITTEN, language, pairs(rows, language))
