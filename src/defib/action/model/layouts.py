"""Names of tensors in other people's checkpoints, as ours.

mmaction2 and pyskl: the joint network has our names; a single stream has `backbone.*` and `cls_head.fc_cls`. PCAN's
published code: our names for pathways, laterals and classifiers; prototypes are `cls_head.fr_*.spatio_cl_net.avg_f` of
[channels, K] with a projection `cl_fc` (the coarse ones keep only the projection: their prototypes are a plain tensor,
which no checkpoint holds), the attention is `backbone.featuredifference2` and `3`. Tried on tensors that the published
module definitions make; the published file itself was not at hand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

ALONE = re.compile(r"backbone\.(?=(?:conv1|layer\d)\.)")
"""A single stream of mmaction2 has no `rgb_path` or `pose_path` in its names."""
PROTOTYPES = re.compile(r"cls_head\.fr_(?P<coarse>coarse_)?(?P<stream>rgb|pose)\.spatio_cl_net\.(?P<rest>.+)")
ATTENTION = re.compile(r"backbone\.featuredifference(?P<stage>[23])\.(?P<rest>.+)")
PARTS = {
    "conv1": "shrink_rgb",
    "conv2": "shrink_pose",
    "conv4": "grow_rgb",
    "conv5": "grow_pose",
    "rgb_cross_attn": "to_rgb",
    "skt_cross_attn": "to_pose",
}
"""PCAN's names of what an attention consists of, and ours."""


def translated(found: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of a checkpoint under our names."""
    stream = _stream(found)
    if stream is not None:
        found = {single(name, stream): value for name, value in found.items()}
    return _of_pcan(found)


def single(name: str, stream: str) -> str:
    """The name of a tensor of a single-stream checkpoint.

    >>> single("backbone.layer1.0.conv1.conv.weight", "rgb"), single("cls_head.fc_cls.bias", "pose")
    ('backbone.rgb_path.layer1.0.conv1.conv.weight', 'cls_head.fc_pose.bias')
    """
    name = ALONE.sub(f"backbone.{stream}_path.", name)
    return name.replace("cls_head.fc_cls.", f"cls_head.fc_{stream}.")


def _stream(found: Mapping[str, Tensor]) -> str | None:
    """Which stream a checkpoint of one stream is of: RGB has three channels in. None for any other checkpoint."""
    stem = found.get("backbone.conv1.conv.weight")
    if stem is None:
        return None
    return "rgb" if stem.shape[1] == 3 else "pose"  # noqa: PLR2004 (red, green, blue)


def _of_pcan(found: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """PCAN's names as ours; every other name stays."""
    made: dict[str, Tensor] = {}
    stacked: dict[str, dict[str, Tensor]] = {}
    for name, value in found.items():
        if (held := PROTOTYPES.match(name)) is not None:
            branch = f"prototypes.{held['stream']}{'_coarse' if held['coarse'] else ''}"
            if held["rest"] == "avg_f":
                made[f"{branch}.centres"] = value.T.contiguous()
            else:
                made[f"{branch}.{held['rest'].replace('cl_fc.', 'project.')}"] = value
        elif (held := ATTENTION.match(name)) is not None:
            _attention(f"backbone.interaction{int(held['stage']) - 1}", held["rest"], value, made, stacked)
        else:
            made[name] = value
    made.update(
        (name, torch.cat([parts[key] for key in "qkv"])) for name, parts in stacked.items() if len(parts) == len("qkv")
    )
    return made


def _attention(
    place: str, name: str, value: Tensor, made: dict[str, Tensor], stacked: dict[str, dict[str, Tensor]]
) -> None:
    """One tensor of an attention; its three projections are one tensor of ours, put together when all are there."""
    part, _, rest = name.partition(".")
    ours = f"{place}.{PARTS.get(part, part)}"
    if part == "conv4" and rest == "weight":
        made[f"{ours}.weight"] = value.flatten(1)  # over one place, a convolution is a linear map
    elif rest[1:].startswith("_proj."):
        stacked.setdefault(f"{ours}.in_proj_{rest.partition('.')[2]}", {})[rest[0]] = value
    else:
        made[f"{ours}.{rest.replace('fc.', 'out_proj.')}"] = value
    way = {"conv4": "gate_rgb", "conv5": "gate_pose"}.get(part)
    if way is not None:
        made[f"{place}.{way}"] = torch.ones(())  # the published module has no gate: it is always open
