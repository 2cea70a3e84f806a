"""mmaction2's own RGBPoseConv3D, imported from its wheel with stand-ins for what does not install beside today's torch.

Only here in the bench: mmcv (its ConvModule is convolution, norm, activation) and the registries are stood in for, so
that the module's own code runs unchanged. `pip download mmaction2==1.2.0 --no-deps`, then name the wheel.
"""

from __future__ import annotations

import importlib.util
import sys
import types
import zipfile
from typing import TYPE_CHECKING, Any

from torch import nn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILES = ("resnet3d.py", "resnet3d_slowfast.py", "rgbposeconv3d.py")
WITHIN = "mmaction/models/backbones"


class _Registry:
    """Takes every class and gives it back."""

    def register_module(self, *_: Any, **__: Any) -> Any:  # noqa: ANN401
        return lambda kind: kind

    def build(self, config: Mapping[str, Any]) -> Any:  # noqa: ANN401, ARG002
        return None


class _ConvModule(nn.Module):
    """mmcv.cnn.ConvModule as these files use it."""

    def __init__(self, inside: int, outside: int, kernel_size: Any, **given: Any) -> None:  # noqa: ANN401
        super().__init__()
        known = {key: given[key] for key in ("stride", "padding", "dilation", "bias") if key in given}
        self.conv = nn.Conv3d(inside, outside, kernel_size, **known)
        self.bn = nn.BatchNorm3d(outside) if given.get("norm_cfg") else nn.Identity()
        self.activate = nn.ReLU(inplace=True) if given.get("act_cfg") else nn.Identity()

    def forward(self, x: Any) -> Any:  # noqa: ANN401
        return self.activate(self.bn(self.conv(x)))


def backbone(wheel: Path, folder: Path, **changes: Any) -> nn.Module:  # noqa: ANN401
    """mmaction2's backbone with the sizes of its rgbpose_conv3d config.

    wheel: mmaction2-1.2.0-py2.py3-none-any.whl; folder: where its three files are put.
    changes: of the constructor's arguments.
    """
    with zipfile.ZipFile(wheel) as packed:
        for name in FILES:
            (folder / name).write_bytes(packed.read(f"{WITHIN}/{name}"))
    _stand_ins()
    package = types.ModuleType("stock_mmaction")
    package.__path__ = [str(folder)]
    sys.modules["stock_mmaction"] = package
    for name in FILES:
        found = importlib.util.spec_from_file_location(f"stock_mmaction.{name[:-3]}", folder / name)
        assert found is not None
        assert found.loader is not None
        module = importlib.util.module_from_spec(found)
        sys.modules[found.name] = module
        found.loader.exec_module(module)
    shared = {"lateral": True, "fusion_kernel": 7, "conv1_kernel": (1, 7, 7), "with_pool2": False}
    rgb = {
        "num_stages": 4,
        "lateral_infl": 1,
        "lateral_activate": [0, 0, 1, 1],
        "base_channels": 64,
        "inflate": (0, 0, 1, 1),
    }
    pose = {
        "num_stages": 3,
        "stage_blocks": (4, 6, 3),
        "lateral_inv": True,
        "lateral_infl": 16,
        "lateral_activate": (0, 1, 1),
        "in_channels": 17,
        "base_channels": 32,
        "out_indices": (2,),
        "conv1_stride_s": 1,
        "conv1_stride_t": 1,
        "pool1_stride_s": 1,
        "pool1_stride_t": 1,
        "inflate": (0, 1, 1),
        "spatial_strides": (2, 2, 2),
        "temporal_strides": (1, 1, 1),
        "dilations": (1, 1, 1),
    }
    kind = sys.modules["stock_mmaction.rgbposeconv3d"].RGBPoseConv3D
    made: nn.Module = kind(rgb_pathway={**shared, **rgb}, pose_pathway={**shared, **pose}, **changes)
    return made


def _stand_ins() -> None:
    """Modules of the names that the three files import, where they are not installed."""
    mmcv, cnn = types.ModuleType("mmcv"), types.ModuleType("mmcv.cnn")
    cnn.ConvModule = _ConvModule  # type: ignore[attr-defined]
    cnn.NonLocal3d = nn.Identity  # type: ignore[attr-defined]
    cnn.build_activation_layer = lambda _: nn.ReLU(inplace=True)  # type: ignore[attr-defined]
    mmaction, registry = types.ModuleType("mmaction"), types.ModuleType("mmaction.registry")
    registry.MODELS = _Registry()  # type: ignore[attr-defined]
    mmaction.registry = registry  # type: ignore[attr-defined]
    typing = types.ModuleType("mmaction.utils")
    typing.ConfigType = typing.OptConfigType = typing.OptMultiConfig = typing.SampleList = Any  # type: ignore[attr-defined]
    found = {
        "mmcv": mmcv,
        "mmcv.cnn": cnn,
        "mmaction": mmaction,
        "mmaction.registry": registry,
        "mmaction.utils": typing,
    }
    for name, module in found.items():
        sys.modules.setdefault(name, module)
