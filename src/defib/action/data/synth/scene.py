"""A room as one camera sees it: wall, floor, furniture, light; and what the sensor adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from defib.action.data.synth import brush

if TYPE_CHECKING:
    from numpy.random import Generator

    from defib.action.data.synth.brush import Image
    from defib.action.data.synth.camera import Camera
    from defib.action.data.synth.people import Colour

WALL = 2.2  # metres behind the stage
SENSOR = 3.0  # grey levels, standard deviation; assumed
DIM = (0.72, 1.08)  # light in a room, times the usual; assumed
PLACES = 5  # pieces of furniture and pictures


def room(chance: Generator, camera: Camera) -> Image:
    """The empty room, [H, W, 3] RGB; `chance` belongs to the set-up and the camera."""
    width, height = camera.size
    wall, floor = _colour(chance, 95, 225), _colour(chance, 60, 170)
    edge = camera.seen(np.array([-WALL * np.sin(camera.angle), 0.0, -WALL * np.cos(camera.angle)]))[0][1]
    edge = int(np.clip(edge, height * 0.35, height * 0.85))
    image = np.empty((height, width, 3), np.uint8)
    image[:edge] = _ramp(wall, edge, 1.06, 0.9)
    image[edge:] = _ramp(floor, height - edge, 0.8, 1.1)
    for _ in range(PLACES):
        colour = _colour(chance, 40, 230)
        x, wide, tall = chance.uniform(0, width), chance.uniform(0.05, 0.18) * width, chance.uniform(0.08, 0.3) * height
        stands = chance.random() < 0.5  # noqa: PLR2004 (as often as it hangs)
        base = edge + chance.uniform(0.0, 0.08) * height if stands else chance.uniform(0.1, 0.5) * edge + tall / 2
        corners = np.array([[x - wide / 2, base - tall], [x + wide / 2, base - tall], [x + wide / 2, base], [x - wide / 2, base]])  # fmt: skip
        brush.polygon(image, corners, colour)
        inner = corners.mean(axis=0) + (corners - corners.mean(axis=0)) * 0.75
        brush.polygon(image, inner, brush.tinted(colour, 1.18))
    side = np.linspace(chance.uniform(0.85, 1.0), chance.uniform(0.85, 1.0), width)[None, :, None]
    light = chance.uniform(*DIM)
    lit: Image = np.clip(image * (side * light), 0, 255).astype(np.uint8)
    return lit


def shadow(image: Image, centre: brush.Points, metre: float) -> None:
    """Darken the floor below somebody."""
    x, y = centre
    half = (0.34 * metre, 0.1 * metre)
    left, right = int(max(x - half[0] - 1, 0)), int(min(x + half[0] + 2, image.shape[1]))
    top, bottom = int(max(y - half[1] - 1, 0)), int(min(y + half[1] + 2, image.shape[0]))
    if left >= right or top >= bottom:
        return
    across, down = np.arange(left, right) - x, np.arange(top, bottom) - y
    inside = (across[None] / half[0]) ** 2 + (down[:, None] / half[1]) ** 2
    dark = 1.0 - 0.4 * np.clip(1.2 - inside, 0.0, 1.0)
    part = image[top:bottom, left:right]
    part[:] = (part * dark[..., None]).astype(np.uint8)


def grain(chance: Generator, size: tuple[int, int]) -> np.ndarray:
    """Noise of a sensor as int16, [H, W, 3], somewhat larger than a picture, of which each frame shows another part."""
    width, height = size
    tile: np.ndarray = (chance.standard_normal((height + 16, width + 16, 3), np.float32) * SENSOR).astype(np.int16)
    return tile


def exposed(image: Image, tile: np.ndarray, chance: Generator) -> Image:
    """A frame with the noise of its moment."""
    down, right = (int(value) for value in chance.integers(0, 16, 2))
    part = tile[down : down + image.shape[0], right : right + image.shape[1]]
    return np.asarray(cv2.add(image, part, dtype=cv2.CV_8U), np.uint8)


def _colour(chance: Generator, low: int, high: int) -> Colour:
    grey = chance.uniform(low, high)
    red, green, blue = (int(np.clip(grey + value, 0, 255)) for value in chance.normal(0.0, 18.0, 3))
    return red, green, blue


def _ramp(colour: Colour, rows: int, first: float, last: float) -> np.ndarray:
    ramp: np.ndarray = np.clip(np.array(colour) * np.linspace(first, last, rows)[:, None, None], 0, 255)
    return ramp
