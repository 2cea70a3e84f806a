import numpy as np
import pytest

from defib.health.rules.loss_spike import loss_spike
from defib.records import Point, Segment
from defib.samples import healthy, run_of, wobble


def falling(count=80, noise=0.05):
    return [0.3 + 2.0 * np.exp(-step / 15) * (1 + noise * wobble(2, step)) for step in range(count)]


def jumped(at, factor, rows=1, count=80):
    curve = falling(count)
    curve[at : at + rows] = [value * factor for value in curve[at : at + rows]]
    return curve


def found(losses, key="train/loss", **others):
    run = run_of({key: losses, **others})
    return [(one.severity, one.onset.epoch, one.cleared and one.cleared.epoch) for one in loss_spike(run)]


def test_a_spike_that_is_back_is_a_note():
    assert found(jumped(40, 8)) == [("note", 41.0, 42.0)]


def test_it_is_known_with_the_value_that_jumps():
    assert found(jumped(40, 8, count=41)) == [("note", 41.0, None)]


def test_one_that_stays_up_is_a_watch_ten_values_later():
    assert found(jumped(40, 3.5, rows=60)) == [("note", 41.0, None), ("watch", 41.0, None)]
    assert found(jumped(40, 3.5, rows=60)[:50]) == [("note", 41.0, None)]


def test_one_that_comes_back_late_is_cleared():
    assert found(jumped(40, 3.5, rows=20)) == [("note", 41.0, 61.0), ("watch", 41.0, 61.0)]


def test_a_held_out_loss_can_spike_too_and_is_never_more_than_a_note():
    assert found(jumped(40, 8), "val/loss") == [("note", 41.0, 42.0)]
    assert found(jumped(40, 3.5, rows=60), "val/loss") == [("note", 41.0, None)]


def test_a_part_is_looked_at_where_no_total_was_logged():
    run = run_of({"train/loss/rgb": falling(), "train/loss/pose": jumped(40, 8)})
    assert [one.branch for one in loss_spike(run)] == ["pose"]


def test_leaves_to_loss_divergence_what_is_back_where_training_began():
    assert found(jumped(40, 30, rows=60)) == [("note", 41.0, None)]


def test_a_tiny_loss_that_rises_a_thousandfold_has_lost_nothing():
    curve = [4.0 * 0.8**step * (1 + 0.05 * wobble(1, step)) for step in range(60)] + [1e-3] * 20
    assert {severity for severity, *_ in found(curve)} <= {"note"}


@pytest.mark.parametrize("seed", range(10))
def test_stays_quiet_on_a_loss_whose_batches_differ(seed):
    rng = np.random.default_rng(seed)
    assert found([value * float(np.exp(rng.choice([0.0, 0.0, 0.0, 1.2]))) for value in falling(400)]) == []


def test_stays_quiet_on_the_first_steps():
    assert found(jumped(12, 30)) == []


def test_stays_quiet_on_small_jumps():
    assert found(jumped(40, 1.8, rows=5)) == []


def test_stays_quiet_when_the_schedule_raised_the_rate():
    rate = [0.1 * (1 + np.cos(np.pi * (step % 40) / 40)) + 1e-4 for step in range(80)]
    assert found(jumped(40, 8, rows=6), **{"train/lr": rate}) == []
    assert found(jumped(40, 8, rows=6), **{"train/lr": [0.1] * 80}) != []


def test_stays_quiet_where_another_run_begins():
    run = run_of({"train/loss": falling(40) + falling(40)}, segments=(Segment(start=Point(), record=40, file="b"),))
    assert loss_spike(run) == ()


def test_stays_quiet_on_nan():
    assert found([*falling(40), float("nan"), *falling(80)[40:]]) == []


def test_stays_quiet_on_a_healthy_run():
    assert loss_spike(healthy(80)) == ()


def test_cannot_look_at_twenty_values():
    assert loss_spike.unseen(run_of({"train/loss": [1.0] * 20})) is not None
    assert loss_spike.unseen(run_of({"train/loss": [1.0] * 21})) is None
