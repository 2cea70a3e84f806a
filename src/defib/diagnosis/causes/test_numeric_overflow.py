"""Numbers that do not fit into half precision, and runs that compute in others."""

import msgspec
import pytest

from defib.diagnosis.causes.numeric_overflow import numeric_overflow
from defib.records import Checkup, Event, Place, Point, Symptom
from defib.samples import run_of
from defib.words import same

HALF = {"optim_wrapper": {"type": "AmpOptimWrapper"}}
FIXED = {"optim_wrapper": {"type": "AmpOptimWrapper", "loss_scale": 512.0}}
FULL = {"optim_wrapper": {"type": "OptimWrapper"}}
BFLOAT = {"optim_wrapper": {"type": "AmpOptimWrapper", "dtype": "bfloat16"}}


def symptom(rule, severity="act"):
    return Symptom(rule=rule, metric="train/grad_norm", severity=severity, onset=Point(epoch=5.0), record=50, says=same("not finite"))  # fmt: skip


def overflow(record):
    return Event(kind="overflow", text="Gradient overflow. Skipping step", at=Point(epoch=5.0), place=Place(file="a.log", line=record), record=record)  # fmt: skip


def opinion(*rules, config=None, events=(), severity="act"):
    run = msgspec.structs.replace(run_of({"train/loss": [1.0] * 60}, config=config), events=tuple(events))
    return numeric_overflow(run, Checkup(symptoms=tuple(symptom(rule, severity) for rule in rules)))


def test_skipped_gradients_in_half_precision_are_likely():
    found = opinion("gradient_not_finite", config=HALF)
    assert (found.standing, found.explains) == ("likely", ("gradient_not_finite",))
    assert "AmpOptimWrapper" in found.for_[0].measured.en


def test_a_loss_that_is_not_finite_is_possible_and_a_fixed_scale_is_told():
    found = opinion("non_finite", config=FIXED)
    assert found.standing == "possible"
    assert "512" in found.for_[1].measured.zh


def test_overflows_around_the_symptom_are_likely_and_give_their_lines():
    found = opinion("loss_divergence", events=[overflow(at) for at in (44, 48, 52)])
    assert found.standing == "likely"
    assert [fact.place.line for fact in found.for_[0].facts] == [44, 52]


def test_one_overflow_is_the_scalers_daily_work():
    found = opinion("loss_divergence", events=[overflow(50)])
    assert found.standing == "possible"
    assert found.for_[0].strength == "weak"


@pytest.mark.parametrize("config", [FULL, BFLOAT])
@pytest.mark.parametrize("rule", ["non_finite", "gradient_not_finite", "loss_divergence"])
def test_other_numbers_rule_it_out(rule, config):
    assert opinion(rule, config=config).standing == "ruled-out"


def test_overflows_far_from_the_symptom_are_no_sign():
    assert opinion("loss_divergence", events=[overflow(at) for at in (3, 5, 9)]) is None


def test_no_opinion_on_a_divergence_in_half_precision_or_on_notes():
    assert opinion("loss_divergence", config=HALF) is None
    assert opinion("gradient_not_finite", config=HALF, severity="note") is None
    assert opinion("val_collapse", config=HALF) is None
