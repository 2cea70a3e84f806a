"""The one word for a checkup: at its end, the gravest first, a note only where nothing else gives a name."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import naming
from bench.naming import MANY, apart, named

from defib.health import all_rules
from defib.records import Checkup, Point, Symptom
from defib.words import same


def saw(rule, severity, onset=10.0, cleared=None):
    return Symptom(
        rule=rule,
        metric="val/top1",
        severity=severity,
        onset=Point(epoch=onset),
        record=int(onset),
        cleared=None if cleared is None else Point(epoch=cleared),
        says=same("made up"),
    )


def name(*symptoms):
    return named(Checkup(symptoms=symptoms))


def dips(count, rule="val_collapse", severity="watch"):
    return [saw(rule, severity, 10.0 * dip, 10.0 * dip + 3) for dip in range(1, count + 1)]


@pytest.mark.parametrize("rule", ["plateau", "loss_at_chance", "never_learned", "lr_zero", "lr_dead"])
def test_what_stands_and_learns_nothing_is_a_plateau(rule):
    assert name(saw(rule, "watch")) == "plateau"
    assert name(saw(rule, "watch", cleared=20.0)) == "healthy"


@pytest.mark.parametrize("rule", ["val_collapse", "loss_divergence", "branch_collapse", "fell_to_chance"])
def test_a_standing_fall_is_a_collapse_and_a_healed_one_a_spike(rule):
    assert name(saw(rule, "watch"), saw(rule, "act")) == "collapse"
    assert name(saw(rule, "watch", cleared=12.0), saw(rule, "act", cleared=12.0)) == "spike"


def test_what_is_not_a_number_is_the_gravest():
    assert name(*dips(MANY), saw("val_collapse", "act"), saw("non_finite", "act")) == "nan"
    assert name(saw("non_finite", "act", cleared=11.0)) == "healthy"


def test_a_run_that_came_back_many_times_swings_even_when_it_lies_down_again():
    assert name(*dips(MANY - 1)) == "spike"
    assert name(*dips(MANY)) == "oscillating"
    assert name(*dips(MANY), saw("loss_divergence", "act", 90.0)) == "oscillating"


def test_what_several_rules_saw_at_the_same_time_is_one_fall():
    assert apart([*dips(2), *dips(2, "branch_collapse", "act"), *dips(2, "loss_divergence", "act")]) == 2
    assert name(*dips(2), *dips(2, "branch_collapse", "act")) == "spike"


def test_swings_that_stand_come_before_the_spikes_that_they_are_made_of():
    assert name(saw("oscillation", "watch"), *dips(2)) == "oscillating"
    assert name(saw("oscillation", "watch", cleared=40.0), *dips(2)) == "spike"
    assert name(saw("oscillation", "watch"), saw("val_collapse", "act", 30.0)) == "collapse"


def test_a_slow_loss_that_stands_is_over_fitting():
    assert name(saw("overfitting", "watch")) == "overfit"
    assert name(saw("val_collapse", "watch")) == "overfit"
    assert name(saw("overfitting", "watch", cleared=30.0), *dips(1)) == "spike"


def test_two_notes_give_a_name_where_nothing_else_does():
    assert name(saw("loss_spike", "note", cleared=11.0)) == "spike"
    assert name(saw("loss_and_score_disagree", "note")) == "overfit"
    assert name(saw("loss_spike", "note", cleared=11.0), saw("overfitting", "watch")) == "overfit"


def test_a_jump_that_is_not_over_is_no_spike():
    assert name(saw("loss_spike", "note")) == "healthy"


@pytest.mark.parametrize("rule", ["overfitting", "oscillation", "slow_data", "no_evaluation", "lr_zero", "plateau"])
def test_other_notes_give_none(rule):
    assert name(saw(rule, "note")) == "healthy"


def test_nothing_is_healthy():
    assert name() == "healthy"


def test_only_rules_that_exist_are_named():
    spoken = naming.NOT_A_NUMBER | naming.FALLS | naming.STUCK | {"oscillation", "overfitting", "loss_spike"}
    assert spoken <= set(all_rules())
