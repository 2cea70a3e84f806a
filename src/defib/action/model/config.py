"""Every size of the network. The defaults are RGBPoseConv3D as mmaction2 trains it (36.1 M parameters at 60 classes)."""

from __future__ import annotations

from typing import Literal

import msgspec

from defib.action.errors.model import ModelMisfit
from defib.words import Words, same

Stream = Literal["rgb", "pose"]
BLOCKS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}
"""Residual blocks of the four RGB stages by depth (He et al., CVPR 2016, Table 1)."""
NO_STREAM = Words(en="rgb, pose or both", zh="rgb、pose 或两者")
A_SHARE = Words(en="a share from 0 to 1", zh="0 到 1 之间的比例")
STAGES = Words(en="{count} stages of at least one block", zh="{count} 个阶段，每个至少一个块")


class PrototypeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The prototypes of PCAN (Li et al., AAAI 2025, section 3)."""

    fine_channels: int = 256
    coarse_channels: int = 128
    momentum: float = 0.9
    """The paper's rho: what an update leaves of the prototype."""
    rectify_rgb: float = 0.0
    """Weight of the cosine to the prototypes added to the fine RGB scores when predicting; the paper has 1."""
    rectify_pose: float = 0.0
    """The same for pose; the paper has 5. Both are off by default: nobody has published what they bring."""


class ModelConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sizes of RGBPoseConv3D (Duan et al., CVPR 2022; mmaction2's rgbpose_conv3d).

    Raises ModelMisfit for sizes that make no network.
    """

    streams: tuple[Stream, ...] = ("rgb", "pose")
    """One stream is the same code without laterals."""
    depth: Literal[50, 101] = 50
    """Of the RGB pathway."""
    keypoints: int = 17
    """Channels of the heatmaps."""
    rgb_channels: int = 64
    """After the stem."""
    pose_channels: int = 32
    rgb_blocks: tuple[int, ...] | None = None
    """Residual blocks of each RGB stage; those of `depth` by default."""
    pose_blocks: tuple[int, ...] = (4, 6, 3)
    frames_ratio: int = 4
    """Pose frames for one RGB frame."""
    laterals: bool = True
    lateral_kernel: int = 7
    """In time."""
    rgb_detach: bool = False
    """No gradient from RGB into the pose pathway."""
    pose_detach: bool = False
    rgb_drop_path: float = 0.0
    """How often RGB trains without what comes from pose, for a whole batch."""
    pose_drop_path: float = 0.0
    interaction: bool = False
    """PCAN's cross-attention at both laterals, gated by a weight that starts at zero."""
    coarse: bool = False
    """A head for the groups beside that for the classes."""
    dropout: float = 0.5
    norm: Literal["batch", "frozen", "sync"] = "batch"
    """`frozen`: BatchNorm keeps the statistics that were loaded; `sync`: they are those of all processes."""
    prototypes: PrototypeConfig | None = None

    def __post_init__(self) -> None:
        """Refuse sizes that make no network."""
        if not self.streams or len(set(self.streams)) != len(self.streams):
            raise ModelMisfit(key="model.streams", expected=NO_STREAM, found=list(self.streams))
        for key in ("rgb_drop_path", "pose_drop_path", "dropout"):
            value = getattr(self, key)
            if not 0 <= value <= 1:
                raise ModelMisfit(key=f"model.{key}", expected=A_SHARE, found=value)
        for key in ("keypoints", "rgb_channels", "pose_channels", "frames_ratio", "lateral_kernel"):
            value = getattr(self, key)
            if value < 1:
                raise ModelMisfit(key=f"model.{key}", expected=same("> 0"), found=value)
        for key, blocks, count in (("rgb_blocks", self.blocks, 4), ("pose_blocks", self.pose_blocks, 3)):
            if len(blocks) != count or min(blocks) < 1:
                raise ModelMisfit(key=f"model.{key}", expected=STAGES.fill(count=count), found=list(blocks))
        if self.prototypes is not None and not self.coarse:
            raise ModelMisfit(key="model.coarse", expected=same("true"), found="false, prototypes")

    @property
    def blocks(self) -> tuple[int, ...]:
        """Residual blocks of the RGB stages."""
        return BLOCKS[self.depth] if self.rgb_blocks is None else self.rgb_blocks

    @property
    def joined(self) -> bool:
        """Whether two streams exchange features."""
        return self.laterals and len(self.streams) == 2  # noqa: PLR2004 (two streams)

    @property
    def branches(self) -> tuple[str, ...]:
        """Every head: `rgb`, `pose`, then their coarse ones.

        >>> ModelConfig(coarse=True).branches
        ('rgb', 'pose', 'rgb_coarse', 'pose_coarse')
        """
        return (*self.streams, *(f"{stream}_coarse" for stream in self.streams if self.coarse))
