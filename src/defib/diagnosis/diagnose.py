"""A Run and its Checkup in, ranked Causes and a verdict out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from defib import catalogue
from defib.diagnosis import causes
from defib.diagnosis.cause import Explanation

if TYPE_CHECKING:
    from defib.records import Cause, Checkup, Point, Run, Verdict

_STANDING = {"likely": 0, "possible": 1, "ruled-out": 2}


@cache
def all_causes() -> dict[str, Explanation]:
    """Every cause, by name."""
    return catalogue.entries(causes, Explanation)


def diagnose(run: Run, checkup: Checkup) -> tuple[Cause, ...]:
    """All causes that have evidence, best first.

    Likely before possible before ruled out; within each, what explains a symptom before a trap that explains none, an
    event at the onset before a setting that was there all along, and more strong evidence before less.
    """
    found = [cause for explanation in all_causes().values() if (cause := explanation(run, checkup)) is not None]
    return tuple(sorted(found, key=_rank))


def verdict(run: Run, checkup: Checkup) -> Verdict:
    """What to do about the run.

    `rescue` for an open incident with a confirmed fall that has not healed; `watch` for anything less that is not a
    note, and where no held-out metric was understood; `healthy` otherwise. A run that cannot be looked at at all is an
    error before it comes here, never healthy.
    """
    incident = checkup.incident
    if incident is not None and any(
        one.severity == "act" and one.fall and one.cleared is None and _since(one.onset, incident.onset)
        for one in checkup.symptoms
    ):
        return "rescue"
    worth = [one for one in checkup.symptoms if one.severity != "note" and (one.cleared is None or not one.fall)]
    return "watch" if worth or run.get(run.deciding) is None else "healthy"


def _since(one: Point, start: Point) -> bool:
    if one.epoch is not None and start.epoch is not None:
        return one.epoch >= start.epoch
    return one.step is not None and start.step is not None and one.step >= start.step


def _rank(cause: Cause) -> tuple[int, bool, bool, int, int, str]:
    strong = sum(one.strength == "strong" for one in cause.for_)
    return (_STANDING[cause.standing], not cause.explains, not cause.event, -strong, -len(cause.for_), cause.cause)
