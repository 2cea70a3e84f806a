"""The bench of the hooks measures what it says; how long a step takes is no test."""

import sys
from pathlib import Path

import pytest
from bench.hooks.faults import CLEAN, FAULTS, STEPS
from bench.hooks.overhead import OURS, interval, times
from bench.hooks.rescue import HEALTHY
from bench.hooks.steps import BLOCK, network
from bench.hooks.training import Training


def test_each_way_takes_as_many_steps():
    found = times(Path(sys.executable), 1, list(OURS))
    assert {name: len(steps) for name, steps in found.items()} == dict.fromkeys(OURS, BLOCK)
    assert all(step > 0 for steps in found.values() for step in steps)


def test_the_network_has_the_size_that_is_claimed():
    assert sum(one.numel() for one in network().parameters()) == pytest.approx(1.06e6, rel=0.01)


def test_the_interval_holds_what_was_put_in():
    plain = [1.0 + 0.01 * (at % 7) for at in range(20 * BLOCK)]
    low, high = interval(plain, [1.05 * step + 0.001 * (at % 3) for at, step in enumerate(plain)])
    assert 4.9 < low <= high < 5.3
    assert low > interval(plain, plain)[1] == 0


def test_there_are_ten_faults_and_as_many_kinds_of_health_as_are_asked_for():
    assert len(FAULTS) == 10
    assert all(0 < fault.at < STEPS for fault in FAULTS.values())
    assert len(HEALTHY) >= 4  # five seeds each


def test_a_fault_hurts_and_its_absence_does_not():
    broken, clean = Training(FAULTS["one NaN batch"], 0).run(), Training(CLEAN, 0).run()
    assert broken.top1 < 20
    assert clean.top1 > 80
    assert broken.events == clean.events == ()


def test_a_restart_begins_from_the_best_weights_so_far():
    assert Training(FAULTS["one NaN batch"], 0).run(restart=400).top1 > 80
