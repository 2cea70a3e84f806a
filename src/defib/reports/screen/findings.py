"""What happened and why, on the terminal: history, open incident, symptoms, causes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from defib.reports import history, phrases, predicted, story
from defib.reports.names import SEVERITIES, STANDINGS
from defib.reports.quantities import places
from defib.reports.screen.blocks import QUIET, indented, item, line, section, table
from defib.reports.screen.prose import Prose

if TYPE_CHECKING:
    from rich.console import RenderableType

    from defib.records import Case, Cause, Evidence, Symptom
    from defib.words import Language, Words

MARKS = {"up": "+", "best": "*", "back": "+", "down": "-", "fell": "x", "fell-on": "x"}
MARK_STYLES = {"up": "green", "best": "bold green", "back": "green", "down": "yellow", "fell": "bold red"}
MARK_STYLES["fell-on"] = "bold red"
SEVERITY_STYLES = {"act": "bold red", "watch": "yellow", "note": "dim"}
STANDING_STYLES = {"likely": "bold red", "possible": "yellow", "ruled-out": "dim"}


def training(case: Case, language: Language) -> list[RenderableType]:
    """One row an evaluation, the best of each branch in bold."""
    shown = history.table(case)
    if not shown.lines:
        return section(phrases.HISTORY, language, [line(phrases.NO_HISTORY, language)])
    moment = phrases.STEP if shown.by_step else phrases.EPOCH
    grid = table(line(head, language) for head in (moment, *shown.heads, phrases.STATUS))
    for column in grid.columns[:-1]:
        column.justify = "right"
    for row in shown.lines:
        if isinstance(row, history.Gap):
            empty = [Text("")] * len(shown.heads)
            grid.add_row(Text("…", QUIET), *empty, line(phrases.LEFT_OUT.fill(count=row.skipped), language, QUIET))
            continue
        mark = row.row.mark
        status = Prose.assemble((MARKS.get(mark, " ") + " ", MARK_STYLES.get(mark, "")), line(row.row.says, language))
        cells = [Text(cell.text, "bold" if cell.best else "") for cell in row.cells]
        grid.add_row(Text(row.moment), *cells, status)
    return section(phrases.HISTORY, language, [grid])


def incident(case: Case, language: Language) -> list[RenderableType]:
    """The fall that has not ended."""
    words = story.incident(case)
    if words is None or case.checkup.incident is None:
        return []
    found = places([case.checkup.incident.best])
    parts = [line(words, language)] + ([line(found, language, QUIET)] if found else [])
    return section(phrases.INCIDENT, language, parts)


def symptoms(case: Case, language: Language) -> list[RenderableType]:
    """What the rules found."""
    if not case.checkup.symptoms:
        looked = bool(case.checkup.checked)
        words = phrases.NO_SYMPTOMS if looked else phrases.NOTHING_CHECKED
        return section(phrases.SYMPTOMS, language, [line(words, language, "" if looked else "bold yellow")])
    return section(phrases.SYMPTOMS, language, [_symptom(symptom, language) for symptom in story.symptoms(case)])


def causes(case: Case, language: Language) -> list[RenderableType]:
    """Each explanation, with the evidence on both sides and what is missing."""
    if not case.causes:
        missing = bool(case.checkup.symptoms)
        return section(phrases.CAUSES, language, [line(phrases.NO_CAUSES, language)] if missing else [])
    parts: list[RenderableType] = []
    number = 0
    for group in story.groups(case):
        parts += [Text("")] if parts else []
        parts += [line(group.title, language, "underline")] if group.title is not None else []
        for cause in group.causes:
            number += 1
            parts += ([Text("")] if cause is not group.causes[0] else []) + _cause(number, cause, language)
    if not parts:
        parts.append(line(phrases.NO_CAUSES, language))
    return section(phrases.CAUSES, language, [*parts, *_ruled_out(case, language)])


def predictions(case: Case, language: Language) -> list[RenderableType]:
    """What the scores of a checkpoint hold that no curve does."""
    found = case.run.predictions
    lines = [] if found is None else predicted.lines(found)
    return section(phrases.PREDICTIONS, language, [item("-", words, language) for words in lines])


def _symptom(symptom: Symptom, language: Language) -> RenderableType:
    style = SEVERITY_STYLES[symptom.severity]
    tail = " · ".join(part.said(language) for part in story.since(symptom))
    text = Prose.assemble(
        (SEVERITIES[symptom.severity].said(language) + "  ", style),
        line(symptom.says, language),
        line(f"  {tail}", language, QUIET),
    )
    return item("-", text, language)


def _cause(number: int, cause: Cause, language: Language) -> list[RenderableType]:
    title = Prose.assemble(
        line(cause.says, language, "bold"),
        (f"  [{STANDINGS[cause.standing].said(language)}]", STANDING_STYLES[cause.standing]),
    )
    if cause.event:
        title.append_text(line(f"  {phrases.AT_ONSET.said(language)}", language, QUIET))
    parts: list[RenderableType] = [item(f"{number}.", title, language)]
    for name, mark, style, found in (
        (phrases.EVIDENCE_FOR, "+", "green", cause.for_),
        (phrases.EVIDENCE_AGAINST, "-", "red", cause.against),
    ):
        parts += [indented(_evidence(name, mark, style, one, language), 3) for one in found]
    missing = phrases.EVIDENCE_MISSING.said(language)
    for words in cause.missing:
        text = Prose.assemble((f"{missing}  ", "yellow"), line(words, language))
        parts.append(indented(item("?", text, language, "yellow"), 3))
    return parts


def _evidence(name: Words, mark: str, style: str, evidence: Evidence, language: Language) -> RenderableType:
    text = Prose.assemble((f"{name.said(language)}  ", style), line(evidence.measured, language))
    found = places(evidence.facts)
    tail = [phrases.WEAK.said(language)] if evidence.strength == "weak" else []
    tail += [found.said(language)] if found else []
    text.append_text(line(" → ", language, QUIET)).append_text(line(evidence.means, language))
    if tail:
        text.append_text(line(f"  [{' · '.join(tail)}]", language, QUIET))
    return item(mark, text, language, style)


def _ruled_out(case: Case, language: Language) -> list[RenderableType]:
    """What it is not, a line each: the reader need not look there."""
    found = story.ruled_out(case)
    rows: list[RenderableType] = [Text(""), line(phrases.RULED_OUT, language, "underline")] if found else []
    for cause in found:
        text = line(cause.says, language)
        for evidence in cause.against:
            measured = f"{phrases.COLON.said(language)}{evidence.measured.said(language)} → "
            text.append_text(line(measured, language, QUIET)).append_text(line(evidence.means, language, QUIET))
            said = places(evidence.facts)
            text.append_text(line(f"  [{said.said(language)}]" if said else "", language, QUIET))
        rows.append(item("-", text, language, QUIET))
    return rows
