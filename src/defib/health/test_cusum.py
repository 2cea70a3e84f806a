import numpy as np

from defib.health.cusum import Terms, falls
from defib.samples import wobble

RISE = [10.0, 30.0, 45.0, 55.0, 57.0, 58.0]


def told(values, floor=0.0, **terms):
    return [(one.onset, one.known, one.severe) for one in falls(np.array(values), floor=floor, terms=Terms(**terms))]


def test_a_fall_of_two_fifths_is_severe_when_it_is_confirmed():
    assert told([*RISE, 34.0, 33.0]) == [(6, 6, False), (6, 7, True)]


def test_what_never_rose_out_of_its_noise_cannot_fall():
    assert told([10.0 + 4.0 * wobble(3, index) for index in range(60)]) == []


def test_an_excused_fall_of_less_than_half_does_not_count():
    values = [*RISE, 40.0, 42.0, 50.0, 58.5]
    excused = np.array([False] * 6 + [True] * 3 + [False])
    assert told(values)
    assert told(values, excused=excused) == []


def test_an_excused_fall_to_guessing_counts():
    assert (6, 6, True) in told([*RISE, 2.0], excused=np.array([False] * 6 + [True]))


def test_a_fall_that_does_not_stand_out_of_the_noise_on_the_other_scale_does_not_count():
    values = [*RISE, 30.0, 30.0]
    assert told(values, witness=np.array([100.0 * wobble(2, index) for index in range(8)])) == []
    assert told(values, witness=np.array([0.0, 10.0, 20.0, 30.0, 40.0, 50.0, -200.0, -200.0]))


def test_one_bump_of_a_loss_is_nothing_and_a_second_value_is_a_watch():
    rise = [0.0, 40.0, 60.0, 70.0, 75.0, 78.0]
    assert told([*rise, 50.0, 79.0], whole=True) == []
    assert told([*rise, 50.0, 50.0], whole=True) == [(6, 7, False)]


def test_what_is_spared_at_first_is_severe_when_it_is_spared_no_longer():
    values = [*RISE, *[40.0] * 6, 20.0]
    assert told(values, spared=lambda _best, _onset, at: values[at] > 30.0)[-1][1:] == (12, True)


def test_a_longer_curve_only_adds():
    values = [*RISE, *[58.0 - 25.0 * (index % 5 > 2) + wobble(1, index) for index in range(60)]]
    whole = told(values)
    for length in range(len(values)):
        assert told(values[:length]) == [one for one in whole if one[1] < length]
