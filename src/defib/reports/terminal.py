"""One case on the terminal: the verdict first, then why, then what to do, then how far the answer reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.panel import Panel

from defib.reports.names import VERDICTS
from defib.reports.screen import findings, limits, remedy
from defib.reports.screen.blocks import line

if TYPE_CHECKING:
    from datetime import tzinfo

    from rich.console import RenderableType

    from defib.records import Case
    from defib.words import Language

VERDICT_STYLES = {
    "healthy": "green",
    "watch": "yellow",
    "rescue": "red",
    "leave-running": "cyan",
    "escalate": "magenta",
}


def terminal(case: Case, language: Language, *, zone: tzinfo | None = None) -> RenderableType:
    """The answer of `diagnose`, and with a plan that of `rescue`.

    zone: in which to tell the time; the machine's own by default.
    """
    plan = case.plan
    parts: list[RenderableType] = [
        verdict(case, language),
        *findings.training(case, language),
        *findings.incident(case, language),
        *findings.symptoms(case, language),
        *findings.causes(case, language),
        *findings.predictions(case, language),
    ]
    if plan is not None:
        parts += [
            *remedy.edits(case, plan, language),
            *remedy.by_hand(plan, language),
            *remedy.difference(plan.diff or "", language),
            *remedy.start(case, plan, language),
            *remedy.command(case, plan, language),
            *remedy.time(case, plan, language, zone),
            *remedy.signs(plan, language),
            *remedy.wrong_if(plan, language),
            *remedy.forecast(case, plan, language),
            *remedy.ladder(plan, language),
            *remedy.baseline(plan, language),
        ]
    parts += [
        *limits.coverage(case, language),
        *limits.not_understood(case, language),
        *limits.notes(case, language),
        *limits.written(case, language),
    ]
    return Group(*parts)


def verdict(case: Case, language: Language) -> RenderableType:
    """The one sentence, in the colour of what there is to do."""
    style = VERDICT_STYLES[case.verdict]
    return Panel(
        line(case.says, language),
        title=line(VERDICTS[case.verdict], language, f"bold {style}"),
        title_align="left",
        subtitle=line(case.run.path, language, "dim"),
        subtitle_align="left",
        border_style=style,
        box=box.ROUNDED,
        padding=(0, 1),
    )
