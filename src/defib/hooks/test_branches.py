"""Whose parameters are whose."""

import pytest
import torch
from torch import nn

from defib.hooks.branches import branches_of


class TwoStreams(nn.Module):
    """Names as in RGBPoseConv3D."""

    def __init__(self):
        super().__init__()
        self.backbone = nn.Module()
        self.backbone.rgb_path = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
        self.backbone.pose_path = nn.Sequential(nn.Linear(3, 8), nn.ReLU())
        self.cls_head = nn.Module()
        self.cls_head.fc_rgb = nn.Linear(8, 5)
        self.cls_head.fc_pose = nn.Linear(8, 5)
        self.temperature = nn.Parameter(torch.ones(()))


def counted(found):
    return {branch.name: sum(one.numel() for one in branch.parameters) for branch in found}


def test_streams_are_found_by_their_names_and_the_rest_is_shared():
    assert counted(branches_of(TwoStreams())) == {"rgb": 40 + 45, "pose": 32 + 45, "shared": 1}


def test_wrappers_are_no_part_of_a_name():
    wrapped = nn.Module()
    wrapped.module = nn.Module()
    wrapped.module._orig_mod = TwoStreams()
    assert counted(branches_of(wrapped)) == {"rgb": 85, "pose": 77, "shared": 1}


def test_an_ordinary_network_is_one_whole():
    network = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2))
    (whole,) = branches_of(network)
    assert whole.name == whole.suffix == ""
    assert len(whole.parameters) == 4


def test_one_stream_alone_is_the_network_itself():
    network = nn.Module()
    network.rgb_path, network.fc = nn.Linear(4, 8), nn.Linear(8, 2)
    assert counted(branches_of(network)) == {"": 40 + 18}


@pytest.mark.parametrize("how", ["module", "prefix", "parameters"])
def test_branches_are_given_in_three_ways(how):
    network = TwoStreams()
    module = network.backbone.pose_path
    given = {"module": module, "prefix": "backbone.pose_path", "parameters": list(module.parameters())}[how]
    assert counted(branches_of(network, {"pose": given})) == {"pose": 32, "shared": 85 + 45 + 1}


def test_they_keep_the_order_in_which_they_were_given():
    network = TwoStreams()
    given = {"pose": network.backbone.pose_path, "rgb": network.backbone.rgb_path}
    assert [branch.name for branch in branches_of(network, given)] == ["pose", "rgb", "shared"]


def test_what_two_branches_use_belongs_to_neither():
    network = TwoStreams()
    network.cls_head.fc_pose.weight = network.cls_head.fc_rgb.weight
    assert counted(branches_of(network)) == {"rgb": 40 + 5, "pose": 32 + 5, "shared": 40 + 1}


def test_a_misspelt_branch_is_refused_with_what_there_is():
    with pytest.raises(
        ValueError,
        match="the branch 'flow' has no parameters of its own; the network has these submodules: backbone, cls_head",
    ):
        branches_of(TwoStreams(), {"flow": "backbone.flow_path"})


def test_each_parameter_belongs_to_one_branch():
    network = TwoStreams()
    found = [id(one) for branch in branches_of(network) for one in branch.parameters]
    assert sorted(found) == sorted(id(one) for one in network.parameters())
