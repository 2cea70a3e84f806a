"""The one word for a checkup, in the words of the labels.

A log is named at its end: what stands there comes before what has healed, what is graver before what is less, and a note
gives a name only where nothing else does. Two notes do: a loss spike that is over, and a held-out loss that explodes. The
others (a wide gap, slow data, ...) are no kind of course.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.health.incident import moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from defib.records import Checkup, Symptom

NOT_A_NUMBER = {"non_finite", "gradient_not_finite"}
FALLS = {"val_collapse", "loss_divergence", "branch_collapse", "fell_to_chance", "dead_branch"}
STUCK = {"plateau", "loss_at_chance", "never_learned", "lr_zero", "lr_dead", "loss_and_score_disagree"}
"""Standing, each says that nothing is being learned (any more)."""
MANY = 4
"""Falls that healed, from which a run is said to swing, even where it ends in one more; assumed."""


def named(checkup: Checkup) -> str:
    """The one word for a checkup."""
    standing = [one for one in checkup.symptoms if one.cleared is None]
    act = {one.rule for one in standing if one.severity == "act"}
    watch = {one.rule for one in standing if one.severity == "watch"}
    note = {one.rule for one in standing if one.severity == "note"}
    healed = apart(one for one in checkup.symptoms if one.rule in FALLS and one.cleared is not None)
    over = {one.rule for one in checkup.symptoms if one.cleared is not None}
    words = (
        ("nan", act & NOT_A_NUMBER),
        ("oscillating", healed >= MANY),
        ("collapse", act & FALLS),
        ("plateau", watch & STUCK),
        ("oscillating", "oscillation" in watch),
        ("overfit", watch & {"overfitting", "val_collapse"}),
        ("spike", healed),
        ("overfit", "loss_and_score_disagree" in note),
        ("spike", "loss_spike" in over),
    )
    return next((word for word, holds in words if holds), "healthy")


def apart(symptoms: Iterable[Symptom]) -> int:
    """How many falls these are: what overlaps in time is one, whichever rules and branches saw it."""
    count, end = 0, (float("-inf"), float("-inf"))
    for one in sorted(symptoms, key=lambda one: moment(one.onset)):
        if one.cleared is None:
            continue
        count += moment(one.onset) >= end
        end = max(end, moment(one.cleared))
    return count
