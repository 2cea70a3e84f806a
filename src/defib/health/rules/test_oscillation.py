from defib.health.rules.oscillation import oscillation
from defib.samples import healthy, rising, run_of, wobble

SWINGING = [*[rising(epoch, 80.0) for epoch in range(10)], *[70.0, 40.0, 72.0, 38.0, 68.0, 45.0, 73.0]]


def found(values, **curves):
    return oscillation(run_of({"val/top1": values, **curves}, classes=60))


def severities(values):
    return [(one.severity, one.record) for one in found(values)]


def test_two_large_falls_are_a_note():
    (symptom,) = found([8.0, 46.0, 35.0, 56.0, 57.0, 33.0, 28.0])
    assert symptom.severity == "note"
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


def test_a_third_large_fall_within_twenty_evaluations_is_a_watch():
    assert severities(SWINGING) == [("note", 13), ("watch", 15)]


def test_the_noise_is_that_from_before_the_first_swing():
    deep = [*SWINGING, *[40.0 if epoch % 2 else 72.0 for epoch in range(20)]]
    assert severities(deep) == [("note", 13), ("watch", 15)]


def test_twenty_evaluations_without_a_swing_clear_it():
    assert found(SWINGING)[-1].cleared is None
    assert found([*SWINGING, *[74.0] * 30])[-1].cleared is not None


def test_training_that_forgets_everything_three_times_is_a_watch():
    cycle = [*[2.0 + 98.0 * (1 - 0.7**epoch) for epoch in range(20)], 1.0, 1.0, 1.5]
    run = run_of({"val/top1": [1.7] * 92, "train/top1": cycle * 4}, classes=60)
    assert [(one.severity, one.metric) for one in oscillation(run)] == [("watch", "train/top1")]


def test_stays_quiet_on_training_that_forgets_once():
    cycle = [*[2.0 + 98.0 * (1 - 0.7**epoch) for epoch in range(20)], 1.0, 1.0, 1.5]
    run = run_of({"val/top1": [1.7] * 60, "train/top1": [*cycle, *cycle[:20]]}, classes=60)
    assert oscillation(run) == ()


def test_stays_quiet_on_dips_that_lie_far_apart():
    calm = [80.0 + 0.2 * wobble(1, epoch) for epoch in range(40)]
    far = [*[rising(epoch, 80.0) for epoch in range(12)], *[50.0, *calm] * 4]
    assert severities(far) == []


def test_stays_quiet_on_what_warm_restarts_cost():
    rates = [1.0 - 0.099 * (epoch % 10) for epoch in range(40)]
    values = [rising(epoch, 80.0) * (1 - (0.3 * rates[epoch] if epoch >= 10 else 0.0)) for epoch in range(40)]
    assert found(values, **{"train/lr": rates}) == ()
    assert found(values) != ()


def test_stays_quiet_on_bumps_of_a_loss_that_are_its_noise():
    loss = [10 ** (-epoch / 30 + 0.5 * wobble(2, epoch)) for epoch in range(90)]
    assert [one for one in oscillation(run_of({"val/loss": loss})) if one.severity != "note"] == []
