"""How a class moves, as data: where the hands go, how the body bends, what swings, what is held.

Times are shares of the action: 0 where it begins, 1 where it ends.
"""

from __future__ import annotations

import msgspec

from defib.words import Words

Keys = tuple[tuple[float, float], ...]
"""(time, value): a channel goes smoothly from each value to the next."""
Way = tuple[tuple[float, str], ...]
"""(time, place of `skeleton.PLACES`): likewise for a hand."""

RESTING: Way = ((0.0, "rest"),)


class Wave(msgspec.Struct, frozen=True):
    """A swing of one channel that begins and ends softly."""

    channel: str
    size: float
    """Metres or radians, from the middle outwards."""

    hertz: float
    since: float = 0.2
    until: float = 0.85
    phase: float = 0.0
    """Share of a swing that has already passed; 0.25 begins at the far end."""


class Moves(msgspec.Struct, frozen=True, kw_only=True):
    """What one body does."""

    right: Way = RESTING
    left: Way = RESTING
    bends: dict[str, Keys] = {}
    waves: tuple[Wave, ...] = ()
    held: str | None = None
    """A thing of `things.THINGS` that belongs to the class."""

    held_until: float = 1.0
    """When it leaves the hand; before `held_from` it is not there yet."""

    held_from: float = 0.0
    worn_from: str | None = None
    """`jacket`, `glasses` or `hat`: worn from the middle on."""

    worn_until: str | None = None
    """Likewise, but taken off in the middle."""


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One class."""

    number: int
    """Its place among the 60 classes of NTU RGB+D, whose names we borrow, from 0."""

    name: Words
    moves: Moves
    other: Moves | None = None
    """What the second person does."""

    apart: float = 0.8
    """Metres between the two."""

    together: bool = False
    """Whether the second person keeps the time of the first; otherwise they begin a little later."""


def hold(place: str, since: float = 0.3, until: float = 0.72) -> Way:
    """From rest to a place, there for a while, and back.

    >>> hold("mouth")
    ((0.0, 'rest'), (0.3, 'mouth'), (0.72, 'mouth'), (1.0, 'rest'))
    """
    return ((0.0, "rest"), (since, place), (until, place), (1.0, "rest"))


def bump(value: float, since: float = 0.3, until: float = 0.7) -> Keys:
    """From zero to a value, there for a while, and back.

    >>> bump(0.5)
    ((0.0, 0.0), (0.3, 0.5), (0.7, 0.5), (1.0, 0.0))
    """
    return ((0.0, 0.0), (since, value), (until, value), (1.0, 0.0))
