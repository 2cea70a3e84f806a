"""The network has mmaction2's size and names, and two streams that meet where they should."""

import pytest
import torch

from defib.action.errors.model import ModelMisfit
from defib.action.model import ModelConfig, Recognizer
from defib.action.model.initialise import count
from defib.action.taxonomy import Taxonomy, ntu60

THREE = Taxonomy("three", ("a", "b", "c"), ("x", "y"), (0, 0, 1))
SMALL = {"rgb_channels": 8, "pose_channels": 4, "rgb_blocks": (1, 1, 1, 1), "pose_blocks": (1, 1, 1), "keypoints": 5}
"""Channels that keep the network's proportions: a lateral from RGB fits with sixteen times fewer."""


def small(**changes):
    torch.manual_seed(0)
    return Recognizer(ModelConfig(**(SMALL | changes)), THREE)


def batch(size=2, frames=2):
    generator = torch.Generator().manual_seed(1)
    rgb = torch.randn(size, 3, frames, 32, 32, generator=generator)
    return rgb, torch.rand(size, 5, frames * 4, 8, 8, generator=generator)


def test_the_full_network_has_the_published_size():
    with torch.device("meta"):
        found = Recognizer(ModelConfig(), ntu60())
    assert round(count(found) / 1e6, 1) == 36.1
    assert round(count(found.backbone.pose_path) / 1e6, 1) == 2.6  # 2.07 and the laterals into it
    with torch.device("meta"):
        deep = Recognizer(ModelConfig(depth=101), ntu60())
    assert count(deep) > 1.4 * count(found)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("backbone.rgb_path.conv1.conv.weight", (64, 3, 1, 7, 7)),
        ("backbone.rgb_path.layer3.0.conv1.conv.weight", (256, 640, 3, 1, 1)),
        ("backbone.rgb_path.layer4.0.downsample.conv.weight", (2048, 1280, 1, 1, 1)),
        ("backbone.rgb_path.layer2_lateral.conv.weight", (128, 128, 7, 1, 1)),
        ("backbone.rgb_path.layer3_lateral.conv.weight", (256, 256, 7, 1, 1)),
        ("backbone.pose_path.conv1.bn.running_var", (32,)),
        ("backbone.pose_path.layer2.0.conv1.conv.weight", (64, 160, 3, 1, 1)),
        ("backbone.pose_path.layer3.0.downsample.conv.weight", (512, 320, 1, 1, 1)),
        ("backbone.pose_path.layer1_lateral.conv.weight", (512, 32, 7, 1, 1)),
        ("backbone.pose_path.layer2_lateral.bn.weight", (64,)),
        ("cls_head.fc_pose.weight", (60, 512)),
    ],
)
def test_tensors_are_called_as_in_mmaction2(name, shape):
    with torch.device("meta"):
        found = Recognizer(ModelConfig(), ntu60()).state_dict()
    assert tuple(found[name].shape) == shape


def test_every_branch_answers_without_labels():
    found = small(coarse=True).eval()(*batch())
    assert {branch: tuple(x.shape) for branch, x in found.logits.items()} == {
        "rgb": (2, 3),
        "pose": (2, 3),
        "rgb_coarse": (2, 2),
        "pose_coarse": (2, 2),
    }
    assert {stream: tuple(x.shape) for stream, x in found.features.items()} == {"rgb": (2, 256), "pose": (2, 64)}


@pytest.mark.parametrize("stream", ["rgb", "pose"])
def test_one_stream_is_the_same_code(stream):
    found = small(streams=(stream,)).eval()
    rgb, pose = batch()
    given = {"rgb": rgb} if stream == "rgb" else {"pose": pose}
    assert list(found(**given).logits) == [stream]
    assert not any("lateral" in name for name in found.state_dict())
    with pytest.raises(ModelMisfit):
        found(rgb=None, pose=None)


