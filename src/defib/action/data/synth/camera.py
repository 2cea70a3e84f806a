"""Three cameras at one stage: from metres in the room to pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator

    from defib.action.data.synth.skeleton import Floats

ANGLES = (0.7, 0.0, -0.7)  # radians around the stage, of cameras 1, 2 and 3; about those of NTU RGB+D
DISTANCE = (3.0, 3.6)  # metres
LEVEL = (1.1, 1.6)  # metres above the floor
FOCAL = 1.15  # times the height of the image
AIM = 0.92  # metres above the floor, where the cameras look


class Camera(msgspec.Struct, frozen=True, kw_only=True):
    """A camera that looks at the middle of the stage."""

    angle: float
    """Radians around the stage; 0 is in front of somebody who does not turn."""

    distance: float
    level: float
    """Metres above the floor."""

    size: tuple[int, int]
    """Width and height in pixels."""

    def seen(self, points: Floats) -> tuple[Floats, Floats]:
        """Where points [..., 3] of the room appear.

        Returns their pixels [..., 2] (x right, y down) and, at each, how many pixels a metre is long [...].
        """
        sin, cos = np.sin(self.angle), np.cos(self.angle)
        eye = np.array([self.distance * sin, self.level, self.distance * cos])
        back = eye - np.array([0.0, AIM, 0.0])
        back /= np.linalg.norm(back)
        right = np.cross(np.array([0.0, 1.0, 0.0]), back)
        right /= np.linalg.norm(right)
        up = np.cross(back, right)
        away = points - eye
        depth = np.maximum(-(away @ back), 0.3)
        scale = FOCAL * self.size[1] / depth
        pixels = np.stack([self.size[0] / 2 + (away @ right) * scale, self.size[1] / 2 - (away @ up) * scale], axis=-1)
        return pixels, scale

    def behind(self, points: Floats) -> Floats:
        """How far points [..., 3] are from the camera along the floor, in metres; what is nearer hides the rest."""
        far: Floats = self.distance - points[..., 0] * np.sin(self.angle) - points[..., 2] * np.cos(self.angle)
        return far


def camera(number: int, chance: Generator, size: tuple[int, int]) -> Camera:
    """Camera 1, 2 or 3 of a set-up; `chance` belongs to the set-up and the camera."""
    return Camera(
        angle=ANGLES[number - 1] + float(chance.normal(0.0, 0.05)),
        distance=float(chance.uniform(*DISTANCE)),
        level=float(chance.uniform(*LEVEL)),
        size=size,
    )
