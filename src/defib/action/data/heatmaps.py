"""Joints as pictures: one Gaussian a joint and frame, the strongest of several people (PoseC3D, Duan et al., CVPR 2022).

The same values as the per-joint loop of mmaction2's GeneratePoseTarget, three sigmas cut off included, without a loop:
only the few pixels around each joint are computed, for all joints, frames and people at once.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

CUT = 3.0
"""Sigmas beyond which a joint is not drawn."""
LEAST = 1e-4
"""Score below which a joint is not drawn."""


def heatmaps(
    points: npt.NDArray[np.floating], scores: npt.NDArray[np.floating], size: tuple[int, int], sigma: float
) -> npt.NDArray[np.float32]:
    """points: [M, T, K, 2], x and y in pixels of the heatmap; scores: [M, T, K]; size: height, width.

    Returns [K, T, height, width]. A joint that is no number is not drawn.
    """
    people, frames, joints = scores.shape
    found = np.zeros((joints, frames, *size), np.float32)
    window = int(2 * CUT * sigma) + 2
    centre = np.asarray(points, np.float32)
    score = np.where(np.isfinite(centre).all(-1) & (scores >= LEAST), scores, 0).astype(np.float32)
    centre = np.where(np.isfinite(centre), centre, 0)
    first = np.maximum(np.trunc(centre - CUT * sigma), 0).astype(np.int64)
    last = np.minimum(np.trunc(centre + CUT * sigma).astype(np.int64) + 1, (size[1], size[0]))
    places = first[..., None] + np.arange(window)  # [M, T, K, 2, window]
    inside = places < last[..., None]
    strength = np.exp(-((places - centre[..., None]) ** 2) / (2 * sigma**2), dtype=np.float32) * inside
    patch = strength[..., 1, :, None] * strength[..., 0, None, :] * score[..., None, None]
    rows = np.minimum(places[..., 1, :, None], size[0] - 1)
    columns = np.minimum(places[..., 0, None, :], size[1] - 1)
    joint, frame = np.arange(joints)[None, :, None, None], np.arange(frames)[:, None, None, None]
    for person in range(people):
        # Places outside of the picture are all folded onto its edge with a strength of zero: they must not overwrite.
        at = (np.broadcast_to(joint, patch[person].shape), np.broadcast_to(frame, patch[person].shape))
        where = (
            *at,
            np.broadcast_to(rows[person], patch[person].shape),
            np.broadcast_to(columns[person], patch[person].shape),
        )
        drawn = patch[person] > 0
        chosen = tuple(one[drawn] for one in where)
        found[chosen] = np.maximum(found[chosen], patch[person][drawn])
    return found
