import pytest

from defib.playbook.plays.branch_weight_to_reference import branch_weight_to_reference
from defib.records import Reference
from defib.samples import run_of
from defib.words import same

RECIPE = Reference(
    name="a_recipe",
    says=same("a recipe"),
    source="made up",
    batch=48,
    settings={"loss_weight.rgb": 1.0, "loss_weight.pose": 1.0},
)
FOUR = ["rgb", "pose", "rgb_coarse", "pose_coarse"]


def edits(weights, parts=FOUR, reference=RECIPE):
    config = {"model": {"cls_head": {"loss_components": parts, "loss_weights": weights}}}
    found = branch_weight_to_reference(run_of({"val/top1": [1.0]}, config=config, reference=reference), None)
    return {edit.key: edit.new for edit in found}


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([1.0, 1.5, 0.5, 1.2], {"loss_weight.pose": 1.0, "loss_weight.pose_coarse": 0.8}),
        ([1.0, 2.0, 0.5, 1.0], {"loss_weight.pose": 1.0, "loss_weight.pose_coarse": 0.5}),
        ([3.0, 1.0, 0.9, 0.5], {"loss_weight.rgb": 1.0, "loss_weight.rgb_coarse": 0.3}),
        ([1.0, 4.0, 0.5, 0.0], {"loss_weight.pose": 1.0}),
    ],
)
def test_a_raised_branch_and_its_coarse_head_go_down_by_the_same_factor(weights, expected):
    assert edits(weights) == expected


def test_two_weights_without_coarse_heads():
    assert edits([1.0, 1.5], ["rgb", "pose"]) == {"loss_weight.pose": 1.0}


@pytest.mark.parametrize("weights", [[1.0, 1.0, 0.5, 0.5], [1.0, 0.5, 0.5, 9.0], [1.1, 1.1, 1.0, 1.0]])
def test_gives_up_at_or_near_the_reference(weights):
    assert edits(weights) == {}


def test_gives_up_without_a_reference():
    assert edits([1.0, 9.0, 1.0, 1.0], reference=None) == {}
