"""When an open incident began."""

import pytest

from defib.health import check
from defib.samples import run_of

RISE = [20.0, 40.0, 55.0, 60.0, 62.0, 64.0]


def onset(*curve, branch=None):
    run = run_of({"val/top1/fused": [*RISE, *curve], **({} if branch is None else {"val/top1/pose": [*RISE, *branch]})})
    found = check(run).incident
    return None if found is None else found.onset.epoch


def test_it_begins_at_the_first_fall_after_the_best():
    assert onset(30.0, 10.0, 10.0, 10.0) == 7


def test_a_dip_that_came_most_of_the_way_back_is_not_the_beginning_of_what_came_later():
    assert onset(40.0, 45.0, 57.0, 58.0, 10.0, 10.0, 10.0) == 11


def test_a_dip_that_came_back_a_little_is():
    assert onset(30.0, 35.0, 36.0, 35.0, 10.0, 10.0, 10.0) == 7


def test_without_a_graver_fall_the_first_one_stays():
    assert onset(30.0, 31.0, 48.0, 49.0, 48.0, 49.0, 48.0) in {7, None}


def test_a_branch_that_died_first_dates_it():
    dead = [20.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0]
    assert onset(60.0, 59.0, 60.0, 10.0, 10.0, 10.0, 10.0, branch=dead) == 7


@pytest.mark.parametrize("curve", [(), (63.0, 65.0), (60.0, 63.0, 66.0)])
def test_a_run_at_its_best_has_none(curve):
    assert onset(*curve) is None
