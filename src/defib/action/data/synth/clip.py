"""One clip: who does what, filmed by one camera, as frames and as the poses that an estimator found."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import msgspec
import numpy as np

from defib.action.data.synth import camera as cameras
from defib.action.data.synth import figure, people, scene, things
from defib.action.data.synth.estimate import Errors, estimate
from defib.action.data.synth.performance import Actor, perform
from defib.action.data.synth.skeleton import JOINTS, Floats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.action.data.synth.act import Act
    from defib.action.data.synth.brush import Image
    from defib.action.data.synth.camera import Camera

# What random numbers are for: each kind has its own stream, so that no change of one moves another.
PERSON, PLAY, PLACE, VIEW, POSE, GRAIN = range(6)
PEOPLE_A_SETUP = 4  # as in NTU RGB+D, where a set-up saw a few performers
SUPER = 2  # times finer than the picture are small pictures drawn


class Take(msgspec.Struct, frozen=True, kw_only=True):
    """Which clip: all that its numbers depend on, with the seed and the act."""

    seed: int
    person: int
    """From 1."""
    repeat: int
    """From 1."""
    camera: int
    """1, 2 or 3."""
    people: int
    """How many persons there are, for the second of a pair."""

    @property
    def setup(self) -> int:
        """The room, from 1."""
        return 1 + (self.person - 1) // PEOPLE_A_SETUP

    def name(self, label: int) -> str:
        """As NTU RGB+D names it.

        >>> Take(seed=0, person=5, repeat=2, camera=3, people=8).name(12)
        'S002C003P005R002A013'
        """
        return f"S{self.setup:03d}C{self.camera:03d}P{self.person:03d}R{self.repeat:03d}A{label + 1:03d}"


class Clip(NamedTuple):
    """A performance before one camera."""

    actors: tuple[Actor, ...]
    camera: Camera
    points: Floats
    """What an estimator found: [M, T, 17, 2] pixels of the camera."""
    scores: Floats
    """[M, T, 17]."""
    room: Image
    light: float
    take: Take
    number: int
    grown: float = 1.0
    """How much larger than usual what is held is drawn."""


def stage(
    act: Act, take: Take, *, size: tuple[int, int], lengths: tuple[int, int], errors: Errors | None = None
) -> Clip:
    """Everything about a clip but its frames.

    size: width and height; lengths: of a clip, shortest and longest, in frames.
    """
    seed, number = take.seed, act.number
    first = people.subject(people.stream(seed, PERSON, take.person))
    partner = 1 + take.person % take.people
    second = people.subject(people.stream(seed, PERSON, partner if partner != take.person else take.people + 1))
    play = people.stream(seed, PLAY, take.person, take.repeat, number)
    usual = play.uniform(*lengths) / np.sqrt(first.speed)
    frames = int(np.clip(round(usual), *lengths))
    actors = perform(act, first, second, play, frames)
    view = people.stream(seed, VIEW, take.setup, take.camera)
    camera = cameras.camera(take.camera, view, size)
    place = people.stream(seed, PLACE, take.setup, take.camera)
    room = scene.room(place, camera)
    chance = people.stream(seed, POSE, take.person, take.repeat, number, take.camera)
    found = [estimate(actor, camera, errors or Errors(), chance) for actor in actors]
    points, scores = np.stack([one for one, _ in found]), np.stack([one for _, one in found])
    light = float(people.stream(seed, PLACE, take.setup).uniform(*scene.DIM))
    return Clip(actors, camera, points, scores, room, light, take, number)


def box(clip: Clip, padding: float) -> tuple[float, float, float]:
    """The square around everybody at all times: x and y of its middle and its side, in pixels.

    padding: share of the side that is added on all sides together.
    """
    seen = clip.points[clip.scores > 0]
    low, high = seen.min(axis=0), seen.max(axis=0)
    middle, side = (low + high) / 2, float((high - low).max()) * (1 + padding)
    return float(middle[0]), float(middle[1]), max(side, 2.0)


def frames(clip: Clip, wanted: Sequence[int] | None = None) -> list[Image]:
    """Draw some frames, or all: [H, W, 3] RGB each."""
    shots = [_shot(clip, actor, (0.0, 0.0), 1.0) for actor in clip.actors]
    return _drawn(clip, shots, clip.room, wanted)


def cropped(clip: Clip, square: tuple[float, float, float], side: int, wanted: Sequence[int]) -> list[Image]:
    """Draw some frames of a square of the picture directly at `side` pixels, without drawing the rest."""
    zoom = side * SUPER / square[2]
    corner = square[0] - square[2] / 2, square[1] - square[2] / 2
    place = np.array([[zoom, 0.0, -corner[0] * zoom], [0.0, zoom, -corner[1] * zoom]])
    room = cv2.warpAffine(clip.room, place, (side * SUPER, side * SUPER), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)  # fmt: skip
    shots = [_shot(clip, actor, corner, zoom) for actor in clip.actors]
    small = (side, side)
    fine = _drawn(clip, shots, np.asarray(room, np.uint8), wanted)
    return [np.asarray(cv2.resize(one, small, interpolation=cv2.INTER_AREA), np.uint8) for one in fine]


def _shot(clip: Clip, actor: Actor, corner: tuple[float, float], zoom: float) -> figure.Shot:
    def moved(pixels: Floats) -> Floats:
        shifted: Floats = (pixels - np.array(corner)) * zoom
        return shifted

    pixels, metre = clip.camera.seen(actor.joints)
    length = actor.joints.shape[0]
    thing, thing_behind = np.full((length, 2), np.nan), np.zeros(length)
    if actor.moves.held is not None:
        where = things.path(actor)
        thing, thing_behind = moved(clip.camera.seen(where)[0]), clip.camera.behind(where)
    return figure.Shot(
        actor=actor,
        pixels=moved(pixels),
        metre=metre[:, JOINTS["spine_mid"]] * zoom,
        behind=clip.camera.behind(actor.joints),
        thing=thing,
        thing_behind=thing_behind,
        grown=clip.grown,
        light=clip.light,
    )


def _drawn(clip: Clip, shots: list[figure.Shot], room: Image, wanted: Sequence[int] | None) -> list[Image]:
    take = clip.take
    chance = people.stream(take.seed, GRAIN, take.person, take.repeat, clip.number, take.camera)
    tile = scene.grain(chance, (room.shape[1], room.shape[0]))
    made = []
    for frame in range(clip.points.shape[1]) if wanted is None else wanted:
        image = room.copy()
        order = sorted(shots, key=lambda shot: -float(shot.behind[frame, JOINTS["spine_mid"]]))
        for shot in order:
            feet = shot.pixels[frame, [JOINTS["l_ankle"], JOINTS["r_ankle"]]]
            scene.shadow(image, np.array([feet[:, 0].mean(), feet[:, 1].max()]), float(shot.metre[frame]))
        for shot in order:
            figure.draw(image, shot, frame)
        made.append(scene.exposed(image, tile, chance))
    return made
