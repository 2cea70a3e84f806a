import pytest

from defib.diagnosis.causes.numeric_overflow import numeric_overflow
from defib.records import Checkup, Event, Place, Point, Symptom
from defib.samples import run_of
from defib.words import same

AMP = {"optim_wrapper": {"type": "AmpOptimWrapper", "loss_scale": "dynamic"}}
FIXED = {"fp16": {"loss_scale": 512.0}}
BFLOAT = {"optim_wrapper": {"type": "AmpOptimWrapper", "dtype": "bfloat16"}}
FULL = {"optim_wrapper": {"type": "OptimWrapper", "optimizer": {"type": "SGD"}}}
OLDER_FULL = {"optimizer_config": {"grad_clip": None}}
OWN = {"optim_wrapper": {"type": "MyOptimWrapper"}}


def sick(*rules, severity="act"):
    return Checkup(
        symptoms=tuple(
            Symptom(rule=rule, metric="train/loss", severity=severity, onset=Point(epoch=20.0), record=40, says=same(rule))
            for rule in rules
        )
    )  # fmt: skip


def overflows(*records):
    text = "Gradient overflow.  Skipping step, loss scaler 0 reducing loss scale to 32768.0"
    return tuple(
        Event(kind="overflow", text=text, at=Point(epoch=20.0), record=record, place=Place(file="a.log", line=record))
        for record in records
    )


def opinion(config, checkup, events=()):
    return numeric_overflow(run_of({"val/top1": [1.0]}, config=config, events=events), checkup)


@pytest.mark.parametrize("config", [AMP, FIXED])
def test_gradients_that_are_not_finite_in_half_precision_are_likely(config):
    found = opinion(config, sick("gradient_not_finite"))
    assert found.standing == "likely"
    assert "loss scale was not logged" in found.missing[0].en


def test_a_fixed_scale_is_told():
    assert "fixed at 512" in opinion(FIXED, sick("gradient_not_finite")).for_[1].measured.en


def test_many_messages_around_the_symptom_are_likely_without_a_config():
    found = opinion(None, sick("non_finite"), overflows(38, 39, 40, 41))
    assert found.standing == "likely"
    assert "4 overflows" in found.for_[0].measured.en
    assert [fact.place.line for fact in found.for_[0].facts] == [38, 41]


def test_a_loss_that_is_not_finite_has_other_causes_too():
    assert opinion(AMP, sick("non_finite")).standing == "possible"


def test_skipped_steps_without_a_config_are_possible_and_the_config_is_missing():
    found = opinion(None, sick("gradient_not_finite"))
    assert found.standing == "possible"
    assert "config" in found.missing[0].en


@pytest.mark.parametrize("config", [FULL, OLDER_FULL, BFLOAT])
@pytest.mark.parametrize("rule", ["non_finite", "gradient_not_finite"])
def test_numbers_with_the_range_of_float32_rule_it_out(config, rule):
    assert opinion(config, sick(rule)).standing == "ruled-out"


def test_a_message_once_in_a_while_is_what_a_scaler_does():
    found = opinion(None, sick("non_finite"), overflows(2, 12, 22, 38))
    assert found.standing == "possible"
    assert "once in a while" in found.for_[0].means.en


def test_no_opinion_far_from_the_symptom_or_on_a_loss_that_stays_finite():
    assert opinion(None, sick("non_finite"), overflows(1, 2, 3, 4)) is None
    assert opinion(AMP, sick("loss_divergence")) is None
    assert opinion(FULL, sick("loss_divergence")) is None


def test_no_opinion_on_other_symptoms_on_notes_or_on_an_unknown_wrapper():
    assert opinion(AMP, sick("plateau")) is None
    assert opinion(AMP, sick("gradient_not_finite", severity="note")) is None
    assert opinion(OWN, sick("non_finite")) is None
