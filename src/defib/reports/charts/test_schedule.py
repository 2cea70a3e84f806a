"""Steps of the learning rate are marked; slopes, warm-ups and many steps are not."""

import numpy as np
import pytest

from defib.reports.charts.axis import axis_of
from defib.reports.charts.schedule import MOST, rate_steps
from defib.samples import run_of


def found(rates):
    run = run_of({"train/lr": list(rates)})
    return [(at, says.zh) for at, says in rate_steps(run, axis_of(run))]


def test_a_jump_up_is_marked_with_both_rates():
    assert found([0.02] * 9 + [0.5] * 4) == [(10.0, "学习率 0.02 → 0.5")]


def test_a_jump_at_the_last_record_is_marked():
    assert [at for at, _ in found([0.1] * 5 + [0.01])] == [6.0]


@pytest.mark.parametrize(
    "rates",
    [
        np.full(20, 0.1),
        0.1 * np.linspace(0.01, 1, 20),  # warm-up
        0.05 * (1 + np.cos(np.linspace(0, np.pi, 20))),  # down to zero
        0.1 * 0.5 ** np.arange(20),  # halved at each record: a slope
        np.geomspace(1e-6, 1, 12),
        [0.1, 0.01, 0.01, 0.01],  # nothing before it
        [0.1],
        [np.nan, 0.1, np.nan, 0.1],
    ],
)
def test_what_is_no_step_is_not_marked(rates):
    assert found(rates) == []


def test_more_steps_than_fit_are_left_to_the_chart():
    rates = [rate for turn in range(MOST + 1) for rate in [0.1 if turn % 2 else 0.01] * 4]
    assert len(found(rates)) == MOST
    assert found([*rates, *[rates[-1] * 10] * 4]) == []


def test_without_a_rate_there_is_nothing_to_mark():
    run = run_of({"val/top1": [1.0, 2.0]})
    assert list(rate_steps(run, axis_of(run))) == []
