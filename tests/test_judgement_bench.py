"""The bench names a log at its end, and its intervals are exact."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.intervals import exact
from bench.judgement import judged, named, report

from defib.health import check
from defib.samples import healthy, run_of

RISE = [10.0, 30.0, 45.0, 55.0, 57.0, 58.0]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ([*RISE, 5.0, 5.0, 5.0], "collapse"),
        ([*RISE, 20.0, 21.0, 58.5], "spike"),
        ([*RISE, 58.2, 58.4], "healthy"),
    ],
)
def test_a_log_is_named_at_its_end(values, name):
    assert named(check(run_of({"val/top1": values}))) == name


def test_a_healthy_run_is_called_healthy():
    assert named(check(healthy())) == "healthy"


def test_nan_is_the_gravest():
    run = run_of({"val/top1": [*RISE, 5.0, 5.0], "train/loss": [3.0, 2.0, 1.0, *[float("nan")] * 5]})
    assert named(check(run)) == "nan"


def test_intervals_are_those_of_the_textbook():
    assert exact(0, 10) == pytest.approx((0.0, 0.3085), abs=1e-4)
    assert exact(5, 10) == pytest.approx((0.1871, 0.8129), abs=1e-4)
    assert exact(10, 10) == pytest.approx((0.6915, 1.0), abs=1e-4)


def test_a_log_that_cannot_be_read_counts_as_unreadable_and_never_as_quiet(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text("hello\n")
    with (tmp_path / "index.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["dir", "file", "label"], ["a", "x.txt", "collapse"]])
    verdicts = list(judged(tmp_path))
    assert [one.name for one in verdicts] == ["unreadable"]
    assert "collapse and nan with an act: 0/1" in report(verdicts)
