"""A Run and its Checkup in, ranked Causes and a verdict out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib import catalogue
from defib.diagnosis import causes
from defib.diagnosis.cause import Explanation

if TYPE_CHECKING:
    from defib.records import Cause, Checkup, Incident, Run, Symptom, Verdict

FALLS = frozenset({"val_collapse", "branch_collapse", "fell_to_chance"})
ENDED = frozenset({"out_of_memory", "crashed"})
"""Rules that tell of the end of a run; over when training went on."""
JUDGE = "val_collapse"
"""The rule without which nothing is called healthy."""
_STANDING = {"likely": 0, "possible": 1, "ruled-out": 2}


@cache
def all_causes() -> dict[str, Explanation]:
    """Every cause, by name."""
    return catalogue.entries(causes, Explanation)


def diagnose(run: Run, checkup: Checkup) -> tuple[Cause, ...]:
    """All causes that have evidence, best first.

    Likely before possible before ruled out; a trap that explains no symptom after what is possible; within each, an
    event at the onset before a setting that was there all along, and more strong evidence before less.
    """
    found = [
        cause for explanation in all_causes().values() if (cause := _weighed(explanation, run, checkup)) is not None
    ]
    return tuple(sorted(found, key=_rank))


def _weighed(explanation: Explanation, run: Run, checkup: Checkup) -> Cause | None:
    """A cause, no likelier than what it explains: nothing is likely, or even a cause, where nothing is wrong.

    What predictions show stands by itself: it is there whether or not a curve fell.
    """
    cause = explanation(run, checkup)
    if cause is None or not explanation.explains or cause.explains or _predicted(cause):
        return cause
    if not checkup.symptoms:
        return None
    return msgspec.structs.replace(cause, standing="possible") if cause.standing == "likely" else cause


def _predicted(cause: Cause) -> bool:
    return any(fact.metric.startswith("predictions/") for one in cause.for_ for fact in one.facts)


def verdict(run: Run, checkup: Checkup, causes: tuple[Cause, ...] = ()) -> Verdict:
    """What to do about the run.

    `rescue` for an open incident with a confirmed fall that has not healed; instead of it `escalate` when a fault of
    labels, data or code is likely, and `leave-running` when the fault is likely in the validation alone. `escalate`
    also without a fall: such a fault is there however good the score is. `watch` for anything less that is not a
    note, and where the metric that decides could not be judged; `healthy` otherwise. A run that cannot be looked at
    at all is an error before it comes here, never healthy.
    """
    asked = _asked(causes, checkup.incident)
    if asked == "escalate":
        return "escalate"
    if any(one.severity == "act" for one in checkup.falls):
        return asked or "rescue"
    worth = [one for one in checkup.symptoms if one.severity != "note" and not _over(run, one)]
    return "healthy" if not worth and JUDGE in checkup.checked else "watch"


def _asked(causes: tuple[Cause, ...], incident: Incident | None) -> Verdict | None:
    """The verdict that a likely cause asks for.

    `leave-running` only from one that explains the fall itself, and when no likely event explains it too.
    """
    likely = [one for one in causes if one.standing == "likely"]
    if any(one.verdict == "escalate" for one in likely):
        return "escalate"
    rivals = any(one.verdict is None and one.event and FALLS & set(one.explains) for one in likely)
    validation = incident is not None and any(
        one.verdict == "leave-running" and incident.rule in one.explains for one in likely
    )
    return "leave-running" if validation and not rivals else None


def _over(run: Run, one: Symptom) -> bool:
    """Whether a fall has healed, and the metric that decides has since been better than ever; or a run went on after all."""
    if one.rule in ENDED:
        return one.cleared is not None
    series = run.get(run.deciding)
    if not one.fall or one.cleared is None or series is None or one.cleared.epoch is None:
        return False
    later = series.value[series.epoch >= one.cleared.epoch]
    return bool(len(later)) and bool(np.nanmax(later) >= np.nanmax(series.value))


def _rank(cause: Cause) -> tuple[int, bool, bool, int, int, str]:
    strong = sum(one.strength == "strong" for one in cause.for_)
    trap = cause.standing == "likely" and not cause.explains
    return (
        _STANDING[cause.standing] + trap,
        not cause.explains,
        not cause.event,
        -strong,
        -len(cause.for_),
        cause.cause,
    )
