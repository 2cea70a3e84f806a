"""One clip becomes tensors: frames, box, crop, flip, colours, heatmaps. Both streams share one rectangle and one flip."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from defib.action.data import cropping, heatmaps, jitter, sampling
from defib.action.data.keypoints import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from defib.action.data.config import PipelineConfig

MEAN = np.array([123.675, 116.28, 103.53], np.float32)
STD = np.array([58.395, 57.12, 57.375], np.float32)
"""Of ImageNet, as mmaction2 normalises."""
HEATMAP = 4
"""Pixels of the picture for one of the heatmap."""


class Poses(NamedTuple):
    """The poses of a clip."""

    points: npt.NDArray[np.floating]
    """[M, T, K, 2], pixels of a picture of `size`."""
    scores: npt.NDArray[np.floating]
    size: tuple[int, int]
    """Height and width."""


class Tensors(NamedTuple):
    """A clip, or several of it."""

    rgb: torch.Tensor
    """[3, T, S, S], normalised; with a leading axis for several clips."""
    pose: torch.Tensor
    """[K, T, S / 4, S / 4]."""


def training(
    config: PipelineConfig,
    poses: Poses,
    frames: Callable[[Sequence[int]], list[npt.NDArray[np.uint8]]],
    seed: tuple[int, ...],
) -> Tensors:
    """A clip with random frames, crop, flip and colours.

    frames: gives decoded frames by number, each [H, W, 3]; their size may differ from that of the poses.
    seed: (seed, epoch, index); the same gives the same clip.
    """
    chance = np.random.default_rng(seed)
    total = poses.points.shape[1]
    at_rgb = sampling.random_frames(total, config.rgb_frames, chance)
    at_pose = sampling.random_frames(total, config.pose_frames, chance)
    seen = Poses(poses.points[:, at_pose], poses.scores[:, at_pose], poses.size)
    whole = cropping.around(seen.points, seen.scores, seen.size, config.padding)
    part = cropping.random_part(whole, config.area_range, chance)
    part = part._replace(flipped=bool(chance.random() < config.flip))
    pictures = frames(at_rgb.tolist())
    rgb = _pictures(pictures, seen.size, part, config.size)
    if config.jitter is not None:
        rgb = jitter.coloured(rgb, jitter.drawn(config.jitter, chance))
    return Tensors(_normalised(rgb), _heatmaps(config, seen, part, config.size))


def held_out(
    config: PipelineConfig,
    poses: Poses,
    frames: Callable[[Sequence[int]], list[npt.NDArray[np.uint8]]],
    clips: int,
    *,
    flipped: bool = False,
) -> Tensors:
    """One clip or several, the same whenever they are asked for. Each frame is decoded once, however many clips see it."""
    total = poses.points.shape[1]
    at_rgb = sampling.even_frames(total, config.rgb_frames, clips)
    at_pose = sampling.even_frames(total, config.pose_frames, clips)
    pictures = frames(at_rgb.ravel().tolist())
    found = []
    for clip in range(clips):
        seen = Poses(poses.points[:, at_pose[clip]], poses.scores[:, at_pose[clip]], poses.size)
        part = cropping.around(seen.points, seen.scores, seen.size, config.padding)._replace(flipped=flipped)
        mine = pictures[clip * config.rgb_frames : (clip + 1) * config.rgb_frames]
        rgb = _normalised(_pictures(mine, seen.size, part, config.test_size))
        found.append(Tensors(rgb, _heatmaps(config, seen, part, config.test_size)))
    if clips == 1:
        return found[0]
    return Tensors(torch.stack([one.rgb for one in found]), torch.stack([one.pose for one in found]))


def _pictures(
    frames: Sequence[npt.NDArray[np.uint8]], size: tuple[int, int], part: cropping.Rectangle, side: int
) -> npt.NDArray[np.uint8]:
    """[T, side, side, 3]. The rectangle is in pixels of the poses' picture; videos are often stored smaller."""
    found = []
    for frame in frames:
        down, across = frame.shape[0] / size[0], frame.shape[1] / size[1]
        mine = part._replace(
            left=part.left * across, top=part.top * down, width=part.width * across, height=part.height * down
        )
        found.append(cropping.pixels(frame, mine, side))
    return np.stack(found)


def _normalised(clip: npt.NDArray[np.uint8]) -> torch.Tensor:
    """[T, H, W, 3] of bytes -> [3, T, H, W] around zero."""
    found = (clip.astype(np.float32) - MEAN) / STD
    return torch.from_numpy(np.ascontiguousarray(found.transpose(3, 0, 1, 2)))


def _heatmaps(config: PipelineConfig, poses: Poses, part: cropping.Rectangle, side: int) -> torch.Tensor:
    points, scores = poses.points, poses.scores
    if part.flipped:
        order = layout_of(points.shape[2]).mirrored
        points, scores = points[:, :, order], scores[:, :, order]
    there = (poses.points != 0).any(-1)[:, :, layout_of(points.shape[2]).mirrored if part.flipped else slice(None)]
    placed = cropping.moved(points, part, side) / HEATMAP
    drawn = heatmaps.heatmaps(placed, scores * there, (side // HEATMAP, side // HEATMAP), config.sigma)
    return torch.from_numpy(drawn)
