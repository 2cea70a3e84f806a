from defib.health.rules.loss_divergence import loss_divergence
from defib.samples import healthy, run_of, wobble

FALLING = [4.0 * 0.8**epoch + 0.2 for epoch in range(12)]


def found(values):
    return [(one.severity, one.onset.epoch) for one in loss_divergence(run_of({"train/loss": values}))]


def test_a_loss_that_goes_back_to_its_start_and_stays_is_an_act():
    assert any(severity == "act" for severity, _ in found([*FALLING, *[6.0] * 6]))


def test_the_onset_is_where_the_median_rose():
    assert min(epoch for _, epoch in found([*FALLING, *[6.0] * 6])) in (13.0, 14.0)


def test_two_values_that_do_not_turn_are_enough():
    (symptom,) = loss_divergence(run_of({"train/loss": [*FALLING, 6.0, 6.2]}))
    assert (symptom.onset.epoch, symptom.record) == (13.0, 13)


def test_a_fall_is_told_once():
    assert len(found([*FALLING, *[6.0] * 40])) == 1


def test_an_accuracy_that_falls_back_to_guessing_is_an_act():
    curves = {
        "train/loss": [1.0] * 20,
        "train/top1": [*[90.0 * (1 - 0.8**epoch) for epoch in range(17)], 1.0, 2.0, 1.0],
    }
    (symptom,) = loss_divergence(run_of(curves, classes=60))
    assert (symptom.severity, symptom.metric, symptom.onset.epoch) == ("act", "train/top1", 18.0)


def test_a_spike_that_is_on_its_way_back_is_quiet():
    assert found([*FALLING, 40.0, 12.0, 2.0, 0.8, *[0.5] * 8]) == []


def test_a_loss_that_stands_at_that_of_guessing_has_nothing_to_lose():
    for seed in range(4):
        assert found([2.3 * (1 + 0.1 * wobble(seed, row)) for row in range(300)]) == []


def test_parts_are_looked_at_where_no_total_was_logged():
    run = run_of({"train/loss/pose": [*FALLING, *[6.0] * 9]})
    assert {one.branch for one in loss_divergence(run)} == {"pose"}


def test_a_rise_by_half_is_quiet():
    assert found([*FALLING, *[1.5] * 20]) == []


def test_one_spike_however_tall_is_quiet():
    assert found([*FALLING, 900.0, *[0.5] * 8]) == []


def test_a_loss_that_keeps_falling_is_quiet():
    assert found([4.0 * 0.9**epoch + 0.1 for epoch in range(60)]) == []


def test_a_noisy_loss_is_quiet():
    assert [
        one
        for one in found([2.0 * 0.9**epoch + 1.0 + 0.15 * wobble(3, epoch) for epoch in range(60)])
        if one[0] == "act"
    ] == []


def test_a_healthy_run_is_quiet():
    assert loss_divergence(healthy()) == ()


def test_cannot_look_at_a_loss_below_zero_or_at_four_values():
    assert loss_divergence.unseen(run_of({"train/loss": [-1.0] * 9})) is not None
    assert "five" in loss_divergence.unseen(run_of({"train/loss": FALLING[:4]})).en
