import numpy as np
import pytest

from defib.health.rules.loss_and_score_disagree import loss_and_score_disagree
from defib.samples import healthy, rising, run_of, wobble

FALLS = [0.3 + 2.0 * 0.85**epoch for epoch in range(24)]
RISES = [rising(epoch, 80.0) for epoch in range(24)]


def found(curves, **fields):
    run = run_of(curves, **fields)
    return [
        (one.metric, one.severity, one.onset.epoch, one.cleared and one.cleared.epoch)
        for one in loss_and_score_disagree(run)
    ]


def test_a_score_that_stays_the_same_while_the_held_out_loss_falls():
    assert found({"val/loss": FALLS, "val/top1": [72.41] * 24}) == [("val/top1", "watch", 1.0, None)]


def test_a_score_that_stays_zero_while_the_training_loss_falls():
    run = run_of({"train/loss": FALLS, "val/map": [0.0] * 24})
    (one,) = loss_and_score_disagree(run)
    assert (one.severity, one.record) == ("watch", 23)
    assert "12 evaluations" in one.says.en
    assert "12 次评估" in one.says.zh


def test_a_score_that_stays_at_guessing_while_the_loss_falls():
    guesses = [10.0 + 0.4 * wobble(1, epoch) for epoch in range(24)]
    assert found({"val/loss": FALLS, "val/top1": guesses}, classes=10) == [("val/top1", "watch", 1.0, None)]
    assert found({"val/loss": FALLS, "val/top1": guesses}) == []


def test_a_score_that_moves_after_all_clears_it():
    assert found({"train/loss": FALLS, "val/map": [0.0] * 18 + [5.0] * 6}) == [("val/map", "watch", 1.0, 19.0)]


def test_a_held_out_loss_that_explodes_beside_a_fine_score_is_a_note():
    loss = [*FALLS[:12], *[0.6 + 0.15 * epoch for epoch in range(12)]]
    assert [one[:2] for one in found({"val/loss": loss, "val/top1": RISES}, classes=10)] == [("val/loss", "note")]


def test_it_is_cleared_when_the_loss_comes_down():
    loss = [*FALLS[:12], *[2.0] * 4, *[0.5] * 8]
    assert found({"val/loss": loss, "val/top1": RISES}, classes=10) == [("val/loss", "note", 15.0, 19.0)]


def test_stays_quiet_on_a_detector_that_starts_with_zeros():
    assert found({"train/loss": FALLS, "val/map": [*[0.0] * 9, *[2.0 * epoch for epoch in range(1, 16)]]}) == []


def test_stays_quiet_while_a_fifth_of_the_planned_epochs_is_not_over():
    config = {"train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": 200}}
    assert found({"train/loss": FALLS, "val/map": [0.0] * 24}, config=config) == []
    config = {"train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": 60}}
    assert [one[1] for one in found({"train/loss": FALLS, "val/map": [0.0] * 24}, config=config)] == ["watch"]


def test_stays_quiet_on_a_late_learner_whose_loss_has_not_fallen():
    curves = {"val/loss": [2.3 - 0.02 * epoch for epoch in range(24)], "val/top1": [10.0] * 24}
    assert found(curves, classes=10) == []


def test_stays_quiet_on_a_model_that_learns_the_training_set_by_heart_first():
    curves = {"train/loss": FALLS, "train/top1": RISES, "val/top1": [1.0] * 24}
    assert found(curves, classes=97) == []


def test_stays_quiet_on_a_perfect_score():
    assert found({"val/loss": FALLS, "val/top1": [100.0] * 24}) == []


def test_stays_quiet_on_a_score_that_learns():
    assert found({"val/loss": FALLS, "val/top1": RISES}, classes=10) == []


def test_stays_quiet_on_a_loss_that_explodes_with_its_score():
    loss = [*FALLS[:12], *[2.0 + epoch for epoch in range(12)]]
    assert found({"val/loss": loss, "val/top1": [*RISES[:12], *[15.0] * 12]}, classes=10) == []


def test_stays_quiet_on_a_tiny_loss_that_doubles():
    loss = [2.0 * 0.5**epoch for epoch in range(20)] + [1e-3] * 4
    assert found({"val/loss": loss, "val/top1": RISES}, classes=10) == []


@pytest.mark.parametrize("seed", range(10))
def test_stays_quiet_on_a_held_out_loss_with_heavy_tails(seed):
    noise = 0.4 * np.random.default_rng(seed).standard_t(3, 60)
    curves = {"val/loss": np.exp(noise).tolist(), "val/top1": [rising(epoch, 80.0) for epoch in range(60)]}
    assert found(curves, classes=10) == []


@pytest.mark.parametrize("noise", [0.0, 1.5])
def test_stays_quiet_on_a_healthy_run(noise):
    assert loss_and_score_disagree(healthy(60, noise=noise)) == ()


def test_cannot_look_at_a_score_or_a_loss_alone():
    assert loss_and_score_disagree.unseen(run_of({"val/top1": RISES})) is not None
    assert loss_and_score_disagree.unseen(run_of({"val/loss": FALLS})) is not None
