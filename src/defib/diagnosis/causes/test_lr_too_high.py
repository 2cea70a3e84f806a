import pytest

from defib.diagnosis.causes.lr_too_high import lr_too_high
from defib.diagnosis.references.rgbpose_joint import rgbpose_joint
from defib.records import Checkup, Fact, Incident, Launch, Point, Symptom
from defib.samples import run_of
from defib.words import same


def config(lr, batch=16, optimizer="SGD", **more):
    return {
        "optim_wrapper": {"optimizer": {"type": optimizer, "lr": lr}},
        "train_dataloader": {"batch_size": batch},
        **more,
    }


def run(lr, *, batch=16, gpus=2, reference=rgbpose_joint, **more):
    fields = {"reference": reference, "launch": Launch(gpus=gpus)}
    return run_of({"val/top1": [20.0, 40.0, 10.0]}, config=config(lr, batch, **more), **fields)


def checkup(*rules, epoch=3.0):
    symptoms = tuple(
        Symptom(rule=rule, metric="val/top1", severity="watch", onset=Point(epoch=epoch), record=2, says=same(rule))
        for rule in rules
    )
    best = Fact(metric="val/top1", value=40.0, at=Point(epoch=2.0))
    return Checkup(symptoms=symptoms, incident=Incident(key="val/top1", onset=Point(epoch=epoch), rule="x", best=best))


@pytest.mark.parametrize(("lr", "batch", "gpus"), [(0.008, 16, 2), (0.0075, 6, 2), (0.02, 8, 1), (0.05, 16, 8)])
def test_a_rate_half_as_high_again_as_the_scaled_reference_is_likely(lr, batch, gpus):
    assert lr_too_high(run(lr, batch=batch, gpus=gpus), checkup()).standing == "likely"


@pytest.mark.parametrize(("lr", "batch", "gpus"), [(0.005, 16, 2), (0.0075, 6, 8), (0.001, 8, 1)])
def test_a_rate_at_the_scaled_reference_is_ruled_out(lr, batch, gpus):
    assert lr_too_high(run(lr, batch=batch, gpus=gpus), checkup()).standing == "ruled-out"


def test_the_evidence_says_both_rates_and_both_batches():
    words = lr_too_high(run(0.008), checkup()).for_[0].measured
    for number in ("0.008", "32", "0.0075", "48", "0.005", "1.6"):
        assert number in words.en
        assert number in words.zh


def test_an_event_at_the_onset_leaves_a_constant_rate_no_more_than_possible():
    assert lr_too_high(run(0.02), checkup("lr_jump")).standing == "possible"
    stepped = run(0.02, param_scheduler=[{"type": "MultiStepLR", "milestones": [2], "gamma": 25.0}])
    assert lr_too_high(stepped, checkup()).standing == "possible"


def test_a_rate_that_had_already_fallen_is_ruled_out():
    fallen = run_of(
        {"val/top1": [20.0, 40.0, 10.0], "train/lr": [0.008, 0.001, 0.0005]},
        config=config(0.008),
        reference=rgbpose_joint,
        launch=Launch(gpus=2),
    )
    assert lr_too_high(fallen, checkup()).standing == "ruled-out"


def test_an_unknown_batch_is_asked_for():
    found = lr_too_high(run(0.008, gpus=None), checkup("oscillation"))
    assert found.standing == "possible"
    assert any("--gpus" in words.en for words in found.missing)


def test_a_rate_beyond_its_optimizer_needs_no_reference():
    high = run_of({"val/top1": [1.0]}, config=config(0.1, optimizer="AdamW"))
    assert lr_too_high(high, checkup()).standing == "likely"


def test_automatic_scaling_is_taken_into_account():
    scaled = run(0.0075, auto_scale_lr={"enable": True, "base_batch_size": 48})
    assert lr_too_high(scaled, checkup()).standing == "ruled-out"


def test_no_opinion_without_a_config():
    assert lr_too_high(run_of({"val/top1": [1.0]}), Checkup()) is None


def test_a_logged_gradient_norm_is_not_missing():
    normed = run_of({"val/top1": [1.0], "train/grad_norm": [3.0]}, config=config(0.1, optimizer="AdamW"))
    assert lr_too_high(normed, checkup()).missing == ()


def test_a_rate_for_another_optimizer_says_nothing():
    found = lr_too_high(run(0.002, batch=8, optimizer="AdamW"), checkup())
    assert found is None or found.standing != "likely"


@pytest.mark.parametrize("name", ["SGD", "sgd", "torch.optim.SGD", "adamw_torch", "AdamW"])
def test_an_optimizer_is_known_however_it_is_called(name):
    assert lr_too_high(run(2.0, reference=None, optimizer=name), checkup()).standing == "likely"


def left_to_the_program(*rates, **more):
    tree = {"opt": "sgd", "sched": "cosine", "epochs": 90, "lr": None, "lr_base": 0.1, **more}
    curves = {"val/top1": [20.0, 40.0, 10.0, 5.0], "train/lr": list(rates)}
    return run_of(curves, config=tree, dialect="yaml")


def test_a_rate_that_the_program_made_is_taken_from_the_log():
    found = lr_too_high(left_to_the_program(0.5, 3.0, 2.9, 0.1), checkup())
    assert found.standing == "likely"
    assert "3" in found.for_[0].measured.en


def test_what_was_logged_after_the_fall_is_not_the_rate_that_it_fell_at():
    assert lr_too_high(left_to_the_program(0.5, 0.6, 0.6, 3.0), checkup()) is None


def test_a_rate_in_the_config_is_not_replaced_by_the_log():
    assert lr_too_high(left_to_the_program(3.0, 3.0, 3.0, 3.0, lr=0.5), checkup()) is None
