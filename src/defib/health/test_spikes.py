import numpy as np
import pytest

from defib.health.spikes import BEFORE, ROWS, spikes


def calm(count, seed=0, noise=0.05):
    return np.exp(noise * np.random.default_rng(seed).normal(size=count))


def told(value):
    return [(one.onset, one.still, one.back) for one in spikes(value)]


def test_a_jump_that_is_back_at_once():
    value = calm(60)
    value[40] *= 7
    assert told(value) == [(40, None, 41)]


def test_a_jump_that_stays_is_known_to_stay_after_ten_values():
    value = calm(80)
    value[40:] *= 7
    assert told(value) == [(40, 40 + ROWS, None)]
    assert told(value[: 40 + ROWS]) == [(40, None, None)]


def test_a_jump_is_judged_by_the_scale_of_the_curve():
    value = calm(60)
    value[40] *= 7
    assert told(1e9 * value) == told(1e-9 * value) == told(value)


def test_a_curve_that_goes_below_zero_is_judged_by_differences():
    value = np.concatenate((0.1 * np.log(calm(60, noise=1.0)), [5.0], 0.1 * np.log(calm(20, 1, noise=1.0))))
    assert told(value) == [(60, None, 61)]


def test_three_spikes_are_no_noise_and_the_fourth_must_be_far_larger():
    value = calm(400)
    value[[50, 100, 150, 200, 250]] *= 7
    assert [one.onset for one in spikes(value)] == [50, 100, 150, 200]
    value[300] *= 7**4
    assert [one.onset for one in spikes(value)] == [50, 100, 150, 200, 300]


@pytest.mark.parametrize("seed", range(20))
def test_stays_quiet_on_noise_whose_size_is_the_same_throughout(seed):
    rng = np.random.default_rng(seed)
    assert told(np.exp(0.3 * rng.normal(size=500))) == []
    assert told(rng.normal(size=500)) == []


def test_heavy_tails_are_rarely_told():
    runs = [np.exp(0.4 * np.random.default_rng(seed).standard_t(3, 500)) for seed in range(100)]
    # The tail of Student's t with three degrees of freedom makes a record three times the one before in about 12 of 100.
    assert sum(bool(told(one)) for one in runs) <= 20


def test_the_first_values_are_passed_over():
    value = calm(60)
    value[15] *= 50
    assert BEFORE > 15
    assert told(value) == []


def test_what_comes_later_changes_no_spike_that_was_told():
    rng = np.random.default_rng(3)
    value = calm(300)
    value[rng.choice(np.arange(30, 300), 12)] *= 10 ** rng.uniform(0.3, 3, 12)
    whole = {(one.onset, one.still) for one in spikes(value)}
    assert whole
    for length in range(300):
        for one in spikes(value[:length]):
            assert one.onset in {onset for onset, _ in whole}
            assert one.still is None or (one.onset, one.still) in whole
