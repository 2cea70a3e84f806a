"""Which clips a recipe trains on."""

from __future__ import annotations

from typing import Annotated

import msgspec

from defib.action.errors.model import ModelMisfit
from defib.action.ranges import AtLeastZero, Count, Positive, Share, Whole
from defib.words import same


class JitterConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Random colours: how far each may go from what was filmed."""

    brightness: AtLeastZero = 0.0
    contrast: AtLeastZero = 0.0
    saturation: AtLeastZero = 0.0
    hue: Annotated[float, msgspec.Meta(ge=0, le=0.5)] = 0.0
    """Share of the colour circle, at most 0.5."""


class PipelineConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a clip becomes tensors. The defaults are RGBPoseConv3D's in mmaction2."""

    rgb_frames: Count = 8
    pose_frames: Count = 32
    size: Count = 224
    """Pixels of a training clip's side; heatmaps have a quarter."""
    test_size: Count = 256
    padding: AtLeastZero = 0.25
    """Of the box around the people, on all sides together."""
    area_range: tuple[float, float] = (0.56, 1.0)
    """Share of the box that a random crop keeps."""
    flip: Share = 0.5
    jitter: JitterConfig | None = None
    sigma: Positive = 0.7
    """Pixels of a heatmap."""

    def __post_init__(self) -> None:
        """Refuse what makes no clip."""
        low, high = self.area_range
        if not 0 < low <= high <= 1:
            raise ModelMisfit(key="data.pipeline.area_range", expected=same("0 < low <= high <= 1"), found=[low, high])


class MicroData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="micro", tag_field="kind"):
    """Made-up people as prepared tensors, drawn when first needed: for tests, the demo and benches."""

    cache: str | None = None
    """The file that keeps them; in the user's cache folder by default."""
    seed: Whole = 0
    train: Count = 480
    """Clips."""
    val: Count = 240
    flip: Share = 0.5


class VideoData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="videos", tag_field="kind"):
    """Videos as distributed, beside a pickle of poses (pyskl, mmaction2)."""

    videos: str
    """The folder."""
    annotations: str
    train_split: str = "xsub_train"
    val_split: str = "xsub_val"
    exclude: str | None = None
    """A text file with the names of clips to leave out, one a line."""
    repeat: Count = 1
    """Times that an epoch goes through the training clips."""
    pipeline: PipelineConfig = PipelineConfig()


class StoreData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="store", tag_field="kind"):
    """A store that `defib data prepare` wrote."""

    store: str
    train_split: str = "xsub_train"
    val_split: str = "xsub_val"
    exclude: str | None = None
    """A text file with the names of clips to leave out, one a line."""
    repeat: Count = 1
    pipeline: PipelineConfig = PipelineConfig()


DataConfig = MicroData | VideoData | StoreData
