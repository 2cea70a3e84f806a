"""The runs that are watched, on the terminal: one in full, several as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from defib.cli.watching_phrases import SAYS
from defib.playbook.forecast import ahead
from defib.reports import phrases, story
from defib.reports.glance import Curve, Glance, glance
from defib.reports.inert import clean
from defib.reports.names import SEVERITIES, SHORT_VERDICTS, VERDICTS
from defib.reports.quantities import hours, moment, roughly
from defib.reports.screen.blocks import item, line
from defib.reports.terminal import VERDICT_STYLES
from defib.words import same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from defib.records import Case, Symptom
    from defib.watching.watcher import Look
    from defib.words import Language, Words

BAR, SHORT = 30, 10
MOST = 6
"""Alarms that one run shows; `diagnose` shows all."""
STYLES = {"act": "red", "watch": "yellow", "note": "dim"}


def ward(looks: Sequence[Look], language: Language, *, live: bool = False) -> RenderableType:
    """One run in full, several as a table, and when they were looked at."""
    at = moment(max((one.at for one in looks), default=None))
    foot = line(SAYS["live" if live else "looked"].fill(at=at), language, "dim")
    if len(looks) == 1:
        return Group(bedside(looks[0], language), foot)
    return Group(table(looks, language), foot)


def bedside(look: Look, language: Language) -> RenderableType:
    """One run in full: how far, how good, which alarms, which signs of its plan."""
    case, parts = look.case, list["RenderableType"]()
    if look.refused is not None:
        parts.append(line(SAYS["unreadable"].fill(said=look.refused), language, "yellow"))
    if case is None:
        return Panel(Group(*parts), title=clean(str(look.path)), title_align="left", box=box.ROUNDED)
    seen = glance(case)
    parts += [line(case.says, language), Text(""), _phase(seen, language), Text(""), _curves(seen, language)]
    parts += [*_ahead(case, language), *_alarms(case, language), *_signs(look, language)]
    style = VERDICT_STYLES[case.verdict]
    return Panel(
        Group(*parts),
        title=line(VERDICTS[case.verdict], language, f"bold {style}"),
        title_align="left",
        subtitle=line(str(look.path), language, "dim"),
        subtitle_align="left",
        border_style=style,
        box=box.ROUNDED,
    )


def table(looks: Sequence[Look], language: Language) -> RenderableType:
    """One row a run, and below what is wrong with which."""
    grid = Table(box=box.SIMPLE_HEAD, expand=False)
    for head in (phrases.RUN, phrases.VERDICT, SAYS["phase"], SAYS["best"], SAYS["last"], SAYS["trend"]):
        run = head is phrases.RUN
        grid.add_column(line(head, language), overflow="fold", no_wrap=not run, min_width=16 if run else None)
    said: list[RenderableType] = []
    for look in looks:
        name = short(look.path)
        words = _said(look)
        style = "yellow" if look.case is None or look.refused is not None else VERDICT_STYLES[look.case.verdict]
        if words is not None:
            said.append(item(name, words, language, style))
        if look.case is None:
            grid.add_row(line(name, language), *[Text("—")] * 5)
            continue
        seen = glance(look.case)
        first = seen.curves[0] if seen.curves else None
        grid.add_row(
            line(name, language),
            line(SHORT_VERDICTS[look.case.verdict], language, style),
            line(seen.phase, language),
            Text("—" if first is None else first.best),
            Text("—" if first is None else first.last),
            Text("" if first is None else first.trend[-SHORT:]),
        )
    return Group(grid, *said)


def short(path: Path) -> str:
    """A path as it is told apart from others: below here, else its last two names."""
    here = Path.cwd()
    whole = path.resolve()
    if whole.is_relative_to(here):
        return clean(str(whole.relative_to(here)))
    return clean("/".join(whole.parts[-2:]))


def _said(look: Look) -> Words | None:
    """The gravest that is open; None where nothing is."""
    if look.refused is not None or look.case is None:
        return None if look.refused is None else SAYS["unreadable"].fill(said=look.refused)
    loud = [one for one in loudest(look.case) if one.severity != "note"]
    return loud[0].says if loud else None


def loudest(case: Case) -> list[Symptom]:
    """The symptoms that have not cleared, the gravest first, and of these what stands for the whole before its branches."""
    order = ("act", "watch", "note")
    open_ = [one for one in story.symptoms(case) if one.cleared is None]
    return sorted(open_, key=lambda one: (order.index(one.severity), _key(one) != case.run.deciding))


def _key(symptom: Symptom) -> str:
    return symptom.metric if symptom.branch is None else f"{symptom.metric}/{symptom.branch}"


def _phase(seen: Glance, language: Language) -> RenderableType:
    row = Table.grid(padding=(0, 1))
    cells: list[RenderableType] = [line(seen.phase, language)]
    if seen.done is not None:
        cells.append(ProgressBar(total=1.0, completed=seen.done, width=BAR))
    if seen.left is not None and seen.done != 1.0:
        cells.append(line(SAYS["left"].fill(time=hours(seen.left)), language))
    row.add_row(*cells)
    return row


def _curves(seen: Glance, language: Language) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_row(Text(""), *(line(SAYS[name], language, "dim") for name in ("best", "last", "trend")))
    for curve in seen.curves:
        grid.add_row(line(curve.name, language), line(_best(curve), language), Text(curve.last), Text(curve.trend))
    return grid


def _best(curve: Curve) -> Words:
    at = {"value": curve.best, "epoch": curve.best_at}
    return same(curve.best) if curve.best_at is None else SAYS["best-at"].fill(**at)


def _ahead(case: Case, language: Language) -> list[RenderableType]:
    found = ahead(case.run, case.checkup)
    if found is None:
        return []
    words = {"low": roughly(found.low, "%"), "high": roughly(found.high, "%")}
    return [Text(""), line(SAYS["ahead"].fill(**words), language, "dim")]


def _alarms(case: Case, language: Language) -> list[RenderableType]:
    found = loudest(case)[:MOST]
    if not found:
        return []
    rows: list[RenderableType] = [
        item(SEVERITIES[one.severity].said(language), one.says, language, STYLES[one.severity]) for one in found
    ]
    return [Text(""), *rows]


def _signs(look: Look, language: Language) -> list[RenderableType]:
    if not look.signs:
        return []
    good = [one for one in look.signs if one.kind == "health"]
    shown = sum(one.state == "shown" for one in good)
    parts: list[RenderableType] = [Text(""), line(SAYS["signs-health"].fill(shown=shown, all=len(good)), language)]
    for one in good:
        mark, style = ("+", "green") if one.state == "shown" else ("·", "dim")
        parts.append(item(mark, one.says, language, style))
    dangers = [one for one in look.signs if one.kind == "danger" and one.state == "shown"]
    return [*parts, *(line(SAYS["sign-danger"].fill(says=one.says), language, "red") for one in dangers)]
