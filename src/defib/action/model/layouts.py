"""Names of tensors in other people's checkpoints, as ours.

mmaction2 and pyskl: the joint network has our names; a single stream has `backbone.*` and `cls_head.fc_cls`. PCAN: our
names too, prototypes as `cls_head.*.avg_f` of [channels, K] and their projection as `cl_fc`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

ALONE = re.compile(r"backbone\.(?=(?:conv1|layer\d)\.)")
"""A single stream of mmaction2 has no `rgb_path` or `pose_path` in its names."""


def translated(found: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of a checkpoint under our names."""
    stream = _stream(found)
    if stream is not None:
        found = {single(name, stream): value for name, value in found.items()}
    return dict(found)


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
