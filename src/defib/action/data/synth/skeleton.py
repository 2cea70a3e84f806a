"""The joints of a made-up body, and where they are when it holds a posture.

Shape letters: T frame, J joint, 3 metres (x to the person's left, y up, z ahead of the person, floor at y = 0).
"""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

KINECT = (
    "spine_base", "spine_mid", "neck", "head", "l_shoulder", "l_elbow", "l_wrist", "l_hand", "r_shoulder", "r_elbow",
    "r_wrist", "r_hand", "l_hip", "l_knee", "l_ankle", "l_foot", "r_hip", "r_knee", "r_ankle", "r_foot",
    "spine_shoulder", "l_tip", "l_thumb", "r_tip", "r_thumb",
)  # fmt: skip
"""The 25 joints of NTU's Kinect, in its order."""
FACE = ("nose", "l_eye", "r_eye", "l_ear", "r_ear")
JOINTS = {name: index for index, name in enumerate((*KINECT, *FACE))}
COCO = tuple(
    JOINTS[name]
    for name in (
        "nose", "l_eye", "r_eye", "l_ear", "r_ear", "l_shoulder", "r_shoulder", "l_elbow", "r_elbow", "l_wrist",
        "r_wrist", "l_hip", "r_hip", "l_knee", "r_knee", "l_ankle", "r_ankle",
    )
)  # fmt: skip
"""Where the 17 joints of COCO are among ours: odd ones left, even ones right, as seen by the person."""

# Shares of the body's height; assumed, near the usual tables of anthropometry.
HIP, TORSO, NECK, HEAD = 0.52, 0.30, 0.045, 0.075
UPPER_ARM, FOREARM, HAND = 0.172, 0.150, 0.055
THIGH, SHIN, ANKLE, FOOT = 0.245, 0.245, 0.04, 0.11
SHOULDERS, HIPS, HEAD_RADIUS = 0.115, 0.06, 0.062  # half a width

# Where a hand can go: frame, then x (outwards from the middle, on the side of the hand), y, z in shares of the height.
# Frames: head (from its centre), chest (from between the shoulders), hips (from the base of the spine, upright).
PLACES = {
    "rest": ("chest", 0.155, -0.315, 0.015),
    "mouth": ("head", 0.015, -0.075, 0.09),
    "ear": ("head", 0.085, -0.005, 0.015),
    "temple": ("head", 0.075, 0.035, 0.05),
    "eyes": ("head", 0.05, 0.015, 0.085),
    "crown": ("head", 0.04, 0.085, 0.02),
    "nape": ("head", 0.03, -0.06, -0.05),
    "throat": ("chest", 0.03, 0.03, 0.07),
    "heart": ("chest", 0.01, -0.06, 0.085),
    "belly": ("chest", 0.03, -0.2, 0.1),
    "small_of_back": ("chest", 0.07, -0.22, -0.07),
    "shoulder": ("chest", -0.09, 0.0, 0.08),
    "palms": ("chest", 0.012, -0.1, 0.16),
    "apart": ("chest", 0.09, -0.1, 0.16),
    "read": ("chest", 0.055, -0.09, 0.17),
    "desk": ("chest", 0.06, -0.19, 0.19),
    "crossed": ("chest", -0.05, -0.04, 0.17),
    "ahead": ("chest", 0.07, -0.01, 0.31),
    "low_ahead": ("chest", 0.07, -0.13, 0.26),
    "selfie": ("chest", 0.13, 0.06, 0.26),
    "aside": ("chest", 0.34, 0.0, 0.06),
    "up": ("chest", 0.12, 0.29, 0.06),
    "wave": ("chest", 0.21, 0.12, 0.09),
    "behind": ("chest", 0.2, 0.08, -0.12),
    "watch": ("chest", 0.02, -0.1, 0.13),
    "pocket": ("hips", 0.1, -0.03, 0.03),
    "sleeve": ("chest", 0.17, -0.1, 0.07),
    "floor": ("hips", 0.07, -0.46, 0.16),
    "shoe": ("hips", 0.07, -0.33, 0.16),
    "hug_high": ("chest", -0.02, 0.0, 0.27),
    "hug_low": ("chest", 0.0, -0.09, 0.27),
}

