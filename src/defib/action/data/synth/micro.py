"""`synth_micro`: ten made-up classes as small tensors, drawn in seconds and kept in one file.

Shape letters: S clip, M person, T frame, H row, W column, K joint.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt
import torch

from defib import cache
from defib.action.data.heatmaps import heatmaps
from defib.action.data.keypoints import COCO17
from defib.action.data.synth import clip as clips
from defib.action.data.synth import people
from defib.action.data.synth.classes import chosen, taxonomy
from defib.action.data.synth.estimate import Errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.action.data.config import MicroData
    from defib.action.taxonomy import Taxonomy

CLASSES = 10
CAMERAS = 3
RGB_FRAMES, POSE_FRAMES = 4, 16
SIDE = 40  # pixels of a clip's picture; a heatmap has a quarter, as in the full-size pipeline
MARGIN = 3  # pixels more on each side of what is kept, from which training cuts at random
KEPT = SIDE + 2 * MARGIN
GREYS = (90, 200)  # of the wall, which shows nothing else
ERRORS = Errors(
    jitter=0.003, wander=0.003, missed=0.01, exchanged=0.01, lost=0.0
)  # of a good estimator: a pixel here is large
GROWN = 1.6  # times its usual size: what is held, which has few pixels here
WALL = 100  # the stream of random numbers for it
PADDING = 0.15  # of the box around the person
SIGMA = 0.7  # pixels of a heatmap
SIZE = (320, 180)  # of the camera whose picture is cropped
LENGTHS = (40, 80)  # frames
HELD_OUT = 1000  # persons from this number on are never trained on
FORMAT = 1  # raised when the same settings draw something else, so that old files are made anew
MEAN = np.array([123.675, 116.28, 103.53], np.float32).reshape(3, 1, 1, 1)
STD = np.array([58.395, 57.12, 57.375], np.float32).reshape(3, 1, 1, 1)

Split = Literal["train", "val"]


class Tensors(msgspec.Struct, frozen=True):
    """All clips of one split."""

    rgb: npt.NDArray[np.uint8]
    """[S, 3, T, H, W]."""
    points: npt.NDArray[np.float32]
    """[S, M, T, K, 2], pixels of the picture."""
    scores: npt.NDArray[np.float32]
    """[S, M, T, K]."""
    label: npt.NDArray[np.int64]
    """[S]."""


def classes() -> Taxonomy:
    """The ten classes."""
    return taxonomy(CLASSES)


def name(split: Split, index: int, seed: int) -> str:
    """What a clip is called."""
    label, take = _take(split, index, seed)
    return take.name(label)


def draw(split: Split, count: int, seed: int, progress: Callable[[int, int], None] | None = None) -> Tensors:
    """Draw the clips of one split; the same whatever else was drawn before.

    progress: told how many of how many are drawn.

    Clips go round the classes first, then the cameras, then the persons, so that any count is balanced.
    """
    acts = chosen(CLASSES)
    rgb = np.empty((count, 3, RGB_FRAMES, KEPT, KEPT), np.uint8)
    points = np.empty((count, 1, POSE_FRAMES, 17, 2), np.float32)
    scores = np.empty((count, 1, POSE_FRAMES, 17), np.float32)
    label = np.empty(count, np.int64)
    for index in range(count):
        label[index], take = _take(split, index, seed)
        made = clips.stage(acts[label[index]], take, size=SIZE, lengths=LENGTHS, errors=ERRORS)
        made = made._replace(
            grown=GROWN, room=np.full_like(made.room, int(people.stream(seed, WALL, take.person).integers(*GREYS)))
        )
        square = clips.box(made, PADDING)
        length = made.points.shape[1]
        images = clips.cropped(made, square, KEPT, _spread(length, RGB_FRAMES).tolist())
        rgb[index] = np.stack(images).transpose(3, 0, 1, 2)
        at = _spread(length, POSE_FRAMES)
        corner = np.array(square[:2]) - square[2] / 2
        points[index] = (made.points[:, at] - corner) * (KEPT / square[2])
        scores[index] = made.scores[:, at]
        if progress is not None:
            progress(index + 1, count)
    return Tensors(rgb, points, scores, label)


def opened(data: MicroData, split: Split, progress: Callable[[int, int], None] | None = None) -> Micro:
    """The clips of a recipe, drawn when there is no file of theirs yet.

    The file is written whole or not at all; what does not fit the settings is drawn anew.
    """
    count = data.train if split == "train" else data.val
    path = _path(data, split, count)
    found = _kept(path, count, data.seed)
    if found is None:
        found = draw(split, count, data.seed, progress)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        with half.open("wb") as file:
            np.savez(file, made=[FORMAT, data.seed], rgb=found.rgb, points=found.points.astype(np.float16), scores=found.scores.astype(np.float16), label=found.label)  # fmt: skip
        half.replace(path)
        found = _kept(path, count, data.seed) or found
    return Micro(found, split, seed=data.seed, flip=data.flip)


class Micro:
    """Clips as tensors. A sample depends on seed, epoch and place alone."""

    def __init__(self, tensors: Tensors, split: Split, *, seed: int = 0, flip: float = 0.0) -> None:
        """flip: how often a training clip is mirrored."""
        self.tensors, self.split, self.seed, self.flip = tensors, split, seed, flip
        self.trains = split == "train"
        self.epoch, self.flipped = 0, False

    def __len__(self) -> int:
        """Clips."""
        return len(self.tensors.label)

    def set_epoch(self, epoch: int) -> None:
        """Which epoch the random numbers are for."""
        self.epoch = epoch

    def __getitem__(self, at: int) -> dict[str, Any]:
        """One clip: `rgb` float [3, T, H, W], `pose` float [K, T, H/4, W/4], `label`, `name`."""
        rgb, points, scores = self.tensors.rgb[at], self.tensors.points[at], self.tensors.scores[at]
        left, top, flipped = MARGIN, MARGIN, self.flipped
        if self.trains:
            chance = people.stream(self.seed, self.epoch, at)
            left, top = (int(one) for one in chance.integers(0, 2 * MARGIN + 1, 2))
            flipped = bool(chance.random() < self.flip)
        rgb = rgb[:, :, top : top + SIDE, left : left + SIDE]
        points = points - np.array([left, top], np.float32)
        if flipped:
            rgb = rgb[..., ::-1]
            points = points[:, :, COCO17.mirrored] * np.array([-1, 1], np.float32) + np.array([SIDE, 0], np.float32)
            scores = scores[:, :, COCO17.mirrored]
        small = SIDE // 4
        pose = heatmaps(points * (small / SIDE) - 0.5, scores, (small, small), SIGMA)
        return {
            "rgb": torch.from_numpy((rgb.astype(np.float32) - MEAN) / STD),
            "pose": torch.from_numpy(pose),
            "label": int(self.tensors.label[at]),
            "name": name(self.split, at, self.seed),
        }


def _take(split: Split, index: int, seed: int) -> tuple[int, clips.Take]:
    label, rest = index % CLASSES, index // CLASSES
    person = 1 + rest + (HELD_OUT if split == "val" else 0)
    return label, clips.Take(seed=seed, person=person, repeat=1, camera=1 + rest % CAMERAS, people=2 * HELD_OUT)


def _spread(length: int, count: int) -> npt.NDArray[np.int64]:
    """The middles of equal parts."""
    return ((np.arange(count) + 0.5) * length / count).astype(np.int64)


def _path(data: MicroData, split: Split, count: int) -> Path:
    """Where the clips of one split are kept."""
    if data.cache is not None:
        given = Path(data.cache)
        return given.with_name(f"{given.stem}-{split}.npz")
    return cache.folder() / f"synth_micro-{FORMAT}-{data.seed}-{split}-{count}.npz"


def _kept(path: Path, count: int, seed: int) -> Tensors | None:
    """What a file holds, or None when it is not what would be drawn."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            if file["made"].tolist() != [FORMAT, seed]:
                return None
            found = Tensors(file["rgb"], file["points"].astype(np.float32), file["scores"].astype(np.float32), file["label"])  # fmt: skip
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    fits = found.rgb.shape == (count, 3, RGB_FRAMES, KEPT, KEPT) and found.points.shape == (count, 1, POSE_FRAMES, 17, 2)  # fmt: skip
    return found if fits else None
