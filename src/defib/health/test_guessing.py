import numpy as np
import pytest

from defib.health.guessing import MOST, at_guessing

RISE = [10.0, 30.0, 45.0, 55.0, 60.0, 61.0, 62.0]


def told(values, guess=10.0, *, witness=False):
    found = at_guessing(np.array(values), guess, lambda _: witness)
    return [(one.onset, one.known, one.same, one.cleared) for one in found]


def test_the_second_evaluation_at_guessing_is_enough():
    assert told([*RISE, 10.2, 9.8]) == [(7, 8, False, None)]
    assert told([*RISE, 10.2]) == []


def test_with_a_witness_the_first_is_enough():
    assert told([*RISE, 10.2], witness=True) == [(7, 7, False, None)]
    assert told([*RISE, 14.9], witness=True) == [(7, 7, False, None)]


def test_without_the_level_of_guessing_it_needs_the_witness():
    assert told([*RISE, 10.2, 9.8, 10.1], None) == []
    assert told([*RISE, 10.2, 9.8], None, witness=True) == [(7, 7, False, None)]


def test_the_same_score_three_times_is_the_share_of_a_class():
    assert told([*RISE, 31.25, 31.25, 31.25], None) == [(7, 9, True, None)]
    assert told([*RISE, 31.25, 31.25], None) == []


def test_it_is_over_when_half_is_back():
    assert told([*RISE, 10.2, 9.8, 20.0, 40.0]) == [(7, 8, False, 10)]


def test_nan_is_passed_over():
    assert told([*RISE, 10.2, float("nan"), 9.8]) == [(7, 9, False, None)]


def test_one_lucky_evaluation_is_no_skill():
    assert told([10.0, 10.5, 60.0, 10.0, 9.5, 10.2], witness=True) == []


def test_a_part_that_is_left_is_not_guessing():
    assert told([*RISE, 20.0, 20.0, 19.0], witness=True) == []


def test_a_score_that_was_constant_before_says_nothing_by_being_constant():
    assert told([0.0, 0.0, 70.0, 90.0, 90.0, 91.0, 92.0, 60.0, 60.0, 60.0], None) == []


@pytest.mark.parametrize("seed", range(20))
def test_a_tiny_validation_set_says_nothing(seed):
    rng = np.random.default_rng(seed)
    assert told(100 * rng.binomial(12, 0.5, 60) / 12, 20.0) == []
    assert told(100 * rng.binomial(40, 0.5, 60) / 40, 20.0, witness=True) == []


def test_a_run_that_swings_for_ever_is_told_ten_times():
    assert len(told([*RISE, *[10.0, 10.0, *[62.0] * 20] * 30])) == MOST


def test_what_comes_later_changes_nothing():
    rng = np.random.default_rng(1)
    values = np.concatenate((RISE, np.repeat(rng.choice([10.0, 40.0, 60.0, 61.0, 62.0], 80), 3) + rng.normal(size=240)))
    whole = {one[:3] for one in told(values)}
    assert len(whole) > 1
    for length in range(len(values)):
        assert {one[:3] for one in told(values[:length])} == {one for one in whole if one[1] < length}
