"""Classes of the head, of clothes and hands on the body, of the legs, and of the whole body."""

from __future__ import annotations

from defib.action.data.synth.act import Moves, Wave, bump, hold
from defib.action.data.synth.acts_hands import act

ONLY_HEAD_ACTS = (
    act(34, "nod head/bow", "点头", Moves(waves=(Wave("head.pitch", 0.3, 1.3, 0.1, 0.9),))),
    act(35, "shake head", "摇头", Moves(waves=(Wave("head.yaw", 0.55, 1.3, 0.1, 0.9),))),
)

SHOE_BENDS = {"spine.pitch": bump(1.05, 0.3, 0.75), "pelvis.z": bump(-0.12), "pelvis.y": bump(-0.16), "head.pitch": bump(0.3)}  # fmt: skip
JACKET_ON = (
    (0.0, "low_ahead"), (0.2, "behind"), (0.35, "shoulder"), (0.5, "sleeve"), (0.7, "heart"), (1.0, "rest"),
)  # fmt: skip
JACKET_OFF = tuple(
    (1.0 - when, "rest" if place == "low_ahead" else place if place != "rest" else "low_ahead")
    for when, place in reversed(JACKET_ON)
)
CLOTHES_ACTS = (
    act(13, "wear jacket", "穿外套", Moves(right=JACKET_ON, left=hold("sleeve", 0.3, 0.8), worn_from="jacket")),
    act(14, "take off jacket", "脱外套", Moves(right=JACKET_OFF, left=hold("sleeve", 0.2, 0.7), worn_until="jacket")),
    act(
        15, "wear a shoe", "穿鞋",
        Moves(right=hold("shoe"), left=hold("shoe"), held="shoe", held_until=0.5, bends=SHOE_BENDS),
    ),
    act(
        16, "take off a shoe", "脱鞋",
        Moves(right=hold("shoe"), left=hold("shoe"), held="shoe", held_from=0.5, bends=SHOE_BENDS),
    ),
    act(24, "reach into pocket", "把手伸进口袋", Moves(right=hold("pocket", 0.3, 0.8), waves=(Wave("right.y", 0.03, 1.1),))),
    act(
        44, "touch chest (stomachache/heart pain)", "捂胸（心口痛）",
        Moves(right=hold("heart", 0.25, 0.8), left=hold("belly", 0.25, 0.8), bends={"spine.pitch": bump(0.3)}),
    ),
    act(
        45, "touch back (backache)", "扶背（背痛）",
        Moves(right=hold("small_of_back", 0.25, 0.8), bends={"spine.pitch": bump(-0.18), "spine.roll": bump(0.08)}),
    ),
)  # fmt: skip

LEG_ACTS = (
    act(
        23, "kicking something", "踢东西",
        Moves(
            bends={
                "rfoot.z": ((0.0, 0.0), (0.3, -0.35), (0.45, 0.6), (0.6, 0.5), (0.85, 0.0)),
                "rfoot.y": ((0.0, 0.0), (0.3, 0.2), (0.45, 0.4), (0.6, 0.3), (0.85, 0.0)),
                "spine.pitch": ((0.0, 0.0), (0.3, 0.15), (0.5, -0.2), (0.85, 0.0)),
            },
        ),
    ),
    act(
        25, "hopping (one foot jumping)", "单脚跳",
        Moves(
            bends={"rfoot.y": bump(0.35, 0.12, 0.88), "rfoot.z": bump(-0.25, 0.12, 0.88), "travel.y": bump(0.06, 0.2, 0.85)},
            waves=(Wave("travel.y", 0.06, 1.9, 0.12, 0.95, -0.25),),
        ),
    ),
    act(
        26, "jump up", "跳起",
        Moves(
            bends={
                "pelvis.y": ((0.0, 0.0), (0.28, -0.24), (0.4, 0.0), (0.62, 0.0), (0.7, -0.15), (0.9, 0.0)),
                "travel.y": ((0.38, 0.0), (0.5, 0.3), (0.62, 0.0)),
                "spine.pitch": ((0.0, 0.0), (0.28, 0.4), (0.42, 0.0), (0.7, 0.25), (0.9, 0.0)),
            },
            right=((0.0, "rest"), (0.28, "rest"), (0.45, "ahead"), (0.65, "low_ahead"), (0.9, "rest")),
            left=((0.0, "rest"), (0.28, "rest"), (0.45, "ahead"), (0.65, "low_ahead"), (0.9, "rest")),
        ),
    ),
)  # fmt: skip

