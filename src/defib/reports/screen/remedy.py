"""What to do, on the terminal: changes, start, command, time, signs, later steps, forecast, baseline."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from defib.naming import metric_name
from defib.records import Point
from defib.reports import outlook, phrases, shell, story
from defib.reports.changes import change, in_code, step_text
from defib.reports.names import LADDERS, PROFILES, STATES
from defib.reports.quantities import when
from defib.reports.screen.blocks import QUIET, Shell, item, line, pairs, section, table

if TYPE_CHECKING:
    from datetime import tzinfo

    from rich.console import RenderableType

    from defib.records import Case, Plan
    from defib.words import Language, Words

DIFF_STYLES = {"+": "green", "-": "red"}
STATE_STYLES = {"ready": "green", "listed": "yellow", "unseen": "yellow", "broken": "bold red", "none": "bold red"}


def edits(case: Case, plan: Plan, language: Language) -> list[RenderableType]:
    """Every change: before, after, why, and what limits it."""
    if not plan.edits:
        return section(phrases.REMEDY, language, [line(phrases.NO_EDITS, language)])
    heads = (phrases.PARAMETER, phrases.BEFORE, phrases.AFTER, phrases.WHY)
    grid = table(line(head, language) for head in heads)
    for column, width in zip(grid.columns, (18, 14, 14), strict=False):
        column.max_width = width
    for edit in plan.edits:
        row = change(edit, story.number_of(case, edit))
        why = line(row.why, language)
        if row.remarks:
            joined = " · ".join(remark.said(language) for remark in row.remarks)
            why.append_text(line(f" [{joined}]", language, "yellow" if edit.risk != "safe" else QUIET))
        grid.add_row(line(row.name, language), line(row.old, language), line(row.new, language, "bold"), why)
    parts: list[RenderableType] = [line(PROFILES[plan.profile], language, QUIET), grid]
    if case.run.reference is not None and any(edit.reference is not None for edit in plan.edits):
        parts.append(line(phrases.REFERENCE.fill(name=case.run.reference.name), language, QUIET))
    return section(phrases.REMEDY, language, parts)


def by_hand(plan: Plan, language: Language) -> list[RenderableType]:
    """What a person has to change, and where; nothing where the config takes every change."""
    if not plan.by_hand:
        return []
    rows: list[RenderableType] = []
    for edit in plan.by_hand:
        row = in_code(edit)
        head = line(row.name, language, "bold")
        head.append_text(line(f": {row.old.said(language)} → {row.new.said(language)}", language))
        rows += [head, line(row.remarks[0], language), line(row.why, language, QUIET)]
    return section(phrases.BY_HAND, language, rows)


def difference(diff: str, language: Language) -> list[RenderableType]:
    """What changes in the config file, line by line."""
    rows = [line(row, language, DIFF_STYLES.get(row[:1], QUIET)) for row in diff.splitlines()]
    return section(phrases.DIFFERENCE, language, rows)


def start(case: Case, plan: Plan, language: Language) -> list[RenderableType]:
    """The checkpoint to start from, and whether it is really there."""
    chosen = plan.start_from
    said: list[RenderableType] = [line(chosen.says, language)]
    rows: list[tuple[Words, Words | str | Text]] = [
        (phrases.START_PATH, chosen.path if chosen.path is not None else phrases.UNKNOWN),
        *([(phrases.START_LOADED, where)] if (where := outlook.loaded(plan)) is not None else []),
        (phrases.START_STATE, line(STATES[chosen.state], language, STATE_STYLES[chosen.state])),
    ]
    if chosen.value is not None:
        rows.append((metric_name(case.run, chosen.metric), outlook.best_start(case, plan)))
    if chosen.weights is not None:
        rows.append((phrases.START_WEIGHTS, chosen.weights))
    if chosen.wanted is not None and chosen.wanted != chosen.epoch:
        wanted = phrases.START_WANTED.fill(when=when(Point(epoch=chosen.wanted)))
        said.append(line(wanted, language, "yellow"))
    return section(phrases.START, language, [*said, *pairs(rows, language)])


def command(case: Case, plan: Plan, language: Language) -> list[RenderableType]:
    """How to start it and how to follow it; these lines start at the edge of the screen so that they can be copied."""
    known = _titled(phrases.BEFOREHAND, [item("!", words, language, "yellow") for words in plan.beforehand], language)
    known += [Text("")] if known else []
    if not plan.command:
        return section(phrases.LAUNCH, language, [*known, line(phrases.NO_COMMAND, language)])
    launch = Shell(lambda width: shell.launch(case, plan, language, width))
    parts: list[RenderableType] = [Text(""), line(phrases.LAUNCH, language, "bold"), *known, launch]
    if plan.monitor:
        parts += [Text(""), line(phrases.MONITOR, language, "bold")]
        parts += [Shell(partial(_monitored, plan, index)) for index in range(len(plan.monitor))]
    return parts


def _monitored(plan: Plan, index: int, width: int) -> list[str]:
    return [*([""] if index else []), *shell.monitor(plan, width)[index]]


def time(case: Case, plan: Plan, language: Language, zone: tzinfo | None) -> list[RenderableType]:
    """How long it takes and when it ends."""
    return section(phrases.TIME, language, pairs(outlook.duration(case, plan, zone), language))


def signs(plan: Plan, language: Language) -> list[RenderableType]:
    """What to look for after the restart."""
    parts: list[RenderableType] = []
    for kind, title, mark, style in (
        ("health", phrases.HEALTHY_SIGNS, "+", "green"),
        ("danger", phrases.DANGER_SIGNS, "x", "red"),
    ):
        parts += _titled(
            title, [item(mark, rule.says, language, style) for rule in plan.watch if rule.kind == kind], language
        )
    return section(phrases.SIGNS, language, parts)


def ladder(plan: Plan, language: Language) -> list[RenderableType]:
    """What to change later, upwards and downwards."""
    parts: list[RenderableType] = []
    for stage, title in LADDERS.items():
        steps = [step_text(step.says, step.key, step.old, step.new) for step in plan.ladder if step.when == stage]
        parts += _titled(title, [item(f"{index}.", step, language) for index, step in enumerate(steps, 1)], language)
    return section(phrases.LADDER, language, parts)


def forecast(case: Case, plan: Plan, language: Language) -> list[RenderableType]:
    """Where the healthy part of the curve points."""
    promise = plan.forecast
    if promise is None:
        return section(phrases.OUTLOOK, language, [line(phrases.NO_FORECAST, language)])
    goal = outlook.goal(case, promise)
    parts: list[RenderableType] = [line(promise.says, language), *pairs(outlook.targets(case, promise), language)]
    if goal is not None:
        parts.append(line(goal, language, "bold"))
    if promise.targets:
        parts.append(line(phrases.BAND_IS, language, QUIET))
    return section(phrases.OUTLOOK, language, parts)


def baseline(plan: Plan, language: Language) -> list[RenderableType]:
    """The simplest remedy, for comparison."""
    simple = plan.baseline
    if simple is None:
        return []
    said: list[RenderableType] = [line(simple.says, language)]
    rate = outlook.baseline_rate(simple)
    if rate is not None:
        said.append(line(rate, language))
    shown = section(phrases.BASELINE, language, said)
    if simple.command:
        shown.append(Shell(lambda width: shell.baseline(plan, width)))
    return shown


def wrong_if(plan: Plan, language: Language) -> list[RenderableType]:
    """What would prove the plan wrong."""
    return section(phrases.WRONG_IF, language, [item("-", words, language) for words in plan.wrong_if])


def _titled(title: Words, items: list[RenderableType], language: Language) -> list[RenderableType]:
    return [line(title, language, "underline"), *items] if items else []
