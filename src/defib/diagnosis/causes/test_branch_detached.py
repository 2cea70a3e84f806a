"""A branch that gradients do not reach, and branches that learn nothing for other reasons."""

import pytest

from defib.diagnosis.causes.branch_detached import branch_detached
from defib.records import Checkup, Point, Symptom
from defib.samples import run_of
from defib.words import same

FALLING = [4.0 - 0.1 * at for at in range(30)]
STANDING = [4.1] * 30


def opinion(pose=STANDING, *, config=None, rule="dead_branch", rgb=FALLING):
    run = run_of({"train/loss/rgb": rgb, "train/loss/pose": pose}, config=config)
    symptom = Symptom(rule=rule, metric="val/top1", branch="pose", severity="watch", onset=Point(epoch=1.0), record=8, says=same("x"))  # fmt: skip
    return branch_detached(run, Checkup(symptoms=(symptom,)))


def head(weights):
    return {"model": {"cls_head": {"loss_weights": weights, "loss_components": ["rgb", "pose"]}}}


def custom(**keys):
    return {"optim_wrapper": {"paramwise_cfg": {"custom_keys": keys}}}


def test_a_weight_of_nothing_is_enough():
    found = opinion(config=head([1.0, 0]))
    assert found.standing == "likely"
    assert "pose" in found.says.en
    assert "pose" in found.says.zh
    assert found.for_[0].facts[0].value == 0


def test_a_rate_of_nothing_is_enough():
    found = opinion(config=custom(**{"backbone.pose_path": {"lr_mult": 0.0}}))
    assert found.standing == "likely"
    assert "backbone.pose_path" in found.for_[0].measured.en


def test_flags_and_a_loss_that_stands_are_signs():
    flagged = opinion(config={"model": {"backbone": {"pose_detach": True}}})
    assert flagged.standing == "possible"
    assert [one.strength for one in flagged.for_] == ["weak", "weak"]
    assert "4.1" in opinion().for_[0].measured.en


@pytest.mark.parametrize("config", [None, head([1.0, 0])])
def test_a_loss_that_fell_rules_it_out(config):
    assert opinion(FALLING, config=config).standing == "ruled-out"


@pytest.mark.parametrize(
    "config",
    [
        head([0, 1.0]),
        custom(**{"backbone.rgb_path": {"lr_mult": 0.0}}),
        custom(**{"backbone.pose_path": {"lr_mult": 1.0}}),
        custom(**{"backbone.pose_path": {"decay_mult": 0.0}}),
        {"model": {"backbone": {"rgb_detach": True, "pose_detach": False}}},
    ],
)
def test_what_is_said_of_another_branch_says_nothing_of_this_one(config):
    assert opinion([4.1 - 0.01 * at for at in range(30)], config=config) is None


def test_no_opinion_where_no_branch_is_dead_or_nothing_learns():
    assert opinion(config=head([1.0, 0]), rule="branch_collapse") is None
    assert opinion(rgb=STANDING) is None
    assert opinion(pose=[4.1] * 5) is None
