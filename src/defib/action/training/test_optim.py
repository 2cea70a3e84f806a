"""Groups, rates and clipping."""

import math

import pytest
import torch

from defib.action.errors.training import BadValue
from defib.action.model.test_rgbpose import batch, small
from defib.action.training.optim import clip, optimizer_of, peak_rate, set_rate
from defib.action.training.recipe import OptimConfig


def filled(scale=1.0):
    model = small()
    for branch, members in model.branches().items():
        for _, one in members:
            one.grad = torch.full_like(one, scale * (1.0 if branch == "rgb" else 2.0))
    return model


def norm(model, branch):
    return math.sqrt(sum(float(one.grad.square().sum()) for _, one in model.branches()[branch]))


def test_every_parameter_is_in_one_group_and_norms_may_be_left_alone():
    model = small()
    whole = optimizer_of(OptimConfig(lr=0.1), model, 0.1)
    count = sum(len(group["params"]) for group in whole.param_groups)
    assert count == len(list(model.parameters()))
    assert {group["weight_decay"] for group in whole.param_groups} == {1e-4}
    spared = optimizer_of(OptimConfig(lr=0.1, decay_norms=False), model, 0.1)
    for group in spared.param_groups:
        assert all((one.dim() > 1) == (group["weight_decay"] > 0) for one in group["params"])


def test_a_branch_can_have_a_rate_of_its_own():
    optimizer = optimizer_of(OptimConfig(lr=0.1, branch_lr={"pose": 0.5}), small(), 0.1)
    set_rate(optimizer, 0.1)
    rates = {group["branch"]: round(group["lr"], 6) for group in optimizer.param_groups}
    assert rates == {"rgb": 0.01, "pose": 0.005}


def test_adamw_is_there():
    optimizer = optimizer_of(OptimConfig(type="adamw", lr=1e-3), small(), 1e-3)
    assert isinstance(optimizer, torch.optim.AdamW)


@pytest.mark.parametrize("key", ["branch_lr", "branch_clip"])
def test_a_branch_that_is_not_there_is_refused(key):
    with pytest.raises(BadValue, match="no branch flow; the network has rgb, pose"):
        optimizer_of(OptimConfig(lr=0.1, **{key: {"flow": 1.0}}), small(), 0.1)


def test_the_whole_gradient_is_clipped_and_its_norms_are_those_of_before():
    model = filled()
    before = {branch: norm(model, branch) for branch in ("rgb", "pose")}
    found = clip(OptimConfig(lr=0.1, clip=5.0), model.branches())
    assert found.branches == pytest.approx(before, rel=1e-5)
    assert found.total == pytest.approx(math.hypot(*before.values()), rel=1e-5)
    assert found.clipped
    assert math.hypot(norm(model, "rgb"), norm(model, "pose")) == pytest.approx(5.0, rel=1e-4)


def test_a_branch_is_clipped_by_itself():
    model = filled()
    rgb = norm(model, "rgb")
    found = clip(OptimConfig(lr=0.1, clip=None, branch_clip={"pose": 1.0}), model.branches())
    assert found.clipped
    assert norm(model, "pose") == pytest.approx(1.0, rel=1e-4)
    assert norm(model, "rgb") == pytest.approx(rgb)


def test_what_is_small_enough_stays_as_it_is():
    model = filled(1e-6)
    found = clip(OptimConfig(lr=0.1, clip=40.0, branch_clip={"pose": 40.0}), model.branches())
    assert not found.clipped
    assert float(model.cls_head.fc_pose.weight.grad[0, 0]) == pytest.approx(2e-6)


def test_a_gradient_that_is_no_number_is_told():
    model = filled()
    model.cls_head.fc_pose.bias.grad[0] = float("nan")
    assert not clip(OptimConfig(lr=0.1), model.branches()).finite


def test_the_rate_follows_the_batch():
    assert peak_rate(OptimConfig(lr=0.0075, base_batch=48), 96) == 0.015
    model = small()
    model(*batch()).logits["rgb"].sum().backward()
    assert clip(OptimConfig(lr=1), model.branches()).finite
