"""What the plan promises and how long it takes, as sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from defib.reports import phrases
from defib.reports.changes import setting_name
from defib.reports.names import unit_of
from defib.reports.quantities import hours, moment, roughly
from defib.words import Words, in_unit, number, same

if TYPE_CHECKING:
    from datetime import tzinfo

    from defib.records import Baseline, Case, Forecast, Plan

TERMS = (phrases.SHORT_TERM, phrases.MIDDLE_TERM, phrases.LONG_TERM)
ROUNDING = 0.01
"""By how much epochs times seconds may miss the total before the product is no longer shown."""


class Pair(NamedTuple):
    """A name and its value."""

    name: Words
    value: Words


def targets(case: Case, forecast: Forecast) -> list[Pair]:
    """The band after each number of epochs."""
    unit = unit_of(case.run, forecast.key)
    planned = None if case.plan is None else _epochs(case, case.plan)
    found = []
    for index, target in enumerate(sorted(forecast.targets, key=lambda target: target.epochs)):
        term = TERMS[min(index, len(TERMS) - 1)].fill(epochs=target.epochs)
        if planned is not None and target.epochs > planned:
            term = phrases.BEYOND.fill(term=term, epochs=number(planned))
        band = phrases.BAND.fill(low=roughly(target.low, unit), high=roughly(target.high, unit))
        found.append(Pair(term, band))
    return found


def goal(case: Case, forecast: Forecast) -> Words | None:
    """Whether and when the user's target is reached; None when there is none."""
    if forecast.target is None:
        return None
    target = roughly(forecast.target, unit_of(case.run, forecast.key))
    if forecast.reached is None:
        return phrases.TARGET_OPEN.fill(target=target)
    known = sorted(value for value in forecast.reached if value is not None and math.isfinite(value))
    if not known:
        return phrases.TARGET_NEVER.fill(target=target)
    first = str(math.ceil(known[0]))
    if len(known) == 1:
        return phrases.TARGET_PERHAPS.fill(target=target, first=first)
    return phrases.TARGET_REACHED.fill(target=target, first=first, last=str(math.ceil(known[-1])))


def cures(case: Case, plan: Plan) -> list[Words]:
    """For each cause that the plan treats, the settings that treat it."""
    found = []
    for cause in case.causes:
        names = [setting_name(edit.key) for edit in plan.edits if edit.cause == cause.cause and edit.risk != "advise"]
        if names:
            settings = Words(", ".join(name.en for name in names), "、".join(name.zh for name in names))
            said = Words(cause.says.en.rstrip("."), cause.says.zh.rstrip("。"))
            found.append(phrases.TREATS.fill(cause=said, settings=settings))
    return found


def duration(case: Case, plan: Plan, zone: tzinfo | None = None) -> list[Pair]:
    """Time per epoch, total time and expected end; what is not known is said to be so."""
    each, total = case.run.seconds_per_epoch, plan.seconds
    epochs = _epochs(case, plan)
    pairs = [Pair(phrases.PER_EPOCH, hours(each))]
    if each and total and epochs and abs(each * epochs - total) <= ROUNDING * total:
        product = phrases.PRODUCT.fill(epochs=number(epochs), each=hours(each), total=hours(total))
        pairs.append(Pair(phrases.TOTAL_OF.fill(epochs=number(epochs)), product))
    else:
        pairs.append(Pair(phrases.TOTAL, hours(total)))
    end = moment(plan.ends_at, zone)
    known = end != phrases.UNKNOWN
    return [*pairs, Pair(phrases.ENDS_AT, phrases.IF_STARTED.fill(moment=end) if known else end)]


def baseline_rate(simple: Baseline) -> Words | None:
    """The two learning rates of the baseline, unless its own sentence has them."""
    if simple.lr_old is None or simple.lr_new is None:
        return None
    old, new = number(simple.lr_old), number(simple.lr_new)
    if old in simple.says.en and new in simple.says.en:
        return None
    return phrases.BASELINE_RATE.fill(old=old, new=new)


def loaded(plan: Plan) -> str | None:
    """The path from which the new config loads the start, as it is written there; None where it does not name one."""
    return next((edit.new for edit in plan.edits if edit.key == "load_from" and isinstance(edit.new, str)), None)


def best_start(case: Case, plan: Plan) -> Words:
    """The value that the start checkpoint has, with its unit."""
    start = plan.start_from
    if start.value is None:
        return phrases.UNKNOWN
    return same(in_unit(start.value, unit_of(case.run, start.metric)))


def _epochs(case: Case, plan: Plan) -> float | None:
    """How many epochs the restarted run has: as the plan sets it, else as the config had it."""
    for edit in plan.edits:
        if edit.key == "max_epochs" and isinstance(edit.new, int | float) and edit.risk != "advise":
            return edit.new
    value = case.run.setting("max_epochs")
    return value if isinstance(value, int | float) else None
