"""The merged network answers as its two streams did."""

import pytest
import torch

from defib.action.errors.model import CannotMerge
from defib.action.model.initialise import initialise
from defib.action.model.merge import merge, opened, sizes, taxonomy_for
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
    rows = merge(joint, opened(*two))
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
    merge(joint, opened(*two))
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
    config = sizes(opened(*two))
    assert (config.keypoints, config.rgb_channels, config.pose_channels) == (5, 8, 4)
    assert (config.blocks, config.pose_blocks, config.coarse) == ((1, 1, 1, 1), (1, 1, 1), False)


def test_two_of_the_same_stream_are_refused(two):
    with pytest.raises(CannotMerge, match="pose stream alone"):
        opened(two[0], two[0])


def test_other_sizes_and_lost_tensors_are_refused_and_nothing_is_filled(two, tmp_path):
    joint = small()
    before = joint.state_dict()["backbone.rgb_path.conv1.conv.weight"].clone()
    with pytest.raises(CannotMerge, match="was it trained with other sizes"):
        merge(small(pose_channels=8), opened(*two))
    state = shaken("pose")
    del state["backbone.layer3.0.conv2.conv.weight"]
    with pytest.raises(CannotMerge, match=r"it lacks backbone\.pose_path\.layer3"):
        merge(joint, opened(two[0], saved(tmp_path / "cut.pth", state)))
    assert torch.equal(joint.state_dict()["backbone.rgb_path.conv1.conv.weight"], before)


def test_each_checkpoint_is_read_once(two):
    streams = opened(*two)
    for path in two:
        path.unlink()
    joint = small()
    assert sizes(streams).keypoints == joint.config.keypoints
    assert {row.source for row in merge(joint, streams)} == {"rgb", "pose", "new"}


@pytest.mark.parametrize(("classes", "groups", "name"), [(60, None, "ntu60"), (60, 8, "ntu60_tree8"), (52, 7, "ma52")])
def test_the_taxonomy_is_that_of_the_heads_sizes(two, classes, groups, name):
    streams = opened(*two)
    streams.rgb["cls_head.fc_rgb.weight"] = torch.zeros(classes, 4)
    if groups is not None:
        streams.rgb["cls_head.fc_rgb_coarse.weight"] = torch.zeros(groups, 4)
    assert taxonomy_for(streams) == name


def test_sizes_that_no_taxonomy_has_and_a_missing_head_are_refused(two):
    streams = opened(*two)
    with pytest.raises(CannotMerge, match="3 classes and 0 groups") as refused:
        taxonomy_for(streams)
    assert "3 个类别、0 个组" in refused.value.words.zh
    del streams.rgb["cls_head.fc_rgb.weight"]
    with pytest.raises(CannotMerge, match=r"it lacks cls_head\.fc_rgb"):
        taxonomy_for(streams)
