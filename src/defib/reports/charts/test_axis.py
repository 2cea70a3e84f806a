"""Where moments stand: in epochs where they are known, between the epochs by the steps."""

import msgspec
import numpy as np
import pytest

from defib.records import Point
from defib.reports.charts.axis import axis_of
from defib.samples import run_of


def with_training(epochs, steps):
    """Three epochs of ten steps; training is logged at the given moments."""
    run = run_of({"val/top1": [1.0, 2.0, 3.0]})
    score = msgspec.structs.replace(run.series[0], step=np.array([10.0, 20.0, 30.0]))
    at = np.array(epochs, dtype=float)
    loss = msgspec.structs.replace(
        score, key="train/loss", metric="train/loss", epoch=at, step=np.array(steps, dtype=float),
        value=np.ones(len(at)), record=at, line=at, file=np.zeros(len(at)),
    )  # fmt: skip
    return msgspec.structs.replace(run, series=(score, loss))


def test_an_evaluation_stands_at_the_end_of_its_epoch_and_training_before_it():
    run = with_training([1, 1, 2, 3], [5, 10, 15, 30])
    axis = axis_of(run)
    assert axis.of(run.get("val/top1")).tolist() == [1, 2, 3]
    assert axis.of(run.get("train/loss")).tolist() == [0.5, 1, 1.5, 3]
    assert (axis.low, axis.high, axis.end) == (0, 3, 3)


def test_fractions_of_epochs_are_taken_as_they_are():
    run = with_training([0.25, 1.5, 2.25, 3], [2, 15, 22, 30])
    assert axis_of(run).of(run.get("train/loss")).tolist() == [0.25, 1.5, 2.25, 3]


def test_training_without_an_epoch_is_placed_by_its_steps():
    run = with_training([np.nan, np.nan], [5, 25])
    assert axis_of(run).of(run.get("train/loss")).tolist() == [0.5, 2.5]


def test_a_run_that_counts_steps_only_is_drawn_over_steps():
    run = run_of({"val/top1": [1.0, 2.0]}, epochs=[np.nan, np.nan])
    axis = axis_of(run)
    assert axis.by_step
    assert axis.title.en == "Step"
    assert axis.at(Point(step=7, epoch=1.0)) == 7
    assert axis.at(Point(epoch=1.0)) is None


def test_steps_that_start_again_do_not_move_the_epochs():
    run = with_training([1, 2, 1, 3], [10, 5, 10, 30])
    assert axis_of(run).of(run.get("val/top1")).tolist() == [1, 2, 3]


@pytest.mark.parametrize("series", [(), run_of({"val/top1": [1.0]}).series])
def test_a_run_with_next_to_nothing_has_an_axis(series):
    axis = axis_of(msgspec.structs.replace(run_of({"val/top1": [1.0]}), series=series))
    assert axis.low < axis.high
