import pytest

from defib.monitoring.signs import signs
from defib.records import Checkup, Event, Point, Symptom, WatchRule
from defib.samples import run_of
from defib.words import same


def state(relation, values=None, metric="val/top1/pose", *, value=None, times=None, checkup=None, more=None, **fields):
    rule = WatchRule(kind="health", metric=metric, relation=relation, value=value, times=times, says=same("x"))
    curves = {} if values is None else {metric: values}
    run = run_of({**curves, **(more or {"train/lr": [0.1] * 4})}, **fields)
    (found,) = signs((rule,), run, checkup or Checkup())
    return found.state


def symptom(rule, metric="train/loss", *, fall=True):
    return Symptom(
        rule=rule, metric=metric, severity="act", onset=Point(epoch=3.0), record=5, fall=fall, says=same("x")
    )


@pytest.mark.parametrize(("last", "expected"), [(46.0, "shown"), (45.0, "not shown"), (10.0, "not shown")])
def test_a_branch_above_its_best_is_a_sign_of_health(last, expected):
    assert state("above", [20.0, last], value=45.0) == expected


def test_a_branch_below_its_start_twice_in_a_row_is_a_sign_of_danger_and_once_is_not():
    assert state("below", [40.0, 30.0, 31.0], value=35.0, times=2) == "shown"
    assert state("below", [40.0, 30.0, 36.0], value=35.0, times=2) == "not shown"
    assert state("below", [30.0], value=35.0, times=2) == "not shown"


def test_a_score_that_rises_without_a_fall_is_a_sign_of_health():
    assert state("rises", [50.0, 52.0, 55.0]) == "shown"
    assert state("rises", [50.0, 55.0]) == "not shown"
    assert state("rises", [55.0, 54.0, 50.0]) == "not shown"
    fallen = Checkup(symptoms=(symptom("val_collapse"),))
    assert state("rises", [50.0, 52.0, 55.0], checkup=fallen) == "not shown"


def test_a_loss_that_falls_smoothly_is_a_sign_of_health_and_one_that_jumps_of_danger():
    spiked = Checkup(symptoms=(symptom("loss_spike", fall=False),))
    assert state("smooth", [3.0, 2.5, 2.0], "train/loss") == "shown"
    assert state("smooth", [3.0, 2.5, 2.0], "train/loss", checkup=spiked) == "not shown"
    assert state("jumps", [3.0, 2.5, 2.0], "train/loss", checkup=spiked) == "shown"
    assert state("jumps", [3.0, 2.5, 2.0], "train/loss") == "not shown"


def test_three_losses_of_more_than_five_points_each_are_a_sign_of_danger():
    assert state("falls-in-a-row", [60.0, 54.0, 48.0, 42.0], value=5.0, times=3) == "shown"
    assert state("falls-in-a-row", [60.0, 54.0, 50.0, 44.0], value=5.0, times=3) == "not shown"
    assert state("falls-in-a-row", [54.0, 48.0], value=5.0, times=3) == "not shown"


def test_the_gap_is_told_from_whole_epochs_alone():
    curves = {"train/top1": [60.0, 66.0], "val/top1": [50.0, 55.0]}
    assert state("gap-below", metric="train/top1", value=15.0, more=curves, deciding="val/top1") == "shown"
    curves["train/top1"] = [60.0, 75.0]
    assert state("gap-below", metric="train/top1", value=15.0, more=curves, deciding="val/top1") == "not shown"
    assert state("gap-below", metric="train/top1", value=15.0) == "not logged"


def test_memory_that_ran_out_is_a_sign_of_danger():
    assert state("out-of-memory", metric="memory") == "not shown"
    event = Event(kind="out-of-memory", at=Point(epoch=1.0), record=1, text="CUDA out of memory")
    assert state("out-of-memory", metric="memory", events=(event,)) == "shown"


def test_what_is_not_logged_is_neither_good_nor_bad():
    for relation in ("above", "below", "rises", "smooth", "jumps", "falls-in-a-row"):
        assert state(relation, value=1.0) == "not logged"
