"""What a pose estimator would have said: joints in pixels with scores, a little wrong, sometimes very wrong.

The shape of the errors is assumed: they grow with the person in the picture, wander slowly, are worse for the far side
of a body, and now and then a joint is missed, a side is exchanged or the person is not found at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.action.data.synth.performance import drift
from defib.action.data.synth.skeleton import COCO, JOINTS, Floats

if TYPE_CHECKING:
    from numpy.random import Generator

    from defib.action.data.synth.camera import Camera
    from defib.action.data.synth.performance import Actor

SIDES = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]
"""Each COCO joint's other side."""


class Errors(msgspec.Struct, frozen=True, kw_only=True):
    """How wrong the estimator is. All assumed."""

    jitter: float = 0.011
    """Of each frame, as a share of the person's height in the picture."""

    wander: float = 0.009
    """Slow, in the same unit."""

    missed: float = 0.05
    """Share of joints that are missed at some time, each for a third of a second."""

    exchanged: float = 0.06
    """Share of clips in which left and right are exchanged for a few frames."""

    lost: float = 0.01
    """Share of frames in which the person is not found: zeros, with score 0."""


def estimate(actor: Actor, camera: Camera, errors: Errors, chance: Generator) -> tuple[Floats, Floats]:
    """The 17 COCO joints of one person: pixels [T, 17, 2] and scores [T, 17] in [0, 1]."""
    true, scale = camera.seen(actor.joints[:, COCO])
    frames = true.shape[0]
    size = actor.subject.build.height * scale.mean(axis=1)[:, None, None]
    wander = np.stack([drift(chance, frames) for _ in range(34)], axis=-1).reshape(frames, 17, 2)
    noise = errors.jitter * chance.normal(0.0, 1.0, true.shape) + errors.wander * wander
    behind = camera.behind(actor.joints[:, COCO]) - camera.behind(actor.joints[:, JOINTS["spine_mid"]])[:, None]
    hidden = np.clip(behind / 0.25, 0.0, 1.0)  # a quarter of a metre behind the spine is the far side of a body
    found = true + size * noise * (1.0 + hidden[..., None])
    score = np.clip(0.93 - 0.25 * hidden + 0.06 * chance.normal(0.0, 1.0, hidden.shape), 0.05, 1.0)
    for joint in np.flatnonzero(chance.random(17) < errors.missed * frames / 10):
        since = int(chance.integers(0, frames))
        part = slice(since, since + 10)
        found[part, joint] += 0.12 * size[part, 0] * chance.normal(0.0, 1.0, 2)
        score[part, joint] *= chance.uniform(0.1, 0.5)
    if chance.random() < errors.exchanged:
        since = int(chance.integers(0, frames))
        part = slice(since, since + 5)
        found[part], score[part] = found[part][:, SIDES], score[part][:, SIDES]
    lost = chance.random(frames) < errors.lost
    found[lost], score[lost] = 0.0, 0.0
    return found, score
