"""Who acts: made-up subjects with their own build, clothes and speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.action.data.synth.skeleton import Build

if TYPE_CHECKING:
    from numpy.random import Generator

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

SKINS: tuple[Colour, ...] = ((243, 208, 182), (224, 180, 146), (198, 147, 110), (150, 104, 76), (104, 70, 52))
HAIRS: tuple[Colour, ...] = ((30, 26, 24), (62, 42, 30), (120, 84, 50), (176, 146, 96), (110, 110, 112))
LEFT_HANDED = 0.1  # share of people; about that of the world
SPEED = (0.8, 1.25)  # times the usual; assumed


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One made-up person."""

    build: Build
    speed: float
    """Times the usual."""

    size: float
    """How far this person swings and bends, times the usual."""

    left_handed: bool
    skin: Colour
    hair: Colour
    long_hair: bool
    shirt: Colour
    stripes: bool
    sleeves: bool
    """Long ones."""

    trousers: Colour
    shoes: Colour
    jacket: Colour
    hat: Colour


def subject(chance: Generator) -> Subject:
    """Draw one person.

    chance: where the numbers come from; the same state gives the same person.
    """

    def dress(low: int, high: int) -> Colour:
        red, green, blue = (int(value) for value in chance.integers(low, high, 3))
        return red, green, blue

    height, width, arms = chance.uniform(1.52, 1.88), chance.uniform(0.88, 1.18), chance.uniform(0.96, 1.04)
    return Subject(
        build=Build(height=float(height), width=float(width), arms=float(arms)),
        speed=float(chance.uniform(*SPEED)),
        size=float(chance.uniform(0.85, 1.15)),
        left_handed=bool(chance.random() < LEFT_HANDED),
        skin=SKINS[int(chance.integers(len(SKINS)))],
        hair=HAIRS[int(chance.integers(len(HAIRS)))],
        long_hair=bool(chance.random() < 0.4),  # noqa: PLR2004 (assumed share)
        shirt=dress(30, 235),
        stripes=bool(chance.random() < 0.25),  # noqa: PLR2004 (assumed share)
        sleeves=bool(chance.random() < 0.5),  # noqa: PLR2004 (assumed share)
        trousers=dress(20, 130),
        shoes=dress(20, 200),
        jacket=dress(40, 200),
        hat=dress(40, 230),
    )


def stream(*numbers: int) -> Generator:
    """The random numbers that belong to one thing, whoever asks and in whatever order.

    >>> [int(stream(0, of).integers(100)) for of in (7, 7)], int(stream(0, 8).integers(100))
    ([79, 79], 31)
    """
    return np.random.default_rng(numbers)
