import math

import msgspec
import numpy as np

from defib.health.rates import WAIT, raised
from defib.records import Point, Segment
from defib.samples import run_of


def excused(rates, scores):
    run = run_of({"train/lr": rates, "val/top1": scores})
    return raised(run, run.get("val/top1"), np.array(scores)).tolist()


def test_a_warm_restart_excuses_until_the_rate_has_come_down():
    cycle = [0.5 * (1 + math.cos(math.pi * at / 4)) + 0.01 for at in range(4)]
    scores = [20.0, 40.0, 50.0, 60.0, 45.0, 50.0, 55.0, 59.0]
    assert excused(cycle * 2, scores) == [False] * 4 + [True] * 3 + [False]


def test_a_rate_that_a_resume_raised_excuses_nothing():
    rates, scores = [1.0, 0.1, 0.1, 0.4, 0.7, 1.0], [20.0, 60.0, 61.0, 40.0, 35.0, 30.0]
    assert excused(rates, scores) == [False] * 3 + [True] * 3
    run = run_of({"train/lr": rates, "val/top1": scores})
    for record, resumed, found in ((6, True, False), (6, False, True), (2, True, True)):
        segment = Segment(start=Point(epoch=4.0), record=record, file="b.json", resumed=resumed)
        again = msgspec.structs.replace(run, segments=(segment,))
        assert raised(again, run.get("val/top1"), np.array(scores)).tolist() == [False] * 3 + [found] * 3


def test_a_rate_that_was_never_used_before_excuses_nothing():
    assert excused([0.1, 0.1, 0.01, 0.01, 0.5, 0.5], [20.0, 30.0, 40.0, 50.0, 20.0, 20.0]) == [False] * 6


def test_a_warm_up_excuses_nothing():
    assert not any(excused([0.1 * epoch for epoch in range(1, 8)], [10.0, 30.0, 50.0, 20.0, 20.0, 20.0, 20.0]))


def test_a_rate_that_stays_up_excuses_a_few_evaluations_only():
    found = excused([1.0, 0.1, *[1.0] * 9], [20.0, 60.0, *[40.0] * 9])
    assert found == [False] * 2 + [True] * WAIT + [False] * (9 - WAIT)


def test_without_a_rate_nothing_is_excused():
    run = run_of({"val/top1": [50.0, 20.0]})
    assert not raised(run, run.get("val/top1"), np.array([50.0, 20.0])).any()


def test_a_score_that_does_not_heal_while_the_rate_comes_down_counts_after_ten_evaluations():
    rates = [1.0, 0.5, 0.01, *[1.0 - 0.02 * late for late in range(30)]]
    found = excused(rates, [20.0, 50.0, 60.0, *[40.0] * 30])
    assert found == [False] * 3 + [True] * 10 + [False] * 20
    healing = excused(rates, [20.0, 50.0, 60.0, *[40.0 + 0.5 * late for late in range(30)]])
    assert healing == [False] * 3 + [True] * 30