CHANNELS = (
    "travel.x", "travel.y", "travel.z", "turn", "tilt.pitch", "tilt.roll", "pelvis.x", "pelvis.y", "pelvis.z",
    "spine.pitch", "spine.yaw", "spine.roll", "head.pitch", "head.yaw", "head.roll", "right.x", "right.y", "right.z",
    "left.x", "left.y", "left.z", "rfoot.x", "rfoot.y", "rfoot.z", "lfoot.x", "lfoot.y", "lfoot.z",
)  # fmt: skip
"""What a posture is made of, beside the places of the hands. Lengths in metres, angles in radians. Pitch leans or
nods forward; `travel` carries the whole body, `pelvis` moves it over feet that stay; x of a hand or a foot is outwards."""


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """The size of a body."""

    height: float = 1.7
    """Metres."""

    width: float = 1.0
    """Shoulders and limbs, times the usual."""

    arms: float = 1.0
    """Length of the arms, times the usual."""


class Posture(msgspec.Struct, frozen=True, kw_only=True):
    """What a body does over T frames."""

    channels: dict[str, Floats]
    """Those of CHANNELS that are not always zero, each [T]."""

    right: dict[str, Floats]
    """Share of each place of PLACES in the position of the right hand, each [T]; the shares add up to one."""

    left: dict[str, Floats]

    frames: int


def joints(build: Build, posture: Posture) -> Floats:
    """The joints of JOINTS over time, [T, J, 3] in metres; the person stands at the origin and looks along +z."""
    size, frames = build.height, posture.frames

    def of(name: str) -> Floats:
        return posture.channels.get(name, np.zeros(frames))

    def three(name: str, side: float = 1.0) -> Floats:
        return np.stack([side * of(f"{name}.x"), of(f"{name}.y"), of(f"{name}.z")], axis=-1)

    found = np.zeros((frames, len(JOINTS), 3))

    def put(name: str, at: Floats) -> Floats:
        found[:, JOINTS[name]] = at
        return at

    upright = np.broadcast_to(np.eye(3), (frames, 3, 3))
    spine = rotation(of("spine.pitch"), of("spine.yaw"), of("spine.roll"))
    skull = spine @ rotation(of("head.pitch"), of("head.yaw"), of("head.roll"))
    base = put("spine_base", _point(0, HIP * size, 0) + three("pelvis"))
    top = put("spine_shoulder", base + _turned(spine, 0, TORSO * size, 0))
    put("spine_mid", (base + top) / 2)
    neck = put("neck", top + _turned(spine, 0, NECK * size, 0))
    head = put("head", neck + _turned(skull, 0, HEAD * size, 0.01 * size))
    put("nose", head + _turned(skull, 0, -0.01 * size, HEAD_RADIUS * size))
    frame = {"head": (skull, head), "chest": (spine, top), "hips": (upright, base)}
    for name, side, hand, foot in (("l", 1.0, "left", "lfoot"), ("r", -1.0, "right", "rfoot")):
        put(f"{name}_eye", head + _turned(skull, side * 0.024 * size, 0.012 * size, 0.055 * size))
        put(f"{name}_ear", head + _turned(skull, side * 0.058 * size, 0.0, 0.0))
        shoulder = put(
            f"{name}_shoulder", top + _turned(spine, side * SHOULDERS * size * build.width, -0.012 * size, 0)
        )
        shares = posture.left if hand == "left" else posture.right
        wish = three(hand, side)
        for place, share in shares.items():
            inside, x, y, z = PLACES[place]
            turn, origin = frame[inside]
            wish = wish + share[:, None] * (origin + _turned(turn, side * x * size, y * size, z * size))
        pole = _turned(spine, side * 0.55, -1.0, -0.35)
        long, short = UPPER_ARM * size * build.arms, FOREARM * size * build.arms
        elbow, wrist = bend(shoulder, wish, long, short, pole)
        put(f"{name}_elbow", elbow)
        put(f"{name}_wrist", wrist)
        ahead = _unit(wrist - elbow)
        put(f"{name}_hand", wrist + ahead * (0.6 * HAND * size))
        put(f"{name}_tip", wrist + ahead * (1.3 * HAND * size))
        put(f"{name}_thumb", wrist + ahead * (0.5 * HAND * size) + _turned(spine, 0, 0.02 * size, 0.01 * size))
        hip = put(f"{name}_hip", base + _point(side * HIPS * size * build.width, -0.015 * size, 0))
        ground = _point(side * HIPS * 1.15 * size * build.width, ANKLE * size, 0) + three(foot, side)
        knee, ankle = bend(hip, ground, THIGH * size, SHIN * size, np.broadcast_to(_point(side * 0.1, 0, 1), hip.shape))
        put(f"{name}_knee", knee)
        put(f"{name}_ankle", ankle)
        put(f"{name}_foot", ankle + _point(side * 0.02 * size, -0.6 * ANKLE * size, FOOT * size))
    tilted = np.einsum("tij,tkj->tki", rotation(of("tilt.pitch"), np.zeros(frames), of("tilt.roll")), found)
    turned = np.einsum("tij,tkj->tki", rotation(np.zeros(frames), of("turn"), np.zeros(frames)), tilted)
    moved: Floats = turned + three("travel")[:, None]
    return moved


