import numpy as np

from defib.health.sinking import descents
from defib.samples import wobble

RISE = [10.0, 30.0, 45.0, 55.0, 58.0, 60.0, 60.0, 60.0]


def found(values, least=6.0):
    return descents(np.array(values), np.full(len(values), least))


def test_a_lasting_descent_is_told_once():
    (one,) = found([*RISE, *[60.0 - 1.0 * late for late in range(20)]])
    assert (one.level, one.cleared) == (60.0, None)
    assert one.drop >= 6.0


def test_a_dip_of_two_evaluations_is_not_seen():
    assert found([*RISE, 60.0, 30.0, 30.0, *[60.0] * 10]) == []


def test_noise_around_a_plateau_is_no_descent():
    assert found([*RISE, *[60.0 + 6.0 * wobble(4, index) for index in range(60)]]) == []


def test_a_descent_of_a_few_points_is_none():
    assert found([*RISE, *[60.0 - 0.2 * late for late in range(25)]]) == []


def test_it_is_over_when_most_is_back():
    (one,) = found([*RISE, *[60.0 - 2.0 * late for late in range(10)], *[60.0] * 8])
    assert one.cleared is not None


def test_in_a_long_log_a_few_evaluations_say_nothing():
    assert found([*RISE, *[60.0] * 300, *[45.0] * 8, *[60.0] * 10]) == []


def test_nan_is_passed_over_and_few_evaluations_tell_nothing():
    assert found([10.0, np.nan, 30.0]) == []
    assert len(found([*RISE, np.nan, *[60.0 - 1.0 * late for late in range(20)]])) == 1


def test_a_longer_curve_only_adds():
    values = [*RISE, *[60.0 - 15.0 * (index // 12 % 2) + wobble(1, index) for index in range(80)]]
    whole = [(one.best, one.known) for one in found(values)]
    assert whole
    for length in range(len(values)):
        assert [(one.best, one.known) for one in found(values[:length])] == [one for one in whole if one[1] < length]
