"""A Run in, a Checkup out."""

from __future__ import annotations

from functools import cache

from defib import catalogue
from defib.health import rules
from defib.health.history import history
from defib.health.incident import incident, moment
from defib.health.rule import Rule
from defib.records import Checkup, Run, Unseen


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule, by name."""
    return catalogue.entries(rules, Rule)


def check(run: Run) -> Checkup:
    """Look at a run with every rule, and say which could not look."""
    unseen = {name: reason for name, rule in all_rules().items() if (reason := rule.unseen(run)) is not None}
    symptoms = [symptom for name, rule in all_rules().items() if name not in unseen for symptom in rule(run)]
    symptoms.sort(key=lambda one: (moment(one.onset), one.rule, one.branch or "", one.severity))
    return Checkup(
        symptoms=tuple(symptoms),
        unseen=tuple(Unseen(rule=name, reason=reason) for name, reason in unseen.items()),
        checked=tuple(name for name in all_rules() if name not in unseen),
        incident=incident(run, symptoms),
        history=history(run),
    )
