import numpy as np

from defib.health.relapses import relapses
from defib.samples import run_of, wobble

FALLING = [4.0 * 0.8**epoch + 0.2 for epoch in range(15)]
RISING = [90.0 * (1 - 0.8**epoch) + 2.0 for epoch in range(15)]


def lost(values, key="train/loss", **fields):
    run = run_of({key: values}, **fields)
    return [(one.onset, one.known, one.cleared) for one in relapses(run, run.get(key))]


def test_two_values_back_at_the_start_are_known_at_the_second():
    assert lost([*FALLING, 6.0, 6.1, 6.0, 6.2]) == [(15, 16, None)]


def test_an_accuracy_back_at_guessing_is_known_at_the_second():
    assert lost([*RISING, 1.0, 2.0, 1.5], "train/top1") == [(15, 16, None)]


def test_a_spike_that_is_on_its_way_back_is_none():
    assert lost([*FALLING, 90.0, 30.0, 9.0, 4.0, 1.0, 0.5]) == []


def test_one_bad_value_is_none():
    assert lost([*RISING, 0.0, 85.0, 0.0, 85.0], "train/top1") == []


def test_it_is_over_only_when_nearly_all_is_back():
    assert lost([*FALLING, 9.0, 9.0, 2.0, 1.5, 0.3]) == [(15, 16, 19)]


def test_losing_half_is_none():
    assert lost([*RISING, *[45.0] * 10], "train/top1") == []


def test_a_loss_that_never_left_its_noise_has_nothing_to_lose():
    assert lost([2.3 * (1 + 0.1 * wobble(3, row)) for row in range(400)]) == []


def test_accuracies_of_small_batches_say_nothing():
    batches = [100.0 * np.round((0.3 + 0.3 * wobble(5, row)) * 8) / 8 for row in range(400)]
    assert lost(batches, "train/top1", classes=60) == []


def test_a_loss_that_begins_at_zero_or_below_cannot_go_back():
    assert lost([-1.0 - 0.1 * row for row in range(15)] + [5.0] * 5) == []
