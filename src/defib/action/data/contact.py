"""A clip as a strip of frames with its skeletons on them, for a person to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import numpy.typing as npt

from defib.action.data import cropping
from defib.action.data.keypoints import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from defib.action.data.index import Index

FRAMES = 4
HEIGHT = 200
"""Pixels of a strip."""
PADDING = 0.35
COLOURS = {"left": (70, 160, 255), "right": (255, 120, 40), "": (240, 240, 240)}
"""RGB: sides can be told apart, also by those who do not see red and green."""
LEAST = 0.1
"""Score below which a joint is not drawn."""


def strip(index: Index, frames: Callable[[int, Sequence[int]], list[npt.NDArray[np.uint8]]], at: int) -> bytes:
    """A JPEG of a clip's first, ..., last frames, cut to the people.

    Raises VideoUnreadable, StoreBroken.
    """
    poses = index.poses(at)
    total = poses.points.shape[1]
    wanted = [int(one) for one in (np.arange(FRAMES) + 0.5) * total / FRAMES]
    part = cropping.around(poses.points, poses.scores, poses.size, PADDING)
    pictures = []
    for number, frame in zip(wanted, frames(at, wanted), strict=True):
        ratio = frame.shape[1] / poses.size[1]
        mine = part._replace(
            left=part.left * ratio, top=part.top * ratio, width=part.width * ratio, height=part.height * ratio
        )
        picture = np.ascontiguousarray(cropping.pixels(frame, mine, HEIGHT))
        for body, scores in zip(poses.points[:, number], poses.scores[:, number], strict=True):
            _draw(picture, cropping.moved(np.asarray(body, np.float32), part, HEIGHT), scores)
        pictures.append(picture)
    done, packed = cv2.imencode(".jpg", np.hstack(pictures)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert done
    return packed.tobytes()


def _draw(picture: npt.NDArray[np.uint8], points: npt.NDArray[np.floating], scores: npt.NDArray[Any]) -> None:
    layout = layout_of(len(points))
    there = (scores > LEAST) & np.isfinite(points).all(-1)
    places = [
        (round(float(x)), round(float(y))) if known else None for (x, y), known in zip(points, there, strict=True)
    ]
    for one, other in layout.bones:
        begin, end = places[one], places[other]
        if begin is not None and end is not None:
            cv2.line(picture, begin, end, _colour(layout.joints[one], layout.joints[other]), 2, cv2.LINE_AA)
    for place, name in zip(places, layout.joints, strict=True):
        if place is not None:
            cv2.circle(picture, place, 2, _colour(name, name), -1, cv2.LINE_AA)


def _colour(one: str, other: str) -> tuple[int, int, int]:
    sides = {name.split(" ")[0] for name in (one, other)} & {"left", "right"}
    return COLOURS[sides.pop() if len(sides) == 1 else ""]
