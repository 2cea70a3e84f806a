"""What every form of the report says about a case, in the order in which it says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.naming import metric_name
from defib.reports import phrases
from defib.reports.names import SEVERITIES, STANDINGS, unit_of
from defib.reports.quantities import epoch_number, in_unit, places, when

if TYPE_CHECKING:
    from defib.records import Case, Cause, Edit, Point, Symptom
    from defib.words import Words


def title(case: Case) -> Words:
    """What the document is called: a rescue from an epoch, a plan, or a diagnosis."""
    if case.plan is None:
        return phrases.TITLE_DIAGNOSIS
    epoch = epoch_number(case.plan.start_from.epoch)
    if case.checkup.incident is None or epoch is None:
        return phrases.TITLE_PLAN
    return phrases.TITLE_COLLAPSE.fill(epoch=epoch)


def incident(case: Case) -> Words | None:
    """Since when it is bad, and what the best was before; None when no incident is open."""
    found = case.checkup.incident
    if found is None:
        return None
    value = found.best.value
    known = isinstance(value, int | float)
    return phrases.INCIDENT_SAYS.fill(
        onset=when(found.onset),
        best=in_unit(value, unit_of(case.run, found.key)) if known else phrases.UNKNOWN,
        when=when(found.best.at),
        metric=metric_name(case.run, found.key),
    )


def symptoms(case: Case) -> list[Symptom]:
    """The symptoms, those that ask for action first, otherwise as they came.

    A watcher hears of a fall early and mildly, then again when it is certain; here only the gravest word on one onset
    is kept.
    """
    order = tuple(SEVERITIES)
    ranked = sorted(case.checkup.symptoms, key=lambda symptom: order.index(symptom.severity))
    gravest: dict[tuple[str, str, str | None, Point], Symptom] = {}
    for symptom in ranked:
        gravest.setdefault((symptom.rule, symptom.metric, symptom.branch, symptom.onset), symptom)
    return list(gravest.values())


def since(symptom: Symptom) -> list[Words]:
    """When a symptom began, when it ended, and where its numbers stand."""
    parts = [phrases.SINCE.fill(onset=when(symptom.onset))]
    if symptom.cleared is not None:
        parts.append(phrases.CLEARED.fill(onset=when(symptom.cleared)))
    found = places(symptom.facts)
    return parts if found is None else [*parts, found]


def causes(case: Case) -> list[Cause]:
    """The causes, likely before possible before ruled out, otherwise as they came.

    A trap that explains no symptom here stands behind what may have caused the fall.
    """
    order = tuple(STANDINGS)
    fallen = case.checkup.incident is not None and any(cause.explains for cause in case.causes)

    def rank(cause: Cause) -> tuple[int, bool]:
        trap = fallen and not cause.explains and cause.standing == "likely"
        return order.index("possible" if trap else cause.standing), trap

    return sorted(case.causes, key=rank)


def number_of(case: Case, edit: Edit) -> int | None:
    """The number under which the cause that an edit treats is shown."""
    names = [cause.cause for cause in causes(case)]
    return names.index(edit.cause) + 1 if edit.cause in names else None


def notes(case: Case) -> list[Words]:
    """The notes of run, config and plan, each once."""
    found = list(case.run.notes)
    found += case.run.config.notes if case.run.config is not None else ()
    found += case.plan.notes if case.plan is not None else ()
    return list(dict.fromkeys(found))
