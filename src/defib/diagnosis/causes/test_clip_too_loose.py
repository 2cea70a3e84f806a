import pytest

from defib.diagnosis.causes.clip_too_loose import clip_too_loose
from defib.records import Checkup, Fact, Incident, Point, Symptom
from defib.samples import run_of, wobble
from defib.words import same

USUAL = [4.0 + 0.5 * wobble(5, epoch) for epoch in range(30)]
SPIKE = [*USUAL, 90.0, 5.0]


def clipped(limit):
    return {"optim_wrapper": {"optimizer": {"type": "SGD"}, "clip_grad": {"max_norm": limit}}}


NO_CLIP = {"optim_wrapper": {"optimizer": {"type": "SGD"}}}
OLDER = {"optimizer_config": {"grad_clip": {"max_norm": 35, "norm_type": 2}}}


def fell(epoch=31.0, rule="val_collapse", jump=None):
    best = Fact(metric="val/top1", value=60.0, at=Point(epoch=epoch - 1))
    symptoms = [
        Symptom(rule=rule, metric="val/top1", severity="act", onset=Point(epoch=epoch), record=60, fall=True,
                says=same("it fell"))
    ]  # fmt: skip
    if jump:
        symptoms.append(Symptom(rule="lr_jump", metric="train/lr", severity="watch", onset=Point(epoch=jump), record=59,
                                fall=True, says=same("jump")))  # fmt: skip
    incident = Incident(key="val/top1", onset=Point(epoch=epoch), rule=rule, best=best)
    return Checkup(symptoms=tuple(symptoms), incident=incident)


def run(norms, config):
    return run_of({"train/grad_norm": norms, "val/top1": [1.0]}, config=config)


@pytest.mark.parametrize("config", [clipped(40), NO_CLIP, OLDER])
def test_a_spike_that_nothing_cut_is_likely(config):
    found = clip_too_loose(run(SPIKE, config), fell())
    assert found.standing == "likely"
    assert "norm of 90 came in epoch 31" in found.for_[0].measured.en
    assert 4.0 < found.for_[0].facts[1].value < 4.6


def test_without_a_config_it_is_possible_and_the_limit_is_missing():
    found = clip_too_loose(run(SPIKE, None), fell())
    assert found.standing == "possible"
    assert "clipped" in found.missing[0].en


def test_a_spike_beside_a_jump_of_the_rate_is_only_possible():
    assert clip_too_loose(run(SPIKE, NO_CLIP), fell(jump=31.0)).standing == "possible"


def test_a_loss_that_diverged_without_clipping_and_without_norms_is_possible():
    bare = run_of({"val/top1": [1.0]}, config=NO_CLIP)
    found = clip_too_loose(bare, fell(rule="loss_divergence"))
    assert found.standing == "possible"
    assert "gradient norm was not logged" in found.missing[0].en


def test_a_limit_that_cut_the_spike_rules_it_out():
    assert clip_too_loose(run(SPIKE, clipped(5.0)), fell()).standing == "ruled-out"


@pytest.mark.parametrize("config", [clipped(40), NO_CLIP, None])
def test_calm_gradients_before_the_fall_rule_it_out(config):
    assert clip_too_loose(run([*USUAL, 6.0, 5.0], config), fell()).standing == "ruled-out"


def test_a_spike_after_the_fall_is_not_its_cause():
    assert clip_too_loose(run([*USUAL, 5.0, 5.0, 90.0], NO_CLIP), fell()).standing == "ruled-out"


def test_no_opinion_on_a_spike_that_the_run_has_survived_before():
    survived = [*USUAL[:10], 95.0, *USUAL[11:], 90.0, 5.0]
    assert clip_too_loose(run(survived, NO_CLIP), fell()) is None


def test_no_opinion_without_norms_enough_of_them_or_an_incident():
    assert clip_too_loose(run_of({"val/top1": [1.0]}, config=NO_CLIP), fell()) is None
    assert clip_too_loose(run([4.0, 4.0, 90.0], NO_CLIP), fell(3.0)) is None
    assert clip_too_loose(run(SPIKE, NO_CLIP), Checkup()) is None
