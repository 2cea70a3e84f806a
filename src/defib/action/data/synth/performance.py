"""How one subject acts out one class once: the joints of each person over time, before any camera looks.

The same performance is filmed by every camera, as in NTU RGB+D.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.action.data.synth.act import Moves
from defib.action.data.synth.people import Subject
from defib.action.data.synth.skeleton import JOINTS, Floats, Posture, joints

if TYPE_CHECKING:
    from numpy.random import Generator

    from defib.action.data.synth.act import Act, Keys, Wave, Way

FPS = 30
LEAD = (0.02, 0.12)  # share of the clip before the action begins, and likewise after it; assumed
TREMBLE = {"head.yaw": 0.05, "head.pitch": 0.04, "spine.roll": 0.015, "spine.yaw": 0.03, "spine.pitch": 0.02} | {
    f"{hand}.{axis}": 0.008 for hand in ("right", "left") for axis in "xyz"
}  # radians and metres that nobody means; assumed
LATER = 0.06  # share of the clip that a second person begins later; assumed
EDGE = 0.08  # share of the action in which a swing grows and fades


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """One person in one performance."""

    subject: Subject
    moves: Moves
    joints: Floats
    """[T, J, 3] metres in the room: x to the right of the stage as its middle camera sees it is negative, y up."""

    clock: Floats
    """Share of the action at each frame, [T]: 0 before it begins, 1 after it ends."""

    mirrored: bool
    """Whether left and right are exchanged (a left-handed person)."""


def perform(act: Act, subject: Subject, other: Subject, chance: Generator, frames: int) -> tuple[Actor, ...]:
    """Act out a class; one actor, or two for a mutual class.

    frames: how long the clip is.
    """
    lead, tail = chance.uniform(*LEAD, 2)
    heading = chance.uniform(-0.35, 0.35)
    where = chance.normal(0.0, 0.06, 2)
    first = _acted(act.moves, subject, chance, frames, (lead, tail))
    if act.other is None:
        return (_placed(first, heading, (float(where[0]), 0.0, float(where[1]))),)
    late = 0.0 if act.together else float(chance.uniform(0.0, LATER))
    second = _acted(act.other, other, chance, frames, (lead + late, max(tail - late, 0.0)))
    half = act.apart / 2 * chance.uniform(0.95, 1.08)
    ahead = np.array([np.sin(heading + np.pi / 2), 0.0, np.cos(heading + np.pi / 2)])
    one, two = -half * ahead, half * ahead
    return (
        _placed(first, heading + np.pi / 2, (one[0] + where[0], 0.0, one[2] + where[1])),
        _placed(second, heading - np.pi / 2, (two[0] + where[0], 0.0, two[2] + where[1])),
    )


def _acted(moves: Moves, subject: Subject, chance: Generator, frames: int, rests: tuple[float, float]) -> Actor:
    """One person at the origin."""
    share = np.linspace(0.0, 1.0, frames)
    clock = np.clip((share - rests[0]) / max(1.0 - rests[0] - rests[1], 0.1), 0.0, 1.0)
    size = subject.size * chance.uniform(0.88, 1.12)
    channels = {name: size * smooth(keys, clock) for name, keys in moves.bends.items() if name not in WHOLE}
    channels |= {name: smooth(keys, clock) for name, keys in moves.bends.items() if name in WHOLE}
    tempo, phase = subject.speed * chance.uniform(0.92, 1.08), chance.uniform(-0.06, 0.06)
    for wave in moves.waves:
        channels[wave.channel] = channels.get(wave.channel, 0.0) + size * swing(wave, clock, frames, tempo, phase)
    for name, much in TREMBLE.items():
        channels[name] = channels.get(name, 0.0) + much * drift(chance, frames)
    posture = Posture(channels=channels, right=_shares(moves.right, clock), left=_shares(moves.left, clock), frames=frames)  # fmt: skip
    found = joints(subject.build, posture)
    if subject.left_handed:
        found = mirrored(found)
    return Actor(subject=subject, moves=moves, joints=found, clock=clock, mirrored=subject.left_handed)


WHOLE = ("turn", "travel.x", "travel.z", "tilt.pitch")
"""What a larger or smaller person does not do more or less of."""


def smooth(keys: Keys, clock: Floats) -> Floats:
    """A channel at each moment: from key to key along a smoothstep, [T].

    >>> smooth(((0.0, 0.0), (1.0, 2.0)), np.array([0.0, 0.5, 1.0])).tolist()
    [0.0, 1.0, 2.0]
    """
    value = np.full(clock.shape, keys[0][1], dtype=np.float64)
    for (since, low), (until, high) in itertools.pairwise(keys):
        part = np.clip((clock - since) / (until - since), 0.0, 1.0)
        value += (high - low) * part * part * (3 - 2 * part)
    return value


def swing(wave: Wave, clock: Floats, frames: int, tempo: float, phase: float) -> Floats:
    """A wave at each moment, [T]; its rate is in real time, whatever the length of the clip."""
    seconds = np.arange(frames) / FPS
    grown = np.clip((clock - wave.since) / EDGE, 0.0, 1.0) * np.clip((wave.until - clock) / EDGE, 0.0, 1.0)
    swung: Floats = wave.size * grown * np.sin(2 * np.pi * (wave.hertz * tempo * seconds + wave.phase + phase))
    return swung


def drift(chance: Generator, frames: int) -> Floats:
    """A slow wander of about one around zero, [T]."""
    knots = chance.normal(0.0, 1.0, frames // 10 + 3)
    wander: Floats = np.interp(np.arange(frames) / 10, np.arange(knots.size), knots)
    return wander


def mirrored(found: Floats) -> Floats:
    """The same posture with left and right exchanged, [T, J, 3]."""
    order = [JOINTS[_other_side(name)] for name in JOINTS]
    flipped: Floats = found[:, order] * np.array([-1.0, 1.0, 1.0])
    return flipped


def _other_side(name: str) -> str:
    return {"l_": "r_", "r_": "l_"}.get(name[:2], name[:2]) + name[2:]


def _shares(way: Way, clock: Floats) -> dict[str, Floats]:
    """How much of each place a hand has at each moment; they add up to one."""
    shares: dict[str, Floats] = {}
    for index, (_, place) in enumerate(way):
        keys = [(0.0, 1.0)] if index == 0 else [(way[index - 1][0], 0.0), (way[index][0], 1.0)]
        if index + 1 < len(way):
            after = [(way[index][0], 1.0), (way[index + 1][0], 0.0)]
            keys = keys + after if keys[-1] != after[0] else keys + after[1:]
        shares[place] = shares.get(place, 0.0) + smooth(_rising(keys), clock)
    return shares


def _rising(keys: list[tuple[float, float]]) -> Keys:
    """Keys at strictly growing times, which `smooth` divides by."""
    kept: list[tuple[float, float]] = []
    for when, value in keys:
        if kept and when <= kept[-1][0]:
            kept[-1] = (kept[-1][0], value)
        else:
            kept.append((when, value))
    return tuple(kept)


def _placed(actor: Actor, heading: float, at: tuple[float, float, float]) -> Actor:
    """Turn and move an actor to their place in the room."""
    cos, sin = np.cos(heading), np.sin(heading)
    turn = np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
    return msgspec.structs.replace(actor, joints=actor.joints @ turn.T + np.array(at))
