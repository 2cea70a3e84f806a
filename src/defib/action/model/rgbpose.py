"""RGBPoseConv3D: a slow RGB and a fast pose pathway that exchange features at two places (Duan et al., CVPR 2022)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from defib.action.errors.model import ModelMisfit
from defib.action.model.interaction import Interaction
from defib.action.model.pathway import Pathway, Shape, start
from defib.words import Words

if TYPE_CHECKING:
    from defib.action.model.config import ModelConfig

RGB_IN = 3
LATERAL = {"rgb": 4, "pose": 16}
"""RGB's channels divided by this are what a lateral into RGB, into pose has (mmaction2's channel_ratio, lateral_infl)."""
KEYPOINTS = Words(en="{wanted} keypoints (model.keypoints)", zh="{wanted} 个关节点（model.keypoints）")
FRAMES = Words(en="{ratio} times the RGB frames ({wanted})", zh="RGB 帧数的 {ratio} 倍（{wanted}）")


class IntoRgb(nn.Module):
    """Pose features for the RGB pathway: a convolution in time with the stride of the frame ratio, nothing behind it."""

    def __init__(self, inside: int, outside: int, kernel: int, ratio: int) -> None:
        """Named as mmaction2 names it."""
        super().__init__()
        self.conv = nn.Conv3d(inside, outside, (kernel, 1, 1), (ratio, 1, 1), (kernel // 2, 0, 0), bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """[N, inside, ratio * T, H, W] -> [N, outside, T, H, W]."""
        found: Tensor = self.conv(x)
        return found


class IntoPose(nn.Module):
    """RGB features for the pose pathway: a transposed convolution in time, BatchNorm, ReLU."""

    def __init__(self, inside: int, outside: int, kernel: int, ratio: int) -> None:
        """Named as mmaction2 names it."""
        super().__init__()
        self.ratio = ratio
        self.conv = nn.ConvTranspose3d(inside, outside, (kernel, 1, 1), (ratio, 1, 1), (kernel // 2, 0, 0), bias=False)
        self.bn = nn.BatchNorm3d(outside)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """[N, inside, T, H, W] -> [N, outside, ratio * T, H, W]."""
        size = [x.shape[2] * self.ratio, x.shape[3], x.shape[4]]
        found: Tensor = self.relu(self.bn(self.conv(x, output_size=size)))
        return found


class RGBPoseConv3D(nn.Module):
    """Both pathways, or one of them; `rgb_path`, `pose_path` and all below are named as in mmaction2."""

    def __init__(self, config: ModelConfig) -> None:
        """A pathway that is not among the streams is not there."""
        super().__init__()
        self.config = config
        rgb, pose = _shapes(config)
        if "rgb" in config.streams:
            self.rgb_path = Pathway(rgb)
        if "pose" in config.streams:
            self.pose_path = Pathway(pose)
        for part in self.children():
            start(part)
        if config.joined:
            sizes = (config.lateral_kernel, config.frames_ratio)
            for stage in (2, 3):
                into_rgb = IntoRgb(pose.channels_out(stage - 1), rgb.extra[stage], *sizes)
                into_pose = IntoPose(rgb.channels_out(stage), pose.extra[stage - 1], *sizes)
                start(into_rgb)
                self.rgb_path.add_module(f"layer{stage}_lateral", into_rgb)
                self.pose_path.add_module(f"layer{stage - 1}_lateral", into_pose)
        if config.joined and config.interaction:
            self.interaction1 = Interaction(rgb.channels_out(2), pose.channels_out(1), config.frames_ratio)
            self.interaction2 = Interaction(rgb.channels_out(3), pose.channels_out(2), config.frames_ratio)

    @property
    def channels(self) -> dict[str, int]:
        """Channels of the features of each stream."""
        rgb, pose = _shapes(self.config)
        found = {"rgb": rgb.channels_out(4), "pose": pose.channels_out(3)}
        return {stream: found[stream] for stream in self.config.streams}

    def forward(self, rgb: Tensor | None = None, pose: Tensor | None = None) -> dict[str, Tensor]:
        """Feature maps of each stream.

        rgb: [N, 3, T, H, W]; pose: [N, keypoints, ratio * T, h, w], with h = H / 4 so that both meet at one size.

        Raises ModelMisfit when an input is missing, or has other frames or keypoints.
        """
        given = {"rgb": rgb, "pose": pose}
        inputs: dict[str, Tensor] = {}
        for stream in self.config.streams:
            x = given[stream]
            if x is None:
                raise ModelMisfit(key=stream, expected="[N, C, T, H, W]", found="-")
            if stream == "pose" and x.shape[1] != self.config.keypoints:
                raise ModelMisfit(key=stream, expected=KEYPOINTS.fill(wanted=self.config.keypoints), found=x.shape[1])
            inputs[stream] = x
        if not self.config.joined:
            return {stream: self._alone(stream, x) for stream, x in inputs.items()}
        return self._together(inputs["rgb"], inputs["pose"])

    def _alone(self, stream: str, x: Tensor) -> Tensor:
        path = self.rgb_path if stream == "rgb" else self.pose_path
        return path.stages(path.stem(x), range(1, len(path.shape.blocks) + 1))

    def _together(self, rgb: Tensor, pose: Tensor) -> dict[str, Tensor]:
        wanted = rgb.shape[2] * self.config.frames_ratio
        if pose.shape[2] != wanted:
            expected = FRAMES.fill(ratio=self.config.frames_ratio, wanted=wanted)
            raise ModelMisfit(key="pose", expected=expected, found=pose.shape[2])
        drop_rgb, drop_pose = self._dropped(self.config.rgb_drop_path), self._dropped(self.config.pose_drop_path)
        rgb = self.rgb_path.stages(self.rgb_path.stem(rgb), (1, 2))
        pose = self.pose_path.stages(self.pose_path.stem(pose), (1,))
        for stage in (2, 3):
            to_rgb = self._lateral(self.rgb_path, stage, pose, detach=self.config.rgb_detach, drop=drop_rgb)
            to_pose = self._lateral(self.pose_path, stage - 1, rgb, detach=self.config.pose_detach, drop=drop_pose)
            if self.config.interaction:  # the laterals carry the features from before it, as in the published code
                rgb, pose = self.get_submodule(f"interaction{stage - 1}")(rgb, pose)
            rgb = self.rgb_path.stages(torch.cat((rgb, to_rgb), 1), (stage + 1,))
            pose = self.pose_path.stages(torch.cat((pose, to_pose), 1), (stage,))
        return {"rgb": rgb, "pose": pose}

    def _dropped(self, share: float) -> bool:
        """Whether a lateral is left out of this batch: one draw a batch, from torch's own generator."""
        return self.training and share > 0 and bool(torch.rand(()) < share)

    @staticmethod
    def _lateral(path: Pathway, stage: int, x: Tensor, *, detach: bool, drop: bool) -> Tensor:
        found: Tensor = path.get_submodule(f"layer{stage}_lateral")(x.detach() if detach else x)
        return torch.zeros_like(found) if drop else found


def _shapes(config: ModelConfig) -> tuple[Shape, Shape]:
    """The two pathways: RGB is strided four times in space before its stages, pose twice within its first."""
    wide = config.rgb_channels * 4
    into_rgb = (0, 0, wide * 2 // LATERAL["rgb"], wide * 4 // LATERAL["rgb"]) if config.joined else (0, 0, 0, 0)
    into_pose = (0, wide * 2 // LATERAL["pose"], wide * 4 // LATERAL["pose"]) if config.joined else (0, 0, 0)
    return (
        Shape(RGB_IN, config.rgb_channels, config.blocks, (False, False, True, True), (1, 2, 2, 2), 2, into_rgb),
        Shape(config.keypoints, config.pose_channels, config.pose_blocks, (False, True, True), (2, 2, 2), 1, into_pose),
    )
