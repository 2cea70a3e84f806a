"""One case as a Markdown document: the rescue plan that was once written by hand.

The template `templates/case.md.j2` shows the order of the document. Everything that it prints is escaped, so that a
metric name with a pipe, a backtick or a tag in it is only read.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from defib import naming
from defib.records import Point
from defib.reports import changes, history, inert, names, outlook, phrases, predicted, quantities, shell, story
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from defib.records import Case
    from defib.words import Language

HISTORY_MARKS = {"up": "✅ ", "best": "✅ ", "back": "✅ ", "down": "⚠️ ", "fell": "❌ ", "fell-on": "❌ "}
MARK = "<!-- Written by defib. -->"
"""The first line of a document or picture in a file: defib may replace it."""
LOUD = frozenset({"best", "fell", "fell-on"})


def markdown(
    case: Case, language: Language, *, zone: tzinfo | None = None, pictures: Sequence[tuple[str, Words]] = ()
) -> str:
    """The document in one language.

    pictures: for each picture its address as seen from the document, and the question that it answers.
    zone: in which to tell the time; the machine's own by default.
    """
    text = (
        _environment(language)
        .get_template("case.md.j2")
        .render(
            case=case,
            run=case.run,
            checkup=case.checkup,
            plan=case.plan,
            zone=zone,
            table=history.table(case),
            pictures=pictures,
            diff=(case.plan.diff or "").splitlines() if case.plan is not None else [],
        )
    )
    lines = [line.rstrip() for line in text.splitlines()]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    return "\n".join(kept).strip() + "\n"


def _address(path: str) -> Markup:
    """A path as the target of a Markdown link: what would end the link is written in per cent."""
    return Markup(quote(path))  # noqa: S704 (nothing but letters, digits and per cent signs is left)


@cache
def _environment(language: Language) -> Environment:
    def shown(value: object) -> Markup:
        """What a pair of braces prints: a sentence in the language, and nothing that Markdown would obey."""
        if isinstance(value, Markup):
            return value
        text = value.said(language) if isinstance(value, Words) else str(value)
        return Markup(inert.escaped(text))  # noqa: S704 (it has just been escaped)

    def code(value: object) -> Markup:
        return Markup(inert.code(str(value)))  # noqa: S704 (nothing in it can end the span)

    def fence(lines: list[str], kind: str) -> Markup:
        return Markup(inert.fence(lines, kind))  # noqa: S704 (nothing in it can end the block)

    def written(case: Case) -> list[str]:
        edits = case.plan.edits if case.plan is not None else ()
        kind = changes.fence_of(case.plan.config if case.plan is not None else None)
        lines = changes.written_lines(edits, language, kind)
        return [changes.comment(kind, phrases.CORE_CHANGES.said(language)), *lines] if lines else []

    def launched(case: Case) -> list[str]:
        return shell.launch(case, case.plan, language) if case.plan is not None else []

    made = Environment(
        loader=PackageLoader("defib.reports"),
        autoescape=True,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    made.filters |= {"address": _address, "code": code, "fence": fence, "written": written, "launched": launched}
    made.globals |= cast(
        "dict[str, Any]",
        {
            "p": phrases,
            "names": names,
            "naming": naming,
            "story": story,
            "outlook": outlook,
            "predicted": predicted,
            "quantities": quantities,
            "changes": changes,
            "shell": shell,
            "Point": Point,
            "marks": HISTORY_MARKS,
            "loud": LOUD,
            "verdict_mark": names.VERDICT_MARKS,
        },
    )
    return made
