"""What every form of the report says about a case, in the order in which it says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from defib.naming import metric_name
from defib.reports import phrases
from defib.reports.names import SEVERITIES, STANDINGS, unit_of
from defib.reports.quantities import epoch_number, places, when
from defib.words import in_unit

TOLD = frozenset({"rescue", "leave-running"})
"""Verdicts whose one sentence tells the fall: from what, to what, since when."""

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
    """Since when it is bad, and what the best was before; None when no incident is open, or the headline says it already."""
    found = case.checkup.incident
    if found is None or case.verdict in TOLD:
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


class Group(NamedTuple):
    """Causes that answer one question, in the order in which they are numbered."""

    title: Words | None
    """None where there is only one such group."""
    causes: tuple[Cause, ...]


def groups(case: Case) -> tuple[Group, ...]:
    """The causes that stand: what may have set off the fall, then what is wrong but explains no fall.

    Without an open incident all of them are one group, and so they are where a person must act: the fall is not the question then. Those that were ruled out are in none.
    """
    order = tuple(STANDINGS)
    standing = sorted(
        (cause for cause in case.causes if cause.standing != "ruled-out"),
        key=lambda cause: (order.index(cause.standing), not cause.explains),
    )
    fallen = {symptom.rule for symptom in case.checkup.falls}
    of_the_fall = tuple(cause for cause in standing if fallen & set(cause.explains))
    others = tuple(cause for cause in standing if cause not in of_the_fall)
    if not fallen or case.verdict == "escalate":
        return (Group(None, tuple(standing)),) if standing else ()
    first = of_the_fall and (Group(phrases.SET_OFF, of_the_fall),)
    return (*first, *(others and (Group(phrases.ALSO_WRONG, others),)))


def ruled_out(case: Case) -> list[Cause]:
    """The causes that evidence speaks strongly against."""
    return [cause for cause in case.causes if cause.standing == "ruled-out"]


def causes(case: Case) -> list[Cause]:
    """The causes as they are shown and numbered: what may have set off the fall, what else is wrong, what was ruled out."""
    return [*(cause for group in groups(case) for cause in group.causes), *ruled_out(case)]


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
