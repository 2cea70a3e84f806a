"""Checkpoints in the layout of PCAN's published code fill a network of ours, and it computes what the published one does.

The tensors are made up; the published file itself was not at hand.
"""

import torch
from torch.nn import functional

from defib.action.model.config import PrototypeConfig
from defib.action.model.initialise import initialise
from defib.action.model.interaction import Interaction
from defib.action.model.layouts import translated
from defib.action.model.test_rgbpose import batch, small

RGB, POSE, RATIO = 6, 4, 4
PROTOTYPES = PrototypeConfig(fine_channels=5, coarse_channels=3)


def attention(rgb, pose, ratio, place):
    """An attention under the published names, filled at random."""
    sizes = {
        "conv1": (pose, rgb, 1, 1, 1),
        "conv2": (pose, pose, ratio, 1, 1),
        "conv4": (rgb, pose, 1, 1, 1),
        "conv5": (pose, pose, ratio, 1, 1),
    }
    sizes |= {
        f"{way}_cross_attn.{part}": (pose, pose)
        for way in ("rgb", "skt")
        for part in ("q_proj", "k_proj", "v_proj", "fc")
    }
    made = {}
    for name, size in sizes.items():
        made[f"{place}.{name}.weight"] = torch.randn(size)
        made[f"{place}.{name}.bias"] = torch.randn(size[1] if name == "conv5" else size[0])
    return made


def published(state, rgb, pose, heads):
    """The formula of the published FeatureInteraction, written out."""

    def linear(name, x):
        return functional.linear(x, state[f"{name}.weight"], state[f"{name}.bias"])

    def attend(name, x, y):
        query, key, value = (
            linear(f"{name}.{part}_proj", z).unflatten(-1, (heads, -1)).transpose(1, 2)
            for part, z in (("q", x), ("k", y), ("v", y))
        )
        weight = (query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5).softmax(-1)
        return linear(f"{name}.fc", (weight @ value).transpose(1, 2).flatten(-2))

    def tokens(x):
        return x.amax((3, 4)).transpose(1, 2)

    def spread(x):
        return x.transpose(1, 2)[..., None, None]

    seen_rgb = tokens(functional.conv3d(rgb, state["conv1.weight"], state["conv1.bias"]))
    seen_pose = tokens(functional.conv3d(pose, state["conv2.weight"], state["conv2.bias"], stride=(RATIO, 1, 1)))
    seen_rgb = attend("rgb_cross_attn", seen_rgb, seen_pose)
    seen_pose = attend("skt_cross_attn", seen_pose, seen_rgb)
    rgb_gate = functional.conv3d(spread(seen_rgb), state["conv4.weight"], state["conv4.bias"])
    pose_gate = functional.conv_transpose3d(
        spread(seen_pose), state["conv5.weight"], state["conv5.bias"], stride=(RATIO, 1, 1)
    )
    return rgb * (1 + rgb_gate), pose * (1 + pose_gate)


def of_pcan():
    """A whole checkpoint in the published layout: ours with its own parts renamed. The coarse prototypes are not in it."""
    torch.manual_seed(5)
    model = small(coarse=True, interaction=True, prototypes=PROTOTYPES).eval()
    for value in model.state_dict().values():
        if value.is_floating_point():
            value.add_(0.1)
    state = {
        name: value
        for name, value in model.state_dict().items()
        if not name.startswith(("prototypes.", "backbone.interaction"))
    }
    for number in (1, 2):
        part = model.backbone.get_submodule(f"interaction{number}")
        rgb, pose = part.grow_rgb.out_features, part.grow_rgb.in_features
        state |= attention(rgb, pose, RATIO, f"backbone.featuredifference{number + 1}")
    for branch, bank in model.banks.items():
        stream, _, level = branch.partition("_")
        place = f"cls_head.fr_{'coarse_' if level else ''}{stream}.spatio_cl_net"
        state[f"{place}.cl_fc.weight"] = bank.project.weight.detach()
        state[f"{place}.cl_fc.bias"] = bank.project.bias.detach()
        if not level:
            state[f"{place}.avg_f"] = bank.centres.T
    return model, state


def test_the_published_attention_is_ours_with_open_gates():
    torch.manual_seed(3)
    state = {name: x.double() for name, x in attention(RGB, POSE, RATIO, "backbone.featuredifference3").items()}
    ours = Interaction(RGB, POSE, RATIO).double()
    place = "backbone.interaction2."
    ours.load_state_dict({name.removeprefix(place): value for name, value in translated(state).items()})  # all of them
    rgb, pose = torch.randn(2, RGB, 3, 5, 5).double(), torch.randn(2, POSE, 3 * RATIO, 5, 5).double()
    stripped = {name.removeprefix("backbone.featuredifference3."): value for name, value in state.items()}
    for found, wanted in zip(ours(rgb, pose), published(stripped, rgb, pose, heads=POSE), strict=True):
        torch.testing.assert_close(found, wanted, rtol=1e-9, atol=1e-9)


def test_a_published_checkpoint_fills_all_but_the_coarse_prototypes(tmp_path):
    source, state = of_pcan()
    torch.save({"state_dict": state}, tmp_path / "pcan.pth")
    model = small(coarse=True, interaction=True, prototypes=PROTOTYPES).eval()
    filled = initialise(model, tmp_path / "pcan.pth")
    assert filled.missing == ("prototypes.rgb_coarse.centres", "prototypes.pose_coarse.centres")
    assert (filled.unexpected, filled.resized) == ((), ())
    torch.testing.assert_close(model.banks["pose"].centres, source.banks["pose"].centres)
    assert model.backbone.interaction1.gate_rgb.item() == 1.0


def test_a_checkpoint_without_the_attention_leaves_it_shut(tmp_path):
    _, state = of_pcan()
    plain = {name: value for name, value in state.items() if "featuredifference" not in name}
    torch.save({"state_dict": plain}, tmp_path / "pcan.pth")
    model = small(coarse=True, interaction=True, prototypes=PROTOTYPES).eval()
    initialise(model, tmp_path / "pcan.pth", least=0)
    without = small(coarse=True, prototypes=PROTOTYPES).eval()
    initialise(without, tmp_path / "pcan.pth", least=0)
    torch.testing.assert_close(model(*batch()).logits, without(*batch()).logits)


def test_half_an_attention_is_missing_and_not_made_up():
    state = attention(RGB, POSE, RATIO, "backbone.featuredifference2")
    del state["backbone.featuredifference2.rgb_cross_attn.k_proj.weight"]
    found = translated(state)
    assert "backbone.interaction1.to_rgb.in_proj_weight" not in found
    assert "backbone.interaction1.to_pose.in_proj_weight" in found


def test_other_checkpoints_are_left_as_they_are():
    state = small(coarse=True, interaction=True, prototypes=PROTOTYPES).state_dict()
    assert translated(state).keys() == state.keys()
