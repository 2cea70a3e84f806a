import numpy as np

from defib.health.stretches import moving, stretches


def test_a_moving_mean_knows_nothing_before_the_window_is_full():
    assert np.isnan(moving(np.ones(3), 5)).all()
    assert np.isnan(moving(np.ones(6), 5)).tolist() == [True] * 4 + [False] * 2


def test_a_stretch_between_the_two_levels_goes_on():
    assert stretches(np.array([0.6, 0.4, 0.6, 0.4]), above=0.5, until=0.25) == [(0, None)]


def test_a_curve_that_is_never_above_has_none():
    assert stretches(np.array([np.nan, 0.5, 0.4]), above=0.5, until=0.25) == []


def test_what_comes_later_adds_stretches_and_changes_none():
    rng = np.random.default_rng(5)
    mean = rng.random(200)
    whole = [known for known, _ in stretches(mean, above=0.9, until=0.1)]
    for length in range(200):
        assert [known for known, _ in stretches(mean[:length], above=0.9, until=0.1)] == [
            known for known in whole if known < length
        ]


def test_only_the_first_stretches_are_told():
    assert [known for known, _ in stretches(np.array([0.9, 0.0] * 20), above=0.5, until=0.25)] == [0, 2, 4]
