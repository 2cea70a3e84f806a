"""A gradient that nothing stopped, and falls before which none came."""

import pytest

from defib.diagnosis.causes.clip_too_loose import clip_too_loose
from defib.records import Checkup, Fact, Incident, Point, Symptom
from defib.samples import run_of
from defib.words import same

EPOCHS = [1 + at / 10 for at in range(60)]
CALM = [4.0 + 0.1 * (at % 5) for at in range(60)]
SPIKE = [*CALM[:38], 90.0, *CALM[39:]]
BARE = {"optim_wrapper": {"type": "OptimWrapper", "optimizer": {"type": "SGD", "lr": 0.1}}}


def clipped(limit):
    return {"optim_wrapper": {"optimizer": {"lr": 0.1}, "clip_grad": {"max_norm": limit}}}


def symptom(rule, epoch=5.0):
    return Symptom(rule=rule, metric="val/top1", severity="act", onset=Point(epoch=epoch), record=40, fall=True, says=same("x"))  # fmt: skip


def opinion(norms, config=None, *rules, open_=True):
    curves = {"train/loss": [1.0] * 60} | ({} if norms is None else {"train/grad_norm": norms})
    incident = Incident(key="val/top1", onset=Point(epoch=5.0), rule="val_collapse", best=Fact(metric="val/top1", value=50.0))  # fmt: skip
    symptoms = tuple(symptom(rule) for rule in (rules or ("val_collapse",)))
    return clip_too_loose(
        run_of(curves, epochs=EPOCHS, config=config), Checkup(symptoms=symptoms, incident=incident if open_ else None)
    )


@pytest.mark.parametrize("config", [BARE, clipped(40)])
def test_a_spike_that_no_limit_cut_is_likely(config):
    found = opinion(SPIKE, config)
    assert (found.standing, found.explains) == ("likely", ("val_collapse",))
    assert "90 came in epoch 4.8" in found.for_[0].measured.en
    assert found.for_[0].facts[0].value == 90


def test_without_a_config_it_is_possible_and_the_limit_is_asked_for():
    found = opinion(SPIKE)
    assert found.standing == "possible"
    assert len(found.missing) == 1


def test_a_divergence_without_any_limit_is_possible():
    found = opinion(None, BARE, "loss_divergence")
    assert found.standing == "possible"
    assert "grad" in found.missing[0].en


@pytest.mark.parametrize("limit", [4.0, 10])
def test_a_limit_near_the_usual_norm_rules_it_out(limit):
    assert opinion(SPIKE, clipped(limit)).standing == "ruled-out"


@pytest.mark.parametrize("config", [None, BARE, clipped(40)])
def test_calm_gradients_rule_it_out(config):
    assert opinion(CALM, config).standing == "ruled-out"


def test_a_jump_of_the_rate_speaks_against_it():
    assert opinion(SPIKE, BARE, "val_collapse", "lr_jump").standing == "possible"


def test_no_opinion_without_a_fall_or_on_a_spike_that_came_before():
    assert opinion(SPIKE, BARE, open_=False) is None
    assert opinion([*SPIKE[:20], 95.0, *SPIKE[21:]], BARE) is None
    assert opinion(None, clipped(40), "loss_divergence") is None
    assert opinion(None, BARE) is None
