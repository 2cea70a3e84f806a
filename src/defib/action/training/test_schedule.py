"""The rate of each step."""

import pytest

from defib.action.training.recipe import ScheduleConfig
from defib.action.training.schedule import share


def rates(config, epochs=4, steps=5):
    return [share(config, step, steps, epochs) for step in range(epochs * steps)]


def test_steps_fall_at_their_epochs():
    found = rates(ScheduleConfig(type="steps", milestones=(1, 3), factor=0.1))
    assert [round(rate, 6) for rate in found] == [1.0] * 5 + [0.1] * 10 + [0.01] * 5


def test_a_cosine_falls_to_its_end():
    found = rates(ScheduleConfig(end=0.2))
    assert found == sorted(found, reverse=True)
    assert found[0] == 1
    assert share(ScheduleConfig(end=0.2), 20, 5, 4) == pytest.approx(0.2)


def test_a_warm_up_comes_before_the_cosine():
    found = rates(ScheduleConfig(warmup_epochs=1, warmup_start=0.1))
    assert found[0] == 0.1
    assert found[5] == 1
    assert found[:6] == sorted(found[:6])


def test_a_ramp_rises_in_a_straight_line():
    found = rates(ScheduleConfig(type="constant", ramp=11))
    assert found[:3] == pytest.approx([1.0, 1.5, 2.0])


def test_it_is_the_same_whenever_it_is_asked():
    config = ScheduleConfig(type="steps", milestones=(2,))
    assert share(config, 13, 5, 4) == rates(config)[13]
