import math

import numpy as np
import pytest

from defib.reading.ledger import MOST_STEPS, NAN, Kept, Ledger
from defib.records import COLUMNS


def told(ledger, kept=None):
    """Everything that a ledger says, in a form that compares NaN as equal."""
    series, unknown, notes = ledger.series(kept or ledger.all_kept())
    shown = [(one.key, one.raw, one.scale, *(str(getattr(one, name).tolist()) for name in COLUMNS)) for one in series]
    return shown, unknown, notes


def values(ledger):
    return {one.raw: one.value.tolist() for one in ledger.series(ledger.all_kept())[0]}


def lines(ledger):
    return {one.raw: one.line.tolist() for one in ledger.series(ledger.all_kept())[0]}


def of(rows, split="train"):
    ledger = Ledger()
    for number, row in enumerate(rows, start=1):
        ledger.add(split, row.items(), at=(float(number), NAN), place=(0, number))
    return ledger


def test_what_is_no_number_is_left_out_and_the_rest_of_its_row_stays():
    ledger = of(
        [
            {"loss": 1, "grad_norm": "12.5", "time": 0.5},
            {"loss": True, "grad_norm": [1.0], "time": 0.25},
            {"loss": None, "grad_norm": {"a": 1.0}, "time": 0.125},
            {"loss": 2.5, "grad_norm": False},
        ]
    )
    assert values(ledger) == {"loss": [1.0, 2.5], "time": [0.5, 0.25, 0.125]}
    assert lines(ledger) == {"loss": [1.0, 4.0], "time": [1.0, 2.0, 3.0]}


def test_integers_that_a_float_does_not_hold_are_left_out_but_floats_of_that_size_are_not():
    ledger = of([{"loss": MOST_STEPS}, {"loss": MOST_STEPS + 1}, {"loss": -(2**70)}, {"loss": 1e300}])
    assert values(ledger) == {"loss": [float(MOST_STEPS), 1e300]}


def test_what_is_not_finite_is_a_value():
    ledger = of([{"loss": math.inf}, {"loss": math.nan}, {"loss": -math.inf}])
    first, second, third = values(ledger)["loss"]
    assert (first, third) == (math.inf, -math.inf)
    assert math.isnan(second)


COLUMNS_OF_ROWS = {"loss": [3.0, 2.0, math.nan, 1.0], "grad_norm": [1.0, 1.5, 2.0, 2.5], "step": [1.0, 2.0, 3.0, 4.0]}


def mixed(alike):
    """Rows before, between and after some that have the same names; those one by one, or at once."""
    ledger = Ledger()
    ledger.add("train", [("grad_norm", 9.0), ("odd name", 1.0)], at=(0.0, 1.0), place=(0, 1))
    for first, epoch in ((2, 1.0), (7, 2.0)):
        steps = np.array([float(first + index) for index in range(4)])
        if alike:
            columns = {name: np.array(column) for name, column in COLUMNS_OF_ROWS.items()}
            at = (steps, np.full(4, epoch))
            ledger.add_alike("train", columns, at=at, place=(0, range(first, first + 4)))
        else:
            for index in range(4):
                row = [(name, column[index]) for name, column in COLUMNS_OF_ROWS.items()]
                ledger.add("train", row, at=(float(steps[index]), epoch), place=(0, first + index))
        ledger.add("val", [("acc/top1", 0.25 * epoch), ("loss", 1.0)], at=(steps[-1], epoch), place=(0, first + 4))
    return ledger


@pytest.mark.parametrize("kept", [None, Kept(np.arange(11) >= 6, 6), Kept(np.arange(11) % 3 > 0, 1)])
def test_rows_that_are_written_down_at_once_come_to_the_same(kept):
    assert told(mixed(alike=True), kept) == told(mixed(alike=False), kept)
    assert mixed(alike=True).step == mixed(alike=False).step
    assert mixed(alike=True).train == mixed(alike=False).train


def test_metrics_of_the_same_rows_share_where_they_stand_and_cannot_change_it():
    loss, other = (mixed(alike=True).series(Kept(np.ones(11, dtype=bool), 0))[0][index] for index in (0, 1))
    assert loss.raw == "grad_norm"
    assert other.raw == "loss"
    ledger = of([{"loss": 1.0, "time": 2.0}, {"loss": 2.0, "time": 3.0}])
    loss, time = ledger.series(ledger.all_kept())[0]
    assert loss.step is time.step
    with pytest.raises(ValueError, match="read-only"):
        loss.step[0] = 5.0


def test_a_share_is_scaled_by_its_highest_value_and_nan_says_nothing_about_it():
    assert of([{"acc/top1": 0.5}, {"acc/top1": math.nan}], "val").series(Kept(np.ones(2, bool), 0))[0][0].scale == 100.0
    assert of([{"acc/top1": 0.5}, {"acc/top1": 1.5}], "val").series(Kept(np.ones(2, bool), 0))[0][0].scale == 1.0
    assert of([{"acc/top1": math.nan}], "val").series(Kept(np.ones(1, bool), 0))[0][0].scale == 1.0


def test_minus_one_where_there_was_nothing_to_measure_is_no_value():
    ledger = of(
        [{"coco/bbox_mAP_s": -1.0, "coco/bbox_mAP": 0.25}, {"coco/bbox_mAP_s": 0.5, "coco/bbox_mAP": 0.5}], "val"
    )
    assert values(ledger) == {"coco/bbox_mAP_s": [50.0], "coco/bbox_mAP": [25.0, 50.0]}
    assert lines(ledger) == {"coco/bbox_mAP_s": [2.0], "coco/bbox_mAP": [1.0, 2.0]}
