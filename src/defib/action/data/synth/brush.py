"""Shapes with soft edges, at fractions of a pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from defib.action.data.synth.people import Colour

Image = npt.NDArray[np.uint8]
Points = npt.NDArray[np.floating]

FINE = 4  # bits after the point in OpenCV's whole-number coordinates
ONE = 1 << FINE
FAR = 8000.0  # pixels; OpenCV's coordinates overflow far outside of a picture


def tinted(colour: Colour, light: float) -> Colour:
    """A colour under more or less light.

    >>> tinted((100, 200, 20), 1.5)
    (150, 255, 30)
    """
    red, green, blue = (min(255, max(0, round(value * light))) for value in colour)
    return red, green, blue


def polygon(image: Image, points: Points, colour: Colour) -> None:
    """Fill a convex polygon; points: [n, 2]."""
    cv2.fillConvexPoly(image, _fixed(points), colour, cv2.LINE_AA, FINE)


def disc(image: Image, centre: Points, radius: float, colour: Colour) -> None:
    """Fill a circle."""
    x, y = _fixed(centre)
    cv2.circle(image, (int(x), int(y)), max(1, round(radius * ONE)), colour, -1, cv2.LINE_AA, FINE)


def oval(image: Image, centre: Points, radii: tuple[float, float], degrees: float, colour: Colour) -> None:
    """Fill an ellipse; the first radius lies along `degrees`, clockwise from the right."""
    x, y = _fixed(centre)
    axes = (max(1, round(radii[0] * ONE)), max(1, round(radii[1] * ONE)))
    cv2.ellipse(image, (int(x), int(y)), axes, degrees, 0, 360, colour, -1, cv2.LINE_AA, FINE)


def limb(image: Image, ends: tuple[Points, Points], radii: tuple[float, float], colour: Colour) -> None:
    """A bone with flesh: two circles and what lies between them."""
    start, end = ends
    along = end - start
    length = float(np.hypot(*along))
    if length > 1e-3:  # noqa: PLR2004 (pixels; shorter is a dot)
        aside = np.array([-along[1], along[0]]) / length
        polygon(
            image,
            np.stack(
                [start + aside * radii[0], end + aside * radii[1], end - aside * radii[1], start - aside * radii[0]]
            ),
            colour,
        )
    disc(image, start, radii[0], colour)
    disc(image, end, radii[1], colour)


def _fixed(points: Points) -> npt.NDArray[np.int32]:
    fixed: npt.NDArray[np.int32] = np.round(np.clip(points, -FAR, FAR) * ONE).astype(np.int32)
    return fixed
