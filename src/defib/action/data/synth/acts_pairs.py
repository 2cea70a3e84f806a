"""Classes of two people who face each other."""

from __future__ import annotations

import msgspec

from defib.action.data.synth.act import Act, Keys, Moves, Wave, bump, hold
from defib.action.data.synth.acts_body import LEG_ACTS
from defib.words import Words

STILL = Moves()
HIT: dict[str, Keys] = {
    "spine.pitch": ((0.35, 0.0), (0.5, -0.25), (0.75, 0.0)),
    "travel.z": ((0.38, 0.0), (0.55, -0.14), (1.0, -0.14)),
}
PUSHED: dict[str, Keys] = {"spine.pitch": ((0.4, 0.0), (0.55, -0.3), (0.85, 0.0)), "travel.z": ((0.42, 0.0), (0.65, -0.35), (1.0, -0.35))}  # fmt: skip
HAND_OUT = Moves(right=hold("low_ahead", 0.3, 0.75))
"""Handing something over and shaking hands begin alike; what is held and the shake tell them apart."""
STEPS = (
    Wave("rfoot.z", 0.2, 1.0, 0.05, 0.95), Wave("lfoot.z", 0.2, 1.0, 0.05, 0.95, 0.5),
    Wave("rfoot.y", 0.05, 1.0, 0.05, 0.95, 0.25), Wave("lfoot.y", 0.05, 1.0, 0.05, 0.95, 0.75),
    Wave("right.z", 0.13, 1.0, 0.05, 0.95, 0.5), Wave("left.z", 0.13, 1.0, 0.05, 0.95),
)  # fmt: skip
COMING = Moves(bends={"travel.z": ((0.05, -0.75), (0.95, 0.0))}, waves=STEPS)
LEAVING = Moves(
    bends={"travel.z": ((0.15, 0.0), (0.95, -0.8)), "turn": ((0.0, 0.0), (0.2, 3.1))}, waves=STEPS
)  # fmt: skip
HUG = Moves(right=hold("hug_high", 0.4, 0.8), left=hold("hug_low", 0.4, 0.8), bends={"travel.z": bump(0.16, 0.4, 0.8), "spine.pitch": bump(0.12)})  # fmt: skip


def pair(number: int, en: str, zh: str, first: Moves, second: Moves, apart: float, *, together: bool = True) -> Act:  # noqa: PLR0913, PLR0917 (what it is made of, in order)
    """One class of two people."""
    name = Words(en=en, zh=zh)
    return Act(number=number, name=name, moves=first, other=second, apart=apart, together=together)


PAIR_ACTS = (
    pair(
        49, "punching/slapping other person", "拳打对方",
        Moves(right=((0.0, "rest"), (0.3, "sleeve"), (0.42, "ahead"), (0.52, "ahead"), (0.8, "rest")),
              bends={"spine.yaw": ((0.0, 0.0), (0.3, -0.3), (0.42, 0.4), (0.8, 0.0)), "travel.z": bump(0.12, 0.4, 0.5)}),
        Moves(bends=HIT), 0.85,
    ),
    pair(50, "kicking other person", "踢对方", LEG_ACTS[0].moves, Moves(bends=HIT), 0.95),
    pair(
        51, "pushing other person", "推对方",
        Moves(right=((0.0, "rest"), (0.3, "palms"), (0.45, "ahead"), (0.6, "ahead"), (0.9, "rest")),
              left=((0.0, "rest"), (0.3, "palms"), (0.45, "ahead"), (0.6, "ahead"), (0.9, "rest")),
              bends={"spine.pitch": bump(0.2, 0.45, 0.6), "travel.z": bump(0.12, 0.45, 0.6)}),
        Moves(bends=PUSHED), 0.8,
    ),
    pair(
        52, "pat on back of other person", "拍对方的背",
        Moves(right=hold("ahead", 0.3, 0.85), waves=(Wave("right.y", 0.06, 1.7, 0.3, 0.9),)),
        Moves(bends={"turn": ((0.0, 3.14), (1.0, 3.14))}), 0.62,
    ),
    pair(53, "point finger at the other person", "指着对方", Moves(right=hold("ahead", 0.3, 0.75)), STILL, 1.15),
    pair(54, "hugging other person", "拥抱", HUG, HUG, 0.66),
    pair(55, "giving something to other person", "递东西给对方", msgspec.structs.replace(HAND_OUT, held="book"), HAND_OUT, 0.85),
    pair(
        56, "touch other person's pocket", "摸对方口袋",
        Moves(right=hold("low_ahead", 0.3, 0.75), bends={"right.y": bump(-0.22), "spine.pitch": bump(0.3)}),
        Moves(bends={"turn": ((0.0, 2.4), (1.0, 2.4))}), 0.7,
    ),
    pair(
        57, "handshaking", "握手",
        msgspec.structs.replace(HAND_OUT, waves=(Wave("right.y", 0.05, 2.0, 0.3, 0.85),)),
        msgspec.structs.replace(HAND_OUT, waves=(Wave("right.y", 0.05, 2.0, 0.3, 0.85),)), 0.85,
    ),
    pair(58, "walking towards each other", "相向而行", COMING, COMING, 0.75, together=False),
    pair(59, "walking apart from each other", "相背而行", LEAVING, LEAVING, 0.75, together=False),
)  # fmt: skip
