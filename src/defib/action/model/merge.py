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
    en="it has {classes} classes, which no taxonomy of ours has: name one with --taxonomy",
    zh="它有 {classes} 个类别，没有与之对应的内置分类体系：请用 --taxonomy 指明",
)
USUAL = {"ntu60": 60, "ntu120": 120, "ma52": 52, "synth10": 10}
LACKS = Words(en="it lacks {name}", zh="缺少 {name}")


class Row(NamedTuple):
    """One tensor of the merged network."""

    name: str
    shape: tuple[int, ...]
    source: str
    """`rgb`, `pose`, or `new` for what starts at random."""
    padded: int
    """Input channels that were added as zeros."""


def merge(recognizer: Recognizer, rgb: Path, pose: Path) -> list[Row]:
    """Fill a recognizer of two streams from two checkpoints of one.

    Returns what every tensor came from.

    Raises WeightsUnreadable, CannotMerge; then nothing was filled.
    """
    found = {**_stream(rgb, "rgb"), **_stream(pose, "pose")}
    rows, filled = list[Row](), dict[str, Tensor]()
    for name, value in recognizer.state_dict().items():
        wanted, stream = tuple(value.shape), "pose" if "pose" in name else "rgb"
        given = found.get(name)
        if given is None:
            if _must(name):
                raise CannotMerge(path=rgb if stream == "rgb" else pose, problem=LACKS.fill(name=name))
            rows.append(Row(name, wanted, "new", 0))
            continue
        padded = _padded(given, wanted)
        if padded is None:
            words = OTHER_SIZE.fill(name=name, found=list(given.shape), wanted=list(wanted))
            raise CannotMerge(path=rgb if stream == "rgb" else pose, problem=words)
        filled[name] = padded
        rows.append(Row(name, wanted, stream, wanted[1] - given.shape[1] if given.dim() > 1 else 0))
    recognizer.load_state_dict(filled, strict=False)
    return rows


def sizes(rgb: Path, pose: Path) -> tuple[ModelConfig, int]:
    """The config of the network that two checkpoints make, and its number of classes, read from their shapes.

    Raises WeightsUnreadable, CannotMerge.
    """
    one, other = _stream(rgb, "rgb"), _stream(pose, "pose")
    stem, front = "backbone.{}_path.conv1.conv.weight", "cls_head.fc_rgb.weight"
    if front not in one:
        raise CannotMerge(path=rgb, problem=LACKS.fill(name=front))
    config = ModelConfig(
        keypoints=other[stem.format("pose")].shape[1],
        rgb_channels=one[stem.format("rgb")].shape[0],
        pose_channels=other[stem.format("pose")].shape[0],
        rgb_blocks=_blocks(one, "rgb", 4),
        pose_blocks=_blocks(other, "pose", 3),
        coarse="cls_head.fc_rgb_coarse.weight" in one,
    )
    return config, one[front].shape[0]


def taxonomy_for(classes: int, path: Path) -> str:
    """The taxonomy that a number of classes usually stands for.

    Raises CannotMerge for a number that none of ours has.
    """
    for name, count in USUAL.items():
        if count == classes:
            return name
    raise CannotMerge(path=path, problem=WHICH.fill(classes=classes))


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
