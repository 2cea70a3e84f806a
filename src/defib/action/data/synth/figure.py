"""A body as a picture: limbs, clothes, a head that looks somewhere, what it wears and holds; the far parts first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.action.data.synth import brush, things
from defib.action.data.synth.performance import Actor
from defib.action.data.synth.skeleton import HEAD_RADIUS, JOINTS, Floats

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.action.data.synth.brush import Image
    from defib.action.data.synth.people import Colour

# Radii in shares of the body's height; assumed.
THIGH, KNEE, ANKLE, SHOE = 0.052, 0.036, 0.024, 0.024
SHOULDER, ELBOW, WRIST, HAND = 0.034, 0.027, 0.019, 0.022
CHEST, WAIST, NECK = 0.068, 0.062, 0.026
FAR_SIDE = 0.82  # light on limbs behind the body
DARK: Colour = (25, 22, 24)
GLASS: Colour = (18, 18, 22)
BARE: Colour = (190, 150, 125)


class Shot(msgspec.Struct, frozen=True, kw_only=True):
    """One actor as one camera sees them, in pixels of the picture that is drawn."""

    actor: Actor
    pixels: Floats
    """[T, J, 2]."""

    metre: Floats
    """Pixels a metre at the middle of the body, [T]."""

    behind: Floats
    """[T, J], metres from the camera along the floor."""

    thing: Floats
    """[T, 2]: the thing in the hand, or NaN where there is none."""

    thing_behind: Floats
    """[T]."""

    grown: float
    """How much larger than usual what is held is drawn."""

    light: float


def draw(image: Image, shot: Shot, frame: int) -> None:
    """Draw one actor as they are at one frame."""
    _Pen(image, shot, frame).draw()


class _Pen:
    """One figure on one picture."""

    def __init__(self, image: Image, shot: Shot, frame: int) -> None:
        self.image, self.shot, self.frame = image, shot, frame
        self.who, self.moves = shot.actor.subject, shot.actor.moves
        self.metre = float(shot.metre[frame])
        self.size = self.who.build.height * self.metre
        self.wide = self.who.build.width
        self.late = bool(shot.actor.clock[frame] > 0.5)  # noqa: PLR2004 (clothes change in the middle)

    def draw(self) -> None:
        self.size = max(self.size, 1.0)
        parts: list[tuple[float, Callable[[], None]]] = [
            (self.depth("spine_mid"), self.torso),
            (self.depth("head") - 0.02, self.head),
            *((self.depth(f"{side}_knee"), self.leg(side)) for side in "lr"),
            *((self.depth(f"{side}_elbow", f"{side}_wrist") - 0.05, self.arm(side)) for side in "lr"),
        ]
        if self.moves.held is not None:
            parts.append((float(self.shot.thing_behind[self.frame]) - 0.12, self.thing))
        for _, part in sorted(parts, key=lambda one: -one[0]):
            part()

    def at(self, joint: str) -> Floats:
        point: Floats = self.shot.pixels[self.frame, JOINTS[joint]]
        return point

    def depth(self, *names: str) -> float:
        return float(np.mean([self.shot.behind[self.frame, JOINTS[name]] for name in names]))

    def lit(self, colour: Colour, light: float = 1.0) -> Colour:
        return brush.tinted(colour, light * self.shot.light)

    def wears(self, what: str) -> bool:
        return (self.moves.worn_from == what and self.late) or (self.moves.worn_until == what and not self.late)

    def limb(self, ends: tuple[str, str], radii: tuple[float, float], colour: Colour) -> None:
        sizes = radii[0] * self.size * self.wide, radii[1] * self.size * self.wide
        brush.limb(self.image, (self.at(ends[0]), self.at(ends[1])), sizes, colour)

    def light_of(self, joint: str) -> float:
        return FAR_SIDE if self.depth(joint) > self.depth("spine_mid") + 0.08 else 1.0

    def leg(self, side: str) -> Callable[[], None]:
        def drawn() -> None:
            cloth = self.lit(self.who.trousers, self.light_of(f"{side}_hip"))
            self.limb((f"{side}_hip", f"{side}_knee"), (THIGH, KNEE), cloth)
            self.limb((f"{side}_knee", f"{side}_ankle"), (KNEE, ANKLE), cloth)
            bare = side == "r" and self.moves.held == "shoe" and (self.late == (self.moves.held_from > 0))
            self.limb((f"{side}_ankle", f"{side}_foot"), (SHOE, SHOE * 0.8), self.lit(BARE if bare else self.who.shoes))

        return drawn

    def arm(self, side: str) -> Callable[[], None]:
        def drawn() -> None:
            light = self.light_of(f"{side}_shoulder")
            jacket = self.wears("jacket")
            cloth = self.lit(self.who.jacket if jacket else self.who.shirt, light * 0.94)
            skin = self.lit(self.who.skin, light)
            lower = cloth if self.who.sleeves or jacket else skin
            self.limb((f"{side}_shoulder", f"{side}_elbow"), (SHOULDER, ELBOW), cloth)
            self.limb((f"{side}_elbow", f"{side}_wrist"), (ELBOW, WRIST), lower)
            self.limb((f"{side}_wrist", f"{side}_hand"), (HAND, HAND * 0.9), skin)

        return drawn

    def torso(self) -> None:
        cloth = self.lit(self.who.jacket if self.wears("jacket") else self.who.shirt)
        self.limb(("neck", "spine_shoulder"), (NECK, NECK), self.lit(self.who.skin, 0.92))
        corners = [self.at(name) for name in ("l_shoulder", "r_shoulder", "r_hip", "l_hip")]
        brush.polygon(self.image, _hull(np.stack(corners)), cloth)
        self.limb(("l_hip", "r_hip"), (THIGH, THIGH), self.lit(self.who.trousers))
        for side in "lr":
            self.limb((f"{side}_shoulder", f"{side}_hip"), (SHOULDER, THIGH * 0.9), cloth)
        self.limb(("spine_shoulder", "spine_base"), (CHEST, WAIST), cloth)
        if self.who.stripes and not self.wears("jacket"):
            pale = self.lit(self.who.shirt, 1.45)
            top, base = self.at("spine_shoulder"), self.at("spine_base")
            for share in (0.3, 0.55):
                middle = top + share * (base - top)
                across = (self.at("l_shoulder") - self.at("r_shoulder")) * 0.42
                brush.limb(self.image, (middle - across, middle + across), (0.014 * self.size,) * 2, pale)

    def head(self) -> None:
        radius = HEAD_RADIUS * self.size
        head, nose, neck = self.at("head"), self.at("nose"), self.at("neck")
        up = (head - neck) / max(float(np.hypot(*(head - neck))), 1e-3)
        ahead = nose - head
        facing = self.depth("head") - self.depth("nose")  # metres; positive looks at the camera
        hair, skin = self.lit(self.who.hair), self.lit(self.who.skin)
        if self.who.long_hair:
            brush.limb(self.image, (head, neck - ahead * 0.4), (radius, radius * 0.8), hair)
        brush.oval(self.image, head, (radius * 1.12, radius * 0.95), _degrees(up), hair)
        if facing > -0.06:  # noqa: PLR2004 (metres; some cheek shows before the profile)
            self.limb(("neck", "spine_shoulder"), (NECK, NECK), self.lit(self.who.skin, 0.92))
            face = head + ahead * 0.38 - up * radius * 0.1
            brush.oval(self.image, face, (radius * 0.88, radius * 0.74), _degrees(up), skin)
            brush.disc(self.image, nose, radius * 0.14, self.lit(self.who.skin, 0.78))
            for side in "lr":
                if self.depth(f"{side}_eye") < self.depth("head") + 0.01:
                    brush.disc(self.image, self.at(f"{side}_eye"), radius * 0.13, self.lit(DARK))
            mouth = nose - up * radius * 0.42 - ahead * 0.15
            aside = np.array([-up[1], up[0]]) * radius * 0.22
            brush.limb(self.image, (mouth - aside, mouth + aside), (radius * 0.06,) * 2, self.lit((150, 70, 70)))
        if self.wears("glasses"):
            for side in "lr":
                brush.disc(self.image, self.at(f"{side}_eye"), radius * 0.38, GLASS)
        if self.wears("hat"):
            brim, top = head + up * radius * 0.42, head + up * radius * 1.25
            across = np.array([-up[1], up[0]]) * radius
            hat = self.lit(self.who.hat)
            brush.limb(self.image, (brim - across * 1.2, brim + across * 1.2), (radius * 0.16,) * 2, hat)
            brush.polygon(self.image, np.stack([brim - across, brim + across, top + across * 0.75, top - across * 0.75]), hat)  # fmt: skip

    def thing(self) -> None:
        kind = things.THINGS[str(self.moves.held)]
        near = "l" if self.shot.actor.mirrored else "r"
        worn = self.moves.held == "shoe" and not (self.moves.held_from <= self.shot.actor.clock[self.frame] <= self.moves.held_until)  # fmt: skip
        if not worn:  # a shoe that is not in the hand is on the foot
            along = self.at(f"{near}_hand") - self.at(f"{near}_elbow")
            things.draw(
                self.image, kind, self.shot.thing[self.frame], along, self.metre * self.shot.grown, self.shot.light
            )


def _degrees(up: Floats) -> float:
    return float(np.degrees(np.arctan2(up[1], up[0])))


def _hull(points: Floats) -> Floats:
    """The corners in the order of a walk around their middle."""
    away = points - points.mean(axis=0)
    ordered: Floats = points[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]
    return ordered
