"""One 3D residual network over time, height and width; its names are those of mmaction2's checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Sequence

Triple = tuple[int, int, int]
EXPANSION = 4
"""Channels out of a bottleneck for each inside it."""
STEM: Triple = (1, 7, 7)


class Unit(nn.Module):
    """Convolution, BatchNorm and, unless it is left out, ReLU: mmcv's ConvModule, whose names (`conv`, `bn`) it keeps."""

    def __init__(
        self, inside: int, outside: int, kernel: Triple, stride: Triple = (1, 1, 1), *, relu: bool = True
    ) -> None:
        """Padding keeps the size; no bias, for BatchNorm has one."""
        super().__init__()
        padding = (kernel[0] // 2, kernel[1] // 2, kernel[2] // 2)
        self.conv = nn.Conv3d(inside, outside, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm3d(outside)
        self.activate = nn.ReLU(inplace=True) if relu else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """x: [N, inside, T, H, W]."""
        found: Tensor = self.activate(self.bn(self.conv(x)))
        return found


class Bottleneck(nn.Module):
    """1x1x1 (3x1x1 where it is inflated in time), 1x3x3 with the stride, 1x1x1 to four times the channels."""

    def __init__(self, inside: int, planes: int, stride: int, *, inflate: bool) -> None:
        """stride: in height and width."""
        super().__init__()
        outside, steps = planes * EXPANSION, (1, stride, stride)
        self.conv1 = Unit(inside, planes, (3, 1, 1) if inflate else (1, 1, 1))
        self.conv2 = Unit(planes, planes, (1, 3, 3), steps)
        self.conv3 = Unit(planes, outside, (1, 1, 1), relu=False)
        fits = stride == 1 and inside == outside
        self.downsample = None if fits else Unit(inside, outside, (1, 1, 1), steps, relu=False)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """x: [N, inside, T, H, W]."""
        around = x if self.downsample is None else self.downsample(x)
        found: Tensor = self.relu(self.conv3(self.conv2(self.conv1(x))) + around)
        return found


class Shape(NamedTuple):
    """What a pathway is made of."""

    channels_in: int
    channels: int
    """After the stem; stage s works on channels * 2^(s - 1) and gives four times as many."""
    blocks: tuple[int, ...]
    inflate: tuple[bool, ...]
    """For each stage, whether it looks along time."""
    strides: tuple[int, ...]
    stem_stride: int
    extra: tuple[int, ...]
    """Channels that a lateral adds in front of each stage."""

    def channels_out(self, stage: int) -> int:
        """Channels of what a stage gives, counted from 1."""
        return (self.channels << (stage - 1)) * EXPANSION


class Pathway(nn.Module):
    """A stem and stages `layer1`, `layer2`, ...; laterals are attached by the backbone under mmaction2's names."""

    def __init__(self, shape: Shape) -> None:
        """The stem pools by its stride as well."""
        super().__init__()
        step = (1, shape.stem_stride, shape.stem_stride)
        self.shape = shape
        self.conv1 = Unit(shape.channels_in, shape.channels, STEM, step)
        self.maxpool = nn.MaxPool3d((1, 3, 3), step, (0, 1, 1))
        inside = shape.channels
        for stage, count in enumerate(shape.blocks, 1):
            planes = shape.channels << (stage - 1)
            first = inside + shape.extra[stage - 1]
            inflate, stride = shape.inflate[stage - 1], shape.strides[stage - 1]
            inside = planes * EXPANSION
            rest = [Bottleneck(inside, planes, 1, inflate=inflate) for _ in range(count - 1)]
            self.add_module(f"layer{stage}", nn.Sequential(Bottleneck(first, planes, stride, inflate=inflate), *rest))

    def stem(self, x: Tensor) -> Tensor:
        """x: [N, channels_in, T, H, W] -> [N, channels, T, H / stride^2, W / stride^2]."""
        found: Tensor = self.maxpool(self.conv1(x))
        return found

    def stages(self, x: Tensor, numbers: Sequence[int]) -> Tensor:
        """Some stages one after the other, counted from 1."""
        for number in numbers:
            x = self.get_submodule(f"layer{number}")(x)
        return x


def start(module: nn.Module) -> None:
    """Random weights as mmaction2 draws them: He's normal over the outputs; the last norm of each block starts at zero.

    With it every residual block is the identity at first (Goyal et al., 2017, section 5.1).
    """
    for part in module.modules():
        if isinstance(part, nn.Conv3d):
            nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(part, nn.BatchNorm3d):
            nn.init.ones_(part.weight)
            nn.init.zeros_(part.bias)
    for part in module.modules():
        if isinstance(part, Bottleneck):
            nn.init.zeros_(part.conv3.bn.weight)
