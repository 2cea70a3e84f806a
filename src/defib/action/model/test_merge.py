"""The merged network answers as its two streams did."""

import pytest
import torch

from defib.action.errors.model import CannotMerge
from defib.action.model.initialise import initialise
from defib.action.model.merge import merge, sizes
from defib.action.model.test_initialise import alone, saved
from defib.action.model.test_rgbpose import batch, small


def shaken(stream):
    """A single-stream checkpoint whose every tensor differs from a fresh start."""
    state = alone(stream)
    generator = torch.Generator().manual_seed(3)
    return {
        name: value if value.dtype == torch.int64 else value + 0.1 * torch.rand(value.shape, generator=generator)
        for name, value in state.items()
    }


@pytest.fixture
def two(tmp_path):
    return [saved(tmp_path / f"{stream}.pth", shaken(stream)) for stream in ("rgb", "pose")]


def test_the_first_answers_are_those_of_the_single_streams(two):
    joint = small()
    rows = merge(joint, *two)
    rgb, pose = batch()
    found = joint.eval()(rgb, pose)
    for stream, path, given in (("rgb", two[0], {"rgb": rgb}), ("pose", two[1], {"pose": pose})):
        single = small(streams=(stream,))
        initialise(single, path)
        assert torch.allclose(found.logits[stream], single.eval()(**given).logits[stream], atol=1e-5)
    assert {row.source for row in rows if "lateral" in row.name} == {"new"}
    assert {row.name: row.padded for row in rows if row.padded} == {
        "backbone.rgb_path.layer3.0.conv1.conv.weight": 16,
        "backbone.rgb_path.layer3.0.downsample.conv.weight": 16,
        "backbone.rgb_path.layer4.0.conv1.conv.weight": 32,
        "backbone.rgb_path.layer4.0.downsample.conv.weight": 32,
        "backbone.pose_path.layer2.0.conv1.conv.weight": 4,
        "backbone.pose_path.layer2.0.downsample.conv.weight": 4,
        "backbone.pose_path.layer3.0.conv1.conv.weight": 8,
        "backbone.pose_path.layer3.0.downsample.conv.weight": 8,
    }


def test_laterals_wake_up_after_the_first_step(two):
    joint = small()
    merge(joint, *two)
    optimizer = torch.optim.SGD(joint.parameters(), lr=0.1)
    lateral = joint.backbone.rgb_path.layer2_lateral.conv.weight
    seen = []
    for _ in range(2):
        optimizer.zero_grad()
        joint.train()(*batch()).logits["rgb"][:, 0].sum().backward()
        seen.append(float(lateral.grad.abs().sum()))
        optimizer.step()
    assert seen[0] == 0 < seen[1]


def test_the_sizes_are_read_from_the_checkpoints(two):
    config, classes = sizes(*two)
    assert (config.keypoints, config.rgb_channels, config.pose_channels, classes) == (5, 8, 4, 3)
    assert (config.blocks, config.pose_blocks, config.coarse) == ((1, 1, 1, 1), (1, 1, 1), False)


def test_two_of_the_same_stream_are_refused(two):
    with pytest.raises(CannotMerge, match="pose stream alone"):
        merge(small(), two[0], two[0])


def test_other_sizes_and_lost_tensors_are_refused_and_nothing_is_filled(two, tmp_path):
    joint = small()
    before = joint.state_dict()["backbone.rgb_path.conv1.conv.weight"].clone()
    with pytest.raises(CannotMerge, match="was it trained with other sizes"):
        merge(small(pose_channels=8), *two)
    state = shaken("pose")
    del state["backbone.layer3.0.conv2.conv.weight"]
    with pytest.raises(CannotMerge, match=r"it lacks backbone\.pose_path\.layer3"):
        merge(joint, two[0], saved(tmp_path / "cut.pth", state))
    assert torch.equal(joint.state_dict()["backbone.rgb_path.conv1.conv.weight"], before)
