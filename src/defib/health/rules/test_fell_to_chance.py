from math import log

import pytest

from defib.health.rules.fell_to_chance import fell_to_chance
from defib.samples import healthy, run_of, wobble

RISE = [10.0, 30.0, 45.0, 55.0, 60.0, 61.0, 62.0]
LOSS = [2.3, 2.0, 1.6, 1.3, 1.1, 1.0, 0.9]


def found(curves, **fields):
    return [
        (one.metric, one.severity, one.onset.epoch, one.cleared and one.cleared.epoch)
        for one in fell_to_chance(run_of(curves, **fields))
    ]


def test_fires_at_once_when_the_held_out_loss_is_that_of_guessing():
    curves = {"val/top1": [*RISE, 10.2], "val/loss": [*LOSS, log(10)]}
    assert found(curves, classes=10) == [("val/top1", "act", 8.0, None)]


def test_fires_at_once_when_the_training_loss_is_back_at_its_start():
    curves = {"train/loss": [*[2.3] * 5, 1.1, 1.0, 1.0, 0.9, 0.9, 2.3], "val/top1": [*[11.0] * 4, *RISE[1:], 10.2]}
    assert found(curves, classes=10) == [("val/top1", "act", 11.0, None)]


def test_fires_one_evaluation_later_without_a_loss():
    assert found({"val/top1": [*RISE, 10.2]}, classes=10) == []
    assert found({"val/top1": [*RISE, 10.2, 10.1]}, classes=10) == [("val/top1", "act", 8.0, None)]


def test_without_the_number_of_classes_score_and_loss_are_both_back_where_they_began():
    curves = {"val/top1": [*RISE, 10.2], "val/loss": [*LOSS, 2.4]}
    run = run_of(curves)
    assert [(one.severity, one.onset.epoch) for one in fell_to_chance(run)] == [("act", 8.0)]
    assert "began" in fell_to_chance(run)[0].says.en
    assert found({**curves, "val/loss": [*LOSS, 1.2]}) == []


def test_the_share_of_one_class_is_told_by_its_digits():
    run = run_of({"val/top1": [*RISE, 31.25, 31.25, 31.25]}, classes=10)
    assert "last digit" in fell_to_chance(run)[0].says.en


def test_a_detector_that_finds_nothing_any_more():
    assert found({"val/map": [5.0, 20.0, 30.0, 33.0, 35.0, 0.0, 0.0]}) == [("val/map", "act", 6.0, None)]


def test_the_training_accuracy_is_looked_at_where_nothing_was_held_out():
    rises = [70 - 60 * 0.9**step + 4 * wobble(1, step) for step in range(60)]
    curves = {"train/top1": rises + [10 + wobble(2, step) for step in range(20)]}
    assert [one[:2] for one in found(curves, classes=10)] == [("train/top1", "act")]
    assert found({**curves, "val/top1": RISE}, classes=10) == []


def test_it_is_cleared_when_the_score_comes_back():
    assert found({"val/top1": [*RISE, 10.2, 10.1, 50.0]}, classes=10) == [("val/top1", "act", 8.0, 10.0)]


def test_stays_quiet_on_one_bad_evaluation_whose_loss_is_fine():
    assert found({"val/top1": [*RISE, 10.2, 61.0], "val/loss": [*LOSS, 0.9, 0.9]}, classes=10) == []


def test_stays_quiet_on_a_fall_that_leaves_a_part():
    assert found({"val/top1": [*RISE, 25.0, 24.0, 26.0], "val/loss": [*LOSS, 2.3, 2.3, 2.3]}, classes=10) == []


def test_stays_quiet_on_a_run_that_never_learned():
    curves = {"val/top1": [10 + 2 * wobble(1, epoch) for epoch in range(40)], "val/loss": [2.3] * 40}
    assert found(curves, classes=10) == []


def test_stays_quiet_on_a_late_learner():
    assert found({"val/top1": [*[10.0] * 12, *RISE], "val/loss": [*[2.3] * 12, *LOSS]}, classes=10) == []


def test_stays_quiet_on_a_warm_restart():
    assert found({"val/top1": [*RISE, 50.0, 52.0, 58.0, 63.0], "val/loss": [*LOSS, 1.2, 1.1, 1.0, 0.8]}) == []


def test_stays_quiet_on_small_batches():
    curves = {
        "train/top1": [50.0 * round(1 + wobble(3, step)) for step in range(300)],
        "train/loss": [1.0 + wobble(3, step) for step in range(300)],
    }
    assert found(curves, classes=10) == []


@pytest.mark.parametrize("noise", [0.0, 1.5])
def test_stays_quiet_on_a_healthy_run(noise):
    assert fell_to_chance(healthy(60, noise=noise)) == ()


def test_cannot_look_at_losses_alone():
    assert fell_to_chance.unseen(run_of({"val/loss": LOSS, "train/loss": LOSS})) is not None
