"""Multipliers of a branch's learning rate, and what became of the branch."""

import pytest

from defib.diagnosis.causes.branch_lr import branch_lr
from defib.records import Checkup, Fact, Incident, Point, Symptom
from defib.samples import run_of
from defib.words import same


def symptom(rule, branch="pose"):
    return Symptom(rule=rule, metric="val/top1", branch=branch, severity="act", onset=Point(epoch=8.0), record=8, says=same("x"))  # fmt: skip


def opinion(times, *symptoms, part="backbone.pose_path", key="lr_mult"):
    config = {"optim_wrapper": {"paramwise_cfg": {"custom_keys": {part: {key: times}}}}}
    best = Fact(metric="val/top1", value=50.0)
    incident = Incident(key="val/top1", onset=Point(epoch=8.0), rule="branch_collapse", best=best)
    return branch_lr(
        run_of({"val/top1/pose": [1.0], "val/top1": [2.0]}, config=config),
        Checkup(symptoms=symptoms, incident=incident),
    )


def test_large_steps_of_the_branch_that_fell_are_possible():
    found = opinion(10.0, symptom("branch_collapse"))
    assert (found.standing, found.explains) == ("possible", ("branch_collapse",))
    assert "10 times" in found.for_[0].measured.en
    assert found.says.zh == "pose 分支的学习率过高"


def test_small_steps_of_the_branch_that_is_behind_are_possible():
    found = opinion(0.1, symptom("dead_branch"))
    assert found.standing == "possible"
    assert found.says.en.endswith("too low")


@pytest.mark.parametrize(("times", "rule"), [(10.0, "dead_branch"), (0.1, "branch_collapse")])
def test_a_multiplier_that_pulls_the_other_way_rules_it_out(times, rule):
    assert opinion(times, symptom(rule)).standing == "ruled-out"


def test_a_jump_at_the_onset_speaks_against_it():
    found = opinion(10.0, symptom("branch_collapse"), symptom("lr_jump", None))
    assert len(found.against) == 1
    assert "jumped" in found.against[0].measured.en


@pytest.mark.parametrize("times", [1.0, 2.0, 0.5, 0])
def test_ordinary_multipliers_are_no_clue(times):
    assert opinion(times, symptom("branch_collapse")) is None


def test_the_rate_of_another_branch_and_its_decay_are_no_clue():
    assert opinion(10.0, symptom("branch_collapse"), part="backbone.rgb_path") is None
    assert opinion(10.0, symptom("branch_collapse"), key="decay_mult") is None
    assert opinion(10.0, symptom("val_collapse", None)) is None
