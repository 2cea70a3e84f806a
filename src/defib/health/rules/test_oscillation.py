from defib.health.rules.oscillation import oscillation
from defib.samples import healthy, run_of


def found(values):
    return oscillation(run_of({"val/top1": values}, classes=60))


def test_fires_at_the_second_large_fall():
    (symptom,) = found([8.0, 46.0, 35.0, 56.0, 57.0, 33.0, 28.0])
    assert symptom.onset.epoch == 3.0
    assert symptom.size == 24.0
    assert len(symptom.facts) == 4


def test_stays_quiet_on_one_fall():
    assert found([8.0, 46.0, 55.0, 57.0, 33.0, 28.0, 20.0]) == ()


def test_stays_quiet_on_one_fall_and_its_recovery():
    assert found([8.0, 46.0, 35.0, 56.0, 57.0, 58.0]) == ()


def test_stays_quiet_on_noise_of_the_usual_size():
    assert oscillation(healthy(40, noise=3.0)) == ()


def test_stays_quiet_on_a_healthy_run():
    assert oscillation(healthy()) == ()


def test_cannot_look_at_a_loss_that_begins_below_zero_and_says_so():
    assert "below zero" in oscillation.unseen(run_of({"val/loss": [-2.0, -3.0]})).en
