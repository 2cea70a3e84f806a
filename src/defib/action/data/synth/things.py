"""Things that people hold: where they are at each moment, and how they look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.action.data.synth import brush
from defib.action.data.synth.people import Colour
from defib.action.data.synth.performance import FPS
from defib.action.data.synth.skeleton import JOINTS, Floats

if TYPE_CHECKING:
    from defib.action.data.synth.brush import Image, Points
    from defib.action.data.synth.performance import Actor

GRAVITY = 9.8  # m/s^2
LYING = 0.06  # metres above the floor


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """How a thing looks. Larger than life, since the pictures are small."""

    size: tuple[float, float]
    """Width and height in metres; of a round thing, twice the radii."""

    colour: Colour
    second: Colour
    """Of its inner part: a screen, pages, a rim."""

    round: bool = False
    both: bool = False
    """Held between both hands."""

    along: bool = False
    """Points where the forearm points; otherwise it is upright."""


THINGS = {
    "cup": Thing(size=(0.11, 0.17), colour=(70, 130, 225), second=(235, 245, 255)),
    "snack": Thing(size=(0.17, 0.11), colour=(205, 125, 40), second=(245, 205, 120), round=True),
    "stick": Thing(size=(0.025, 0.2), colour=(240, 240, 245), second=(60, 170, 220), along=True),
    "comb": Thing(size=(0.06, 0.22), colour=(120, 30, 60), second=(170, 60, 90), along=True),
    "phone": Thing(size=(0.1, 0.19), colour=(25, 25, 30), second=(110, 190, 245)),
    "tissue": Thing(size=(0.17, 0.17), colour=(248, 248, 248), second=(225, 225, 228), round=True),
    "book": Thing(size=(0.36, 0.25), colour=(175, 35, 35), second=(245, 240, 225), both=True),
    "pen": Thing(size=(0.02, 0.17), colour=(20, 40, 160), second=(200, 200, 210), along=True),
    "paper": Thing(size=(0.26, 0.2), colour=(246, 246, 240), second=(228, 228, 222), both=True),
    "keyboard": Thing(size=(0.42, 0.12), colour=(45, 45, 50), second=(130, 130, 138), both=True),
    "ball": Thing(size=(0.15, 0.15), colour=(230, 90, 30), second=(250, 190, 150), round=True),
    "fan": Thing(size=(0.26, 0.2), colour=(230, 200, 60), second=(200, 60, 60), round=True),
    "shoe": Thing(size=(0.24, 0.1), colour=(70, 45, 30), second=(220, 220, 220)),
}


def path(actor: Actor) -> Floats:
    """Where the thing of an actor is, [T, 3] in metres: in the hand, or lying or flying before and after."""
    thing, moves, found = THINGS[str(actor.moves.held)], actor.moves, actor.joints
    near, far = ("l", "r") if actor.mirrored else ("r", "l")
    hand = found[:, JOINTS[f"{near}_hand"]]
    if thing.both:
        hand = (hand + found[:, JOINTS[f"{far}_hand"]]) / 2
    at = hand.copy()
    since = int(np.searchsorted(actor.clock, moves.held_from)) if moves.held_from > 0 else 0
    at[:since] = hand[min(since, len(hand) - 1)]
    at[:since, 1] = LYING
    until = int(np.searchsorted(actor.clock, moves.held_until)) if moves.held_until < 1 else len(hand)
    if 0 < until < len(hand):
        speed = (hand[until - 1] - hand[max(until - 4, 0)]) * FPS / 3 if until > 3 else np.zeros(3)  # noqa: PLR2004
        seconds = (np.arange(until, len(hand)) - until + 1)[:, None] / FPS
        at[until:] = hand[until - 1] + speed * seconds + np.array([0.0, -GRAVITY / 2, 0.0]) * seconds**2
        at[until:, 1] = np.maximum(at[until:, 1], LYING)
    return at


def draw(image: Image, thing: Thing, centre: Points, along: Points, metre: float, light: float) -> None:  # noqa: PLR0913, PLR0917 (what it is made of, in order)
    """Draw a thing at a pixel.

    along: direction of the forearm in the picture; metre: its length in pixels; light: 1 is as the colours are.
    """
    half = np.array(thing.size) / 2 * metre
    up = np.array([0.0, -1.0])
    if thing.along:
        length = float(np.hypot(*along))
        up = along / length if length > 1e-6 else up  # noqa: PLR2004 (a forearm that points at the camera)
        centre = centre + up * half[1] * 0.5
    right = np.array([-up[1], up[0]])
    colour, second = brush.tinted(thing.colour, light), brush.tinted(thing.second, light)
    if thing.round:
        brush.oval(image, centre, (float(half[0]), float(half[1])), 0.0, colour)
        brush.oval(image, centre, (float(half[0] * 0.55), float(half[1] * 0.55)), 0.0, second)
        return
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]) * half
    brush.polygon(image, centre + corners[:, :1] * right + corners[:, 1:] * up, colour)
    corners = corners * 0.72
    brush.polygon(image, centre + corners[:, :1] * right + corners[:, 1:] * up, second)
    if thing.both:  # the fold of a book, the tear of a paper, the rows of a keyboard
        fold = np.array([[-0.06, -1.0], [0.06, -1.0], [0.06, 1.0], [-0.06, 1.0]]) * half
        brush.polygon(image, centre + fold[:, :1] * right + fold[:, 1:] * up, colour)
