from math import log

import numpy as np
import pytest

from defib.health.rules.dead_branch import dead_branch
from defib.samples import healthy, rising, run_of, wobble

RGB = [rising(epoch, 70.0) for epoch in range(24)]
GUESS = log(60)


def evaluated(pose, classes=60, **others):
    run = run_of({"val/top1/fused": RGB, "val/top1/rgb": RGB, "val/top1/pose": pose, **others}, classes=classes)
    return [(one.severity, one.branch, one.record, one.cleared and one.cleared.epoch) for one in dead_branch(run)]


def trained(pose, metric="train/loss", rgb=None, classes=60):
    run = run_of({f"{metric}/rgb": rgb or [1.0] * 80, f"{metric}/pose": pose}, classes=classes)
    return [(one.severity, one.branch, one.onset.epoch, one.cleared and one.cleared.epoch) for one in dead_branch(run)]


def test_a_branch_that_only_guesses_beside_one_that_learns_is_a_watch():
    assert evaluated([1.67 + 0.3 * wobble(1, epoch) for epoch in range(24)]) == [("watch", "pose", 7, None)]


def test_a_set_of_few_samples_is_known_by_its_digits():
    guesses = 100 * np.random.default_rng(1).binomial(180, 1 / 60, 24) / 180
    assert [one[:2] for one in evaluated(guesses.tolist())] == [("watch", "pose")]


def test_without_the_number_of_classes_it_must_stay_low_or_be_constant():
    assert [one[0] for one in evaluated([2.0 + 0.3 * wobble(1, epoch) for epoch in range(24)], None)] == ["watch"]
    assert [one[0] for one in evaluated([72.41] * 24, None)] == ["watch"]
    assert evaluated([40 + 0.3 * wobble(1, epoch) for epoch in range(24)], None) == []
    assert evaluated([100.0] * 24, None) == []


def test_a_late_start_clears_it():
    assert evaluated([1.7] * 12 + [30.0] * 12) == [("watch", "pose", 7, 14.0)]


def test_a_branch_whose_training_loss_is_back_at_guessing_is_an_act():
    pose = [1.5 + 0.1 * wobble(1, row) for row in range(40)] + [GUESS + 0.05 * wobble(2, row) for row in range(40)]
    assert trained(pose) == [("act", "pose", 41.0, None)]
    assert trained(pose[:69]) == []
    assert trained(pose[:70]) == [("act", "pose", 41.0, None)]


def test_so_is_one_whose_training_accuracy_is():
    pose = [60.0] * 40 + [1.5] * 40
    assert trained(pose, "train/top1", [80.0] * 80) == [("act", "pose", 41.0, None)]


def test_a_branch_that_wakes_up_in_training_clears_it():
    assert trained([1.5] * 40 + [GUESS] * 30 + [1.5] * 10) == [("act", "pose", 41.0, 80.0)]


def test_stays_quiet_on_a_weak_branch_that_is_above_guessing():
    assert evaluated([5.0 + 0.3 * wobble(1, epoch) for epoch in range(24)]) == []


def test_stays_quiet_on_a_slow_branch_that_rises():
    assert evaluated([1.7 + 0.3 * epoch + 0.1 * wobble(1, epoch) for epoch in range(24)]) == []


def test_stays_quiet_before_eight_evaluations():
    run = run_of({"val/top1/fused": RGB[:7], "val/top1/rgb": RGB[:7], "val/top1/pose": [1.7] * 7}, classes=60)
    assert dead_branch(run) == ()


def test_stays_quiet_while_nothing_learns():
    flat = [1.7 + 0.3 * wobble(3, epoch) for epoch in range(24)]
    run = run_of({"val/top1/fused": flat, "val/top1/rgb": flat, "val/top1/pose": flat}, classes=60)
    assert dead_branch(run) == ()


def test_leaves_a_branch_that_fell_to_branch_collapse():
    assert evaluated([30.0] * 6 + [1.7] * 18) == []


def test_leaves_a_loss_that_never_left_guessing_to_loss_at_chance():
    assert trained([GUESS] * 80) == []


def test_stays_quiet_when_all_branches_fall_together():
    falls = [1.5] * 40 + [GUESS] * 40
    assert trained(falls, rgb=falls) == []


def test_stays_quiet_on_a_few_bad_batches():
    assert trained([1.5] * 40 + [GUESS] * 20 + [1.5] * 20) == []


def test_stays_quiet_on_a_coarse_head():
    run = run_of({"val/top1/fused": RGB, "val/top1/rgb": RGB, "val/top1/rgb_coarse": [1.7] * 24}, classes=60)
    assert dead_branch(run) == ()


@pytest.mark.parametrize("noise", [0.0, 1.5])
def test_stays_quiet_on_a_healthy_run(noise):
    assert dead_branch(healthy(60, noise=noise)) == ()


def test_cannot_look_at_one_branch():
    assert dead_branch.unseen(run_of({"val/top1": RGB, "train/loss": RGB}, classes=60)) is not None
