import pytest

from defib.diagnosis.causes.branch_lr import branch_lr
from defib.records import Checkup, Point, Symptom
from defib.samples import run_of
from defib.words import same


def fell(branch, epoch):
    return Symptom(rule="branch_collapse", metric="val/top1", branch=branch, severity="act", onset=Point(epoch=epoch),
                   record=3, says=same("x"))  # fmt: skip


BELOW = Symptom(
    rule="fusion_below_branch", metric="val/top1", severity="watch", onset=Point(epoch=4.0), record=3, says=same("x")
)


def opinion(*symptoms, key="backbone.pose_path", times=10, pose=50.0):
    curves = {"val/top1/fused": [50.0, 50.0], "val/top1/rgb": [60.0, 60.0], "val/top1/pose": [pose, pose]}
    config = {"optim_wrapper": {"paramwise_cfg": {"custom_keys": {key: {"lr_mult": times}}}}}
    return branch_lr(run_of(curves, config=config), Checkup(symptoms=symptoms))


def test_a_branch_at_ten_times_the_rate_that_fell_first_is_likely():
    found = opinion(fell("pose", 3.0), fell("rgb", 6.0))
    assert found.standing == "likely"
    assert "10" in found.says.zh


def test_a_branch_at_a_tenth_of_the_rate_that_lags_is_likely():
    assert opinion(BELOW, times=0.1, pose=20.0).standing == "likely"


@pytest.mark.parametrize("times", [10, 0.1])
def test_other_symptoms_leave_it_possible(times):
    assert opinion(BELOW, times=times).standing == "possible"


def test_branches_that_fall_together_leave_it_possible():
    assert opinion(fell("pose", 3.0), fell("rgb", 3.0)).standing == "possible"


def test_another_branch_that_fell_first_rules_it_out():
    assert opinion(fell("rgb", 3.0), fell("pose", 6.0)).standing == "ruled-out"


def test_a_slowed_branch_that_scores_best_rules_it_out():
    assert opinion(BELOW, times=0.1, pose=70.0).standing == "ruled-out"


@pytest.mark.parametrize(
    ("key", "times"),
    [("backbone", 10), ("decompose", 10), ("backbone.pose_path", 2), ("backbone.pose_path", 1.0),
     ("backbone.pose_path", {"$expression": "m", "line": 1}), ("backbone.pose_path", 0), ("backbone.pose_path", None)],
)  # fmt: skip
def test_no_opinion_on_rates_that_are_not_a_branchs_or_not_far_apart(key, times):
    assert opinion(fell("pose", 3.0), key=key, times=times) is None


def test_no_opinion_where_it_explains_nothing():
    assert opinion() is None