SEAT = {"pelvis.y": -0.42, "pelvis.z": -0.36, "spine.pitch": 0.1}
WHOLE_ACTS = (
    act(
        5, "pickup", "捡起",
        Moves(
            right=((0.0, "rest"), (0.4, "floor"), (0.55, "floor"), (1.0, "low_ahead")),
            held="ball", held_from=0.5,
            bends={"spine.pitch": bump(1.0, 0.4, 0.58), "pelvis.y": bump(-0.32, 0.4, 0.58), "pelvis.z": bump(-0.15, 0.4, 0.58)},
        ),
    ),
    act(
        7, "sitting down", "坐下",
        Moves(
            right=((0.2, "rest"), (0.7, "desk")), left=((0.2, "rest"), (0.7, "desk")),
            bends={name: ((0.2, 0.0), (0.7, to)) for name, to in SEAT.items() if name != "spine.pitch"}
            | {"spine.pitch": ((0.15, 0.0), (0.45, 0.6), (0.8, 0.1))},
        ),
    ),
    act(
        8, "standing up (from sitting position)", "起立",
        Moves(
            right=((0.3, "desk"), (0.8, "rest")), left=((0.3, "desk"), (0.8, "rest")),
            bends={name: ((0.3, to), (0.8, 0.0)) for name, to in SEAT.items() if name != "spine.pitch"}
            | {"spine.pitch": ((0.15, 0.1), (0.5, 0.6), (0.85, 0.0))},
        ),
    ),
    act(
        41, "staggering", "踉跄",
        Moves(
            waves=(
                Wave("travel.x", 0.22, 0.6, 0.05, 0.95), Wave("tilt.roll", 0.16, 0.6, 0.05, 0.95, 0.2),
                Wave("rfoot.y", 0.07, 1.2, 0.05, 0.95), Wave("lfoot.y", 0.07, 1.2, 0.05, 0.95, 0.5),
                Wave("spine.pitch", 0.15, 0.9, 0.05, 0.95), Wave("right.x", 0.12, 0.9), Wave("left.x", 0.12, 0.8),
            ),
            bends={"spine.pitch": bump(0.2, 0.1, 0.9), "right.y": bump(0.15, 0.2, 0.8), "left.y": bump(0.15, 0.2, 0.8)},
        ),
    ),
    act(
        42, "falling", "摔倒",
        Moves(
            right=((0.25, "rest"), (0.6, "ahead")), left=((0.25, "rest"), (0.6, "ahead")),
            bends={
                "tilt.pitch": ((0.2, 0.0), (0.45, 0.35), (0.7, 1.4)),
                "travel.y": ((0.4, 0.0), (0.7, 0.1)),
                "travel.z": ((0.2, 0.0), (0.7, -0.5)),
            },
        ),
    ),
    act(
        47, "nausea or vomiting condition", "恶心呕吐",
        Moves(
            right=hold("belly", 0.2, 0.85), left=hold("mouth", 0.2, 0.85),
            bends={"spine.pitch": bump(0.75), "pelvis.y": bump(-0.1), "pelvis.z": bump(-0.1), "head.pitch": bump(0.3)},
            waves=(Wave("spine.pitch", 0.12, 1.1),),
        ),
    ),
)  # fmt: skip
