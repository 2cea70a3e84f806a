"""One network from two trained streams, that at its first step answers exactly as the two did.

mmaction2's merge_pretrain: the weights of both streams, heads included; where a block now also takes a lateral's
channels, its weights for them are zero. The laterals themselves start at random and wake up as those zeros move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from defib.action.errors.model import CannotMerge
from defib.action.model.config import ModelConfig
from defib.action.model.initialise import weights_of
from defib.action.model.layouts import translated
from defib.action.naming import named
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from defib.action.model.recognizer import Recognizer

NOT_ONE = Words(
    en="expected a checkpoint of the {stream} stream alone, found one without backbone.conv1 or backbone.{stream}_path",
    zh="应为单独的 {stream} 流检查点，但其中没有 backbone.conv1 或 backbone.{stream}_path",
)
OTHER_SIZE = Words(
    en="{name} is {found}, the network wants {wanted}: was it trained with other sizes?",
    zh="{name} 的形状为 {found}，网络需要 {wanted}：训练时的尺寸是否不同？",
)
WHICH = Words(
    en="it has {classes} classes and {groups} groups, which no taxonomy of ours has: name one with --taxonomy",
    zh="它有 {classes} 个类别、{groups} 个组，没有与之对应的内置分类体系：请用 --taxonomy 指明",
)
FINE, COARSE = "cls_head.fc_rgb.weight", "cls_head.fc_rgb_coarse.weight"
LACKS = Words(en="it lacks {name}", zh="缺少 {name}")


class Row(NamedTuple):
    """One tensor of the merged network."""

    name: str
    shape: tuple[int, ...]
    source: str
    """`rgb`, `pose`, or `new` for what starts at random."""
    padded: int
    """Input channels that were added as zeros."""


class Streams(NamedTuple):
    """Two checkpoints of one stream each, read once."""

    paths: dict[str, Path]
    rgb: dict[str, Tensor]
    pose: dict[str, Tensor]


def opened(rgb: Path, pose: Path) -> Streams:
    """The tensors of two checkpoints under the names of the joint network.

    Raises WeightsUnreadable, CannotMerge.
    """
    return Streams({"rgb": rgb, "pose": pose}, _stream(rgb, "rgb"), _stream(pose, "pose"))


def merge(recognizer: Recognizer, streams: Streams) -> list[Row]:
    """Fill a recognizer of two streams from two checkpoints of one.

    Returns what every tensor came from.

    Raises CannotMerge; then nothing was filled.
    """
    found = {**streams.rgb, **streams.pose}
    rows, filled = list[Row](), dict[str, Tensor]()
    for name, value in recognizer.state_dict().items():
        wanted, stream = tuple(value.shape), "pose" if "pose" in name else "rgb"
        given = found.get(name)
        if given is None:
            if _must(name):
                raise CannotMerge(path=streams.paths[stream], problem=LACKS.fill(name=name))
            rows.append(Row(name, wanted, "new", 0))
            continue
        padded = _padded(given, wanted)
        if padded is None:
            words = OTHER_SIZE.fill(name=name, found=list(given.shape), wanted=list(wanted))
            raise CannotMerge(path=streams.paths[stream], problem=words)
        filled[name] = padded
        rows.append(Row(name, wanted, stream, wanted[1] - given.shape[1] if given.dim() > 1 else 0))
    recognizer.load_state_dict(filled, strict=False)
    return rows


def sizes(streams: Streams) -> ModelConfig:
    """The config of the network that two checkpoints make, read from their shapes."""
    one, other = streams.rgb, streams.pose
    stem = "backbone.{}_path.conv1.conv.weight"
    return ModelConfig(
        keypoints=other[stem.format("pose")].shape[1],
        rgb_channels=one[stem.format("rgb")].shape[0],
        pose_channels=other[stem.format("pose")].shape[0],
        rgb_blocks=_blocks(one, "rgb", 4),
        pose_blocks=_blocks(other, "pose", 3),
        coarse=COARSE in one,
    )


def taxonomy_for(streams: Streams) -> str:
    """The taxonomy that the sizes of the heads stand for.

    Raises CannotMerge without a head, and for sizes that none of ours has.
    """
    if FINE not in streams.rgb:
        raise CannotMerge(path=streams.paths["rgb"], problem=LACKS.fill(name=FINE))
    classes = streams.rgb[FINE].shape[0]
    groups = streams.rgb[COARSE].shape[0] if COARSE in streams.rgb else None
    found = named(classes, groups)
    if found is None:
        raise CannotMerge(path=streams.paths["rgb"], problem=WHICH.fill(classes=classes, groups=groups or 0))
    return found


def _blocks(found: Mapping[str, Tensor], stream: str, stages: int) -> tuple[int, ...]:
    """How many residual blocks each stage of a checkpoint has."""
    start = f"backbone.{stream}_path.layer"
    places = {tuple(name.removeprefix(start).split(".")[:2]) for name in found if name.startswith(start)}
    return tuple(len({block for stage, block in places if stage == str(number)}) for number in range(1, stages + 1))


def _stream(path: Path, stream: str) -> dict[str, Tensor]:
    found = translated(weights_of(path))
    if f"backbone.{stream}_path.conv1.conv.weight" not in found:
        raise CannotMerge(path=path, problem=NOT_ONE.fill(stream=stream))
    return {name: value for name, value in found.items() if f"{stream}_path." in name or f"fc_{stream}" in name}


def _must(name: str) -> bool:
    """Whether a tensor can only come from a checkpoint: all of a pathway but its laterals."""
    return name.startswith("backbone.") and not any(word in name for word in ("lateral", "interaction", "num_batches"))


def _padded(given: Tensor, wanted: tuple[int, ...]) -> Tensor | None:
    """A tensor with zeros for the input channels that it lacks; None where it differs in anything else."""
    shape = tuple(given.shape)
    if shape == wanted:
        return given
    fits = len(shape) == len(wanted) > 1 and shape[0] == wanted[0] and shape[2:] == wanted[2:] and shape[1] < wanted[1]
    if not fits:
        return None
    return torch.cat((given, given.new_zeros((shape[0], wanted[1] - shape[1], *shape[2:]))), 1)
