"""Random colours, one draw for a whole clip."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from defib.action.data.config import JitterConfig

CIRCLE = 180
"""Hues of OpenCV: half degrees, so that a share h of the circle is 180 h of them (mmaction2 takes 255 h)."""


class Colours(NamedTuple):
    """What a clip's colours are changed by."""

    brightness: float
    contrast: float
    saturation: float
    hue: float
    """Share of the circle."""


def drawn(config: JitterConfig, chance: np.random.Generator) -> Colours:
    """One draw: factors around one, a turn around zero."""
    brightness, contrast, saturation = (
        float(chance.uniform(max(0.0, 1 - most), 1 + most))
        for most in (config.brightness, config.contrast, config.saturation)
    )
    return Colours(brightness, contrast, saturation, float(chance.uniform(-config.hue, config.hue)))


def coloured(clip: npt.NDArray[np.uint8], colours: Colours) -> npt.NDArray[np.uint8]:
    """A clip [T, H, W, 3] in other colours: brightness, contrast about each frame's mean grey, saturation, hue."""
    return np.stack([_frame(frame, colours) for frame in clip])


def _frame(frame: npt.NDArray[np.uint8], colours: Colours) -> npt.NDArray[np.uint8]:
    found = frame.astype(np.float32) * colours.brightness
    grey = found @ np.array([0.299, 0.587, 0.114], np.float32)
    found = (found - grey.mean()) * colours.contrast + grey.mean()
    grey = found @ np.array([0.299, 0.587, 0.114], np.float32)
    found = grey[..., None] + (found - grey[..., None]) * colours.saturation
    picture: npt.NDArray[np.uint8] = np.clip(np.rint(found), 0, 255).astype(np.uint8)
    if not colours.hue:
        return picture
    shades = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
    shades[..., 0] = (shades[..., 0].astype(np.int16) + round(colours.hue * CIRCLE)) % CIRCLE
    return np.asarray(cv2.cvtColor(shades, cv2.COLOR_HSV2RGB), np.uint8)
