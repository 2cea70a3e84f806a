import pytest

from defib.diagnosis.causes.branch_detached import branch_detached
from defib.records import Checkup, Event, Point, Symptom
from defib.samples import run_of
from defib.words import same

SUBTRACTS = Checkup(
    symptoms=(
        Symptom(rule="fusion_below_branch", metric="val/top1", severity="watch", onset=Point(epoch=4.0), record=3,
                says=same("x")),
    )
)  # fmt: skip
ZERO_WEIGHT = {"model": {"cls_head": {"loss_components": ["rgb", "pose"], "loss_weights": [1.0, 0.0]}}}
ZERO_RATE = {"optim_wrapper": {"paramwise_cfg": {"custom_keys": {"backbone.pose_path": {"lr_mult": 0.0}}}}}
FROZEN = {"model": {"backbone": {"pose_pathway": {"frozen_stages": 3}}}}


def opinion(config=None, pose=10.0, loss=None, events=(), checkup=SUBTRACTS):
    curves = {"val/top1/fused": [50.0] * 12, "val/top1/rgb": [60.0] * 12, "val/top1/pose": [pose] * 12}
    if loss is not None:
        curves["train/loss/pose"] = loss
    return branch_detached(run_of(curves, config=config or {}, events=events), checkup)


@pytest.mark.parametrize("config", [ZERO_WEIGHT, ZERO_RATE])
def test_a_weak_branch_that_the_config_leaves_out_is_likely(config):
    found = opinion(config)
    assert (found.standing, found.verdict) == ("likely", "escalate")
    assert "pose" in found.says.zh
    assert found.missing


@pytest.mark.parametrize("config", [ZERO_WEIGHT, ZERO_RATE, FROZEN])
def test_a_good_branch_may_be_left_out_on_purpose(config):
    assert opinion(config, pose=55.0).standing == "possible"


def test_frozen_stages_are_only_possible():
    assert opinion(FROZEN).standing == "possible"


def test_a_loss_that_stands_still_is_likely():
    found = opinion(loss=[4.09, 4.1, 4.08, 4.1] * 3)
    assert found.standing == "likely"
    assert "4.09" in found.for_[0].measured.zh
    assert not found.missing


def test_parameters_without_a_loss_are_possible():
    text = "making sure all `forward` function outputs ... parameters that were not used in producing loss."
    assert opinion(events=(Event(kind="traceback", text=text),)).standing == "possible"


def test_a_loss_that_falls_rules_it_out_whatever_the_config_says():
    assert opinion(loss=[4.1 * 0.9**epoch for epoch in range(12)]).standing == "ruled-out"
    assert opinion(ZERO_RATE, loss=[4.1 * 0.9**epoch for epoch in range(12)]).standing == "ruled-out"


def test_no_opinion_on_a_loss_that_moves_a_little_or_on_few_of_them():
    assert opinion(loss=[4.1 - 0.03 * epoch for epoch in range(12)]) is None
    assert opinion(loss=[4.1] * 5) is None


def test_the_other_branch_is_not_accused():
    other = {"optim_wrapper": {"paramwise_cfg": {"custom_keys": {"backbone": {"lr_mult": 0.0}}}}}
    assert opinion(other) is None


def test_no_opinion_where_it_explains_nothing_or_there_is_one_branch():
    assert opinion(ZERO_WEIGHT, checkup=Checkup()) is None
    assert branch_detached(run_of({"val/top1": [1.0]}, config=ZERO_WEIGHT), SUBTRACTS) is None
    assert opinion() is None
