"""What is done in one video: no label needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from defib.action.data import pipeline, posefile, video
from defib.action.data.config import MicroData, PipelineConfig
from defib.action.data.synth import micro
from defib.action.training.evaluation import chances_of
from defib.action.training.feeding import folded

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from defib.action.data.config import DataConfig
    from defib.action.training.restoring import Restored


def predicted(network: Restored, path: Path, pose: Path, *, clips: int = 1) -> dict[str, Tensor]:
    """The chances of every class, [K], by branch.

    clips: of the video, whose chances are averaged.

    Raises VideoUnreadable, PosesUnreadable, SkeletonUnreadable, AnnotationsUnreadable, ModelMisfit.
    """
    first = video.frames(path, [0])[0]
    name = path.stem.removesuffix("_rgb")
    size = first.shape[0], first.shape[1]
    poses = posefile.read(pose, name, network.recipe.model.keypoints, size)
    made = pipeline.held_out(pipeline_of(network.recipe.data), poses, lambda wanted: video.frames(path, wanted), clips)
    inputs = {
        stream: folded(tensor.unsqueeze(0))[0].to(network.device)
        for stream, tensor in (("rgb", made.rgb), ("pose", made.pose))
        if stream in network.recipe.model.streams
    }
    with torch.no_grad():
        outputs = network.recognizer(**inputs)
    return {branch: chance[0] for branch, chance in chances_of(outputs, clips).items()}


def pipeline_of(data: DataConfig) -> PipelineConfig:
    """How a recipe makes tensors of a video; prepared tensors were made alike."""
    if not isinstance(data, MicroData):
        return data.pipeline
    return PipelineConfig(
        rgb_frames=micro.RGB_FRAMES,
        pose_frames=micro.POSE_FRAMES,
        size=micro.SIDE,
        test_size=micro.SIDE,
        padding=micro.PADDING,
        sigma=micro.SIGMA,
    )
