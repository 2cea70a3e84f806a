"""PCAN's exchange of features by attention, kept out of the way until training opens it.

The published code's FeatureInteraction multiplies pre-trained features by random numbers at the first step; here each way
has a gate that starts at zero, so that the network begins as the merged one. With both gates at one it is the published
module, for any number of frames.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

HEADS = 8


class Interaction(nn.Module):
    """Cross-attention between the two streams over time: `x + x * gate * attended`, each way (PCAN's FeatureInteraction)."""

    def __init__(self, rgb: int, pose: int, ratio: int) -> None:
        """rgb, pose: channels of the two feature maps; ratio: pose frames for one RGB frame."""
        super().__init__()
        self.shrink_rgb = nn.Conv3d(rgb, pose, 1)
        self.shrink_pose = nn.Conv3d(pose, pose, (ratio, 1, 1), (ratio, 1, 1))
        heads = next(count for count in (HEADS, 4, 2, 1) if pose % count == 0)
        self.to_rgb = nn.MultiheadAttention(pose, heads, batch_first=True)
        self.to_pose = nn.MultiheadAttention(pose, heads, batch_first=True)
        self.grow_rgb = nn.Linear(pose, rgb)
        self.grow_pose = nn.ConvTranspose3d(pose, pose, (ratio, 1, 1), (ratio, 1, 1))
        self.gate_rgb = nn.Parameter(torch.zeros(()))
        self.gate_pose = nn.Parameter(torch.zeros(()))

    def forward(self, rgb: Tensor, pose: Tensor) -> tuple[Tensor, Tensor]:
        """rgb: [N, rgb, T, H, W], pose: [N, pose, ratio * T, h, w]; both keep their shapes."""
        seen_rgb, seen_pose = _frames(self.shrink_rgb(rgb)), _frames(self.shrink_pose(pose))
        into_rgb, _ = self.to_rgb(seen_rgb, seen_pose, seen_pose, need_weights=False)
        into_pose, _ = self.to_pose(seen_pose, into_rgb, into_rgb, need_weights=False)  # what RGB has just taken up
        rgb = rgb + rgb * self.gate_rgb * _spread(self.grow_rgb(into_rgb))
        return rgb, pose + pose * self.gate_pose * self.grow_pose(_spread(into_pose))


def _frames(x: Tensor) -> Tensor:
    """[N, C, T, H, W] -> [N, T, C]: the strongest response of each frame."""
    return x.amax((3, 4)).transpose(1, 2)


def _spread(x: Tensor) -> Tensor:
    """[N, T, C] -> [N, C, T, 1, 1]."""
    return x.transpose(1, 2)[..., None, None]
