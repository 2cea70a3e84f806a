"""Which part of a frame is looked at: the box around the people, then a part of it, as one rectangle in the frame.

mmaction2 cuts, resizes, cuts and resizes again; one rectangle gives the same picture with one interpolation.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

SMALL = 10.0
"""Pixels: people whose box is smaller are not cropped to, as in mmaction2's PoseCompact."""
RATIO = (3 / 4, 4 / 3)
"""Width over height of a random crop."""
TRIES = 10


class Rectangle(NamedTuple):
    """A part of a frame, in its pixels; it may reach outside, where everything is black."""

    left: float
    top: float
    width: float
    height: float
    flipped: bool = False


def around(
    points: npt.NDArray[np.floating], scores: npt.NDArray[np.floating], size: tuple[int, int], padding: float
) -> Rectangle:
    """The square around everybody in a clip, with padding (MMCompact with hw_ratio 1).

    points: [M, T, K, 2]; scores: [M, T, K]; size: height, width of the frame.
    padding: share of the box's sides that is added. Joints at zero, without a score or a number are not there.
    """
    there = np.isfinite(points).all(-1) & (points != 0).any(-1) & (scores > 0)
    if not there.any():
        return Rectangle(0, 0, size[1], size[0])
    found = points[there].astype(np.float64)
    low, high = found.min(0), found.max(0)
    if (high - low < SMALL).any():
        return Rectangle(0, 0, size[1], size[0])
    middle, side = (low + high) / 2, float((high - low).max() * (1 + padding))
    return Rectangle(float(middle[0] - side / 2), float(middle[1] - side / 2), side, side)


def random_part(whole: Rectangle, area: tuple[float, float], chance: np.random.Generator) -> Rectangle:
    """A part of a rectangle by area and ratio (RandomResizedCrop of Inception); the largest square when none fits."""
    ratios = np.log(RATIO)
    for _ in range(TRIES):
        share, ratio = chance.uniform(*area), float(np.exp(chance.uniform(*ratios)))
        width = (share * whole.width * whole.height * ratio) ** 0.5
        height = width / ratio
        if width <= whole.width and height <= whole.height:
            left = whole.left + chance.uniform(0, whole.width - width)
            top = whole.top + chance.uniform(0, whole.height - height)
            return Rectangle(float(left), float(top), width, height)
    side = min(whole.width, whole.height)
    return Rectangle(whole.left + (whole.width - side) / 2, whole.top + (whole.height - side) / 2, side, side)


def pixels(frame: npt.NDArray[np.uint8], part: Rectangle, size: int) -> npt.NDArray[np.uint8]:
    """A part of a frame as a square picture, [size, size, 3]; black outside of the frame."""
    across, down = size / part.width, size / part.height
    # Centres of pixels meet: a picture of half the size takes the middle of each pair of pixels.
    matrix = np.array(
        [
            [across, 0, across * (0.5 - part.left) - 0.5],
            [0, down, down * (0.5 - part.top) - 0.5],
        ]
    )
    if part.flipped:
        matrix[0] = [-across, 0, size - 1 - matrix[0, 2]]
    return np.asarray(cv2.warpAffine(frame, matrix, (size, size), flags=cv2.INTER_LINEAR), np.uint8)


def moved(points: npt.NDArray[np.floating], part: Rectangle, size: int) -> npt.NDArray[np.float32]:
    """Where points [..., 2] of a frame are in the square picture of a part; sides are exchanged by the caller."""
    found = np.asarray(points, np.float32) - np.array([part.left, part.top], np.float32)
    found *= np.array([size / part.width, size / part.height], np.float32)
    if part.flipped:
        found[..., 0] = size - 1 - found[..., 0]
    return found