def gradient(model, stream, other):
    """How much of a stream's score depends on the other's pathway."""
    model.train()(*batch()).logits[stream].sum().backward()
    path = model.backbone.get_submodule(f"{other}_path")
    return sum(
        float(p.grad.abs().sum()) for name, p in path.named_parameters() if p.grad is not None and "lateral" not in name
    )


def opened(**changes):
    """A network whose residual blocks are no identities, so that everything reaches everything."""
    model = small(**changes)
    for part in model.modules():
        if isinstance(part, torch.nn.BatchNorm3d):
            torch.nn.init.ones_(part.weight)
    return model


@pytest.mark.parametrize(("stream", "other"), [("rgb", "pose"), ("pose", "rgb")])
def test_laterals_carry_gradients_unless_they_are_cut(stream, other):
    assert gradient(opened(), stream, other) > 0
    assert gradient(opened(**{f"{stream}_detach": True}), stream, other) == 0
    assert gradient(opened(**{f"{stream}_drop_path": 1.0}), stream, other) == 0
    assert gradient(opened(**{f"{other}_detach": True, f"{other}_drop_path": 1.0}), stream, other) > 0


def test_drop_path_is_for_training_only():
    model = opened(rgb_drop_path=1.0).eval()
    whole = opened().eval()
    assert torch.equal(model(*batch()).logits["rgb"], whole(*batch()).logits["rgb"])


def test_frames_that_do_not_fit_are_refused():
    rgb, pose = batch()
    with pytest.raises(ModelMisfit, match="4 times the RGB frames \\(8\\), found 7"):
        small()(rgb, pose[:, :, :7])


def test_other_keypoints_are_refused():
    rgb, pose = batch()
    with pytest.raises(ModelMisfit, match=r"5 keypoints \(model\.keypoints\), found 4") as refused:
        small()(rgb, pose[:, :4])
    assert "5 个关节点（model.keypoints）" in refused.value.words.zh


def test_clips_and_sizes_are_free():
    model = small().eval()
    assert model(*batch(1, frames=4)).logits["pose"].shape == (1, 3)
    rgb, pose = torch.randn(1, 3, 2, 64, 48), torch.rand(1, 5, 8, 16, 12)
    assert model(rgb, pose).logits["rgb"].shape == (1, 3)


def test_frozen_norms_keep_their_statistics():
    model = small(norm="frozen").train()
    before = model.backbone.rgb_path.conv1.bn.running_mean.clone()
    model(*batch())
    assert torch.equal(model.backbone.rgb_path.conv1.bn.running_mean, before)
    moving = small().train()
    moving(*batch())
    assert not torch.equal(moving.backbone.rgb_path.conv1.bn.running_mean, before)


def test_interaction_begins_as_if_it_were_not_there():
    plain, joined = small(), small(interaction=True)
    joined.load_state_dict(plain.state_dict(), strict=False)
    one, other = plain.eval()(*batch()), joined.eval()(*batch())
    assert all(torch.equal(one.logits[branch], other.logits[branch]) for branch in one.logits)
    joined.backbone.interaction1.gate_pose.data.fill_(1.0)
    assert not torch.equal(joined(*batch()).logits["pose"], one.logits["pose"])


def test_each_parameter_belongs_to_one_branch():
    model = small(coarse=True, interaction=True)
    found = model.branches()
    names = [name for branch in found.values() for name, _ in branch]
    assert sorted(names) == sorted(name for name, _ in model.named_parameters())
    assert "backbone.pose_path.layer1_lateral.conv.weight" in dict(found["pose"])
    assert "cls_head.fc_rgb_coarse.weight" in dict(found["rgb"])


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"streams": ()}, "model.streams"),
        ({"streams": ("rgb", "rgb")}, "model.streams"),
        ({"rgb_drop_path": 1.5}, "model.rgb_drop_path"),
        ({"keypoints": 0}, "model.keypoints"),
        ({"pose_blocks": (1, 1)}, "model.pose_blocks"),
    ],
)
def test_sizes_that_make_no_network_are_refused(changes, key):
    with pytest.raises(ModelMisfit, match=key):
        ModelConfig(**changes)