def bend(start: Floats, wish: Floats, long: float, short: float, pole: Floats) -> tuple[Floats, Floats]:
    """Two bones from `start` towards `wish`, bent on the side of `pole`; all points [T, 3].

    Returns the joint between the bones and the end of the second. What is too far is reached for, not reached.

    >>> middle, end = bend(np.zeros((1, 3)), np.array([[0.0, -1.0, 0.0]]), 0.6, 0.6, np.array([[0.0, 0.0, 1.0]]))
    >>> np.round(middle, 2).tolist(), np.round(end, 2).tolist()
    ([[0.0, -0.5, 0.33]], [[0.0, -1.0, 0.0]])
    """
    far = np.linalg.norm(wish - start, axis=-1, keepdims=True)
    along = (wish - start) / np.maximum(far, 1e-9)
    reach = np.clip(far, abs(long - short) * 1.05 + 1e-3, (long + short) * 0.999)
    foot = (reach**2 + long**2 - short**2) / (2 * reach)
    height = np.sqrt(np.maximum(long**2 - foot**2, 0.0))
    aside = pole - (pole * along).sum(-1, keepdims=True) * along
    return start + along * foot + _unit(aside) * height, start + along * reach


def rotation(pitch: Floats, yaw: Floats, roll: Floats) -> Floats:
    """Rotation matrices [T, 3, 3]: roll about z, then pitch about x (up tips forward), then yaw about y (to the left)."""
    (sp, cp), (sy, cy), (sr, cr) = ((np.sin(angle), np.cos(angle)) for angle in (pitch, yaw, roll))
    one, nil = np.ones_like(sp), np.zeros_like(sp)
    about_x = _matrix((one, nil, nil), (nil, cp, -sp), (nil, sp, cp))
    about_y = _matrix((cy, nil, sy), (nil, one, nil), (-sy, nil, cy))
    about_z = _matrix((cr, -sr, nil), (sr, cr, nil), (nil, nil, one))
    turned: Floats = about_y @ about_x @ about_z
    return turned


def _matrix(*rows: tuple[Floats, Floats, Floats]) -> Floats:
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def _point(x: float, y: float, z: float) -> Floats:
    return np.array([x, y, z], dtype=np.float64)


def _turned(turn: Floats, x: float, y: float, z: float) -> Floats:
    moved: Floats = turn @ _point(x, y, z)
    return moved


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Floats = vectors / np.maximum(lengths, 1e-9)
    return unit
