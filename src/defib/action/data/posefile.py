"""The poses of one clip, from any of the files that they come in."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from defib.action.data import keypoints, pickles, skeleton
from defib.action.data.pipeline import Poses
from defib.action.errors import reason
from defib.action.errors.data import PosesUnreadable
from defib.action.errors.model import ModelMisfit
from defib.words import Words

if TYPE_CHECKING:
    from pathlib import Path

COLOUR = (1080, 1920)
"""Height and width of the picture that a `.skeleton`'s colour coordinates are for."""
COCO = 17
PEOPLE = 2
"""Of a clip, those seen longest: NTU has at most two performers, more bodies are furniture and reflections."""
NO_ARRAY = Words(en="it has no {name}", zh="其中没有 {name}")
SHAPES = Words(
    en="keypoint is {points} and keypoint_score {scores}; expected [M, T, K, 2] and [M, T, K] of numbers",
    zh="keypoint 为 {points}，keypoint_score 为 {scores}；应为数值数组 [M, T, K, 2] 和 [M, T, K]",
)
OTHER_NAMES = Words(
    en="it has {count} clips, none of which is called {name}", zh="其中有 {count} 个片段，没有一个名为 {name}"
)
NOBODY = Words(en="it holds nobody", zh="其中没有人")


def read(path: Path, name: str, joints: int, size: tuple[int, int]) -> Poses:
    """The poses of one clip.

    name: of the clip, to find it among many; joints: that the network takes.
    size: height and width of the video, for a file that does not say.

    Raises PosesUnreadable, SkeletonUnreadable, AnnotationsUnreadable, ModelMisfit.
    """
    if path.suffix == ".skeleton":
        found = from_kinect(skeleton.read(path), joints)
    elif path.suffix == ".npz":
        found = _archived(path, size)
    else:
        found = _listed(path, name)
    if not found.points.size:
        raise PosesUnreadable(path=path, reason=NOBODY)
    if found.points.shape[2] != joints:
        raise ModelMisfit(key="--pose", expected=joints, found=f"{found.points.shape[2]} ({path})")
    return found


def from_kinect(found: skeleton.Skeleton, joints: int) -> Poses:
    """A Kinect's bodies in pixels of the colour picture: its own 25 joints, or those 13 of COCO's 17 that it has.

    Where a joint is not seen or lies nowhere, point and score are zero.
    """
    colour, tracked = found.colour[:PEOPLE], found.tracked[:PEOPLE]
    there = (tracked > 0) & np.isfinite(colour).all(-1)
    points = np.where(there[..., None], colour, 0).astype(np.float32)
    if joints != COCO:
        return Poses(points, there.astype(np.float32), COLOUR)
    points, _ = keypoints.kinect_to_coco(points)
    known, has = keypoints.kinect_to_coco(there[..., None].astype(np.float32))
    return Poses(points, known[..., 0] * has, COLOUR)


def _archived(path: Path, size: tuple[int, int]) -> Poses:
    try:
        with np.load(path, allow_pickle=False) as file:
            found = {name: file[name] for name in ("keypoint", "keypoint_score", "img_shape") if name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise PosesUnreadable(path=path, reason=reason(error)) from None
    if "keypoint" not in found:
        raise PosesUnreadable(path=path, reason=NO_ARRAY.fill(name="keypoint"))
    points = found["keypoint"]
    scores = found.get("keypoint_score", np.ones(points.shape[:3], np.float32))
    fits = points.ndim == 4 and points.shape[3] >= 2 and scores.shape == points.shape[:3]  # noqa: PLR2004
    if not fits or points.dtype.kind not in "fiu" or scores.dtype.kind not in "fiu":
        raise PosesUnreadable(path=path, reason=SHAPES.fill(points=list(points.shape), scores=list(scores.shape)))
    shape = found.get("img_shape")
    known: npt.NDArray[np.int64] | None = None if shape is None or shape.size < 2 else shape.ravel()  # noqa: PLR2004
    picture = size if known is None else (int(known[0]), int(known[1]))
    return Poses(points[..., :2].astype(np.float32), scores.astype(np.float32), picture)


def _listed(path: Path, name: str) -> Poses:
    clips = pickles.read(path).clips
    wanted = [one for one in clips if one.name == name] or (clips if len(clips) == 1 else [])
    if not wanted:
        raise PosesUnreadable(path=path, reason=OTHER_NAMES.fill(count=len(clips), name=name))
    return Poses(wanted[0].points, wanted[0].scores, wanted[0].size)
