"""Classes of the hands: to the head, with both hands or a fine tool, with a stretched arm.

Some are told apart by the thing in the hand alone (their moves are one and the same object here), others by a fine
swing alone (the same thing or none, and places that lie a few centimetres apart).
"""

from __future__ import annotations

import msgspec

from defib.action.data.synth.act import Act, Moves, Wave, bump, hold
from defib.words import Words

TO_MOUTH = Moves(right=hold("mouth"), bends={"head.pitch": bump(-0.18)}, waves=(Wave("right.y", 0.015, 0.8),))
"""Drinking and eating differ in what is held."""

IN_BOTH_HANDS = Moves(
    right=hold("read", 0.25, 0.8),
    left=hold("read", 0.25, 0.8),
    bends={"head.pitch": bump(0.45, 0.3, 0.8)},
    waves=(Wave("right.x", 0.008, 0.7),),
)
"""Reading and playing with a phone differ in what is held."""

STRETCHED = Moves(right=hold("ahead", 0.3, 0.75))
BRUSH = Moves(right=hold("mouth", 0.25, 0.8), held="stick", waves=(Wave("right.x", 0.03, 3.4),))


def held(moves: Moves, thing: str) -> Moves:
    """The same moves with a thing in the hand."""
    return msgspec.structs.replace(moves, held=thing)


def act(number: int, en: str, zh: str, group: str, moves: Moves) -> Act:
    """One class of one person."""
    return Act(number=number, name=Words(en=en, zh=zh), group=group, moves=moves)


TO_HEAD = "hand to head"
HEAD_ACTS = (
    act(0, "drink water", "喝水", TO_HEAD, held(TO_MOUTH, "cup")),
    act(1, "eat", "吃东西", TO_HEAD, held(TO_MOUTH, "snack")),
    act(2, "brush teeth", "刷牙", TO_HEAD, BRUSH),
    act(
        3, "brush hair", "梳头", TO_HEAD,
        Moves(right=hold("crown", 0.25, 0.8), held="comb", waves=(Wave("right.y", 0.06, 1.1), Wave("right.x", 0.04, 1.1))),
    ),
    act(17, "put on glasses", "戴眼镜", TO_HEAD, Moves(right=hold("eyes"), left=hold("eyes"), worn_from="glasses")),
    act(18, "take off glasses", "摘眼镜", TO_HEAD, Moves(right=hold("eyes"), left=hold("eyes"), worn_until="glasses")),
    act(19, "put on a hat", "戴帽子", TO_HEAD, Moves(right=hold("crown"), left=hold("crown"), worn_from="hat")),
    act(20, "take off a hat", "摘帽子", TO_HEAD, Moves(right=hold("crown"), left=hold("crown"), worn_until="hat")),
    act(27, "make a phone call", "打电话", TO_HEAD, Moves(right=hold("ear", 0.25, 0.8), held="phone")),
    act(
        36, "wipe face", "擦脸", TO_HEAD,
        Moves(right=hold("eyes", 0.25, 0.8), held="tissue", waves=(Wave("right.y", 0.06, 1.6),)),
    ),
    act(37, "salute", "敬礼", TO_HEAD, Moves(right=hold("temple", 0.2, 0.75), bends={"spine.pitch": bump(-0.06)})),
    act(
        40, "sneeze or cough", "打喷嚏/咳嗽", TO_HEAD,
        Moves(
            right=hold("mouth", 0.2, 0.8),
            bends={"spine.pitch": bump(0.3, 0.4, 0.7)},
            waves=(Wave("spine.pitch", 0.16, 1.9), Wave("head.pitch", 0.15, 1.9)),
        ),
    ),
    act(
        43, "touch head (headache)", "摸头（头痛）", TO_HEAD,
        Moves(right=hold("ear", 0.25, 0.8), bends={"head.pitch": bump(0.3), "head.roll": bump(0.15)}),
    ),
    act(46, "touch neck (neck ache)", "摸脖子（颈痛）", TO_HEAD, Moves(right=hold("nape", 0.25, 0.8), bends={"head.yaw": bump(0.3)})),
)  # fmt: skip

BOTH = "both hands"
FINE_ACTS = (
    act(
        9, "clap", "鼓掌", BOTH,
        Moves(right=hold("palms", 0.15, 0.88), left=hold("palms", 0.15, 0.88),
              waves=(Wave("right.x", 0.055, 2.1, 0.15, 0.95), Wave("left.x", 0.055, 2.1, 0.15, 0.95))),
    ),
    act(10, "read", "阅读", BOTH, held(IN_BOTH_HANDS, "book")),
    act(
        11, "write", "写字", BOTH,
        Moves(right=hold("desk", 0.2, 0.85), left=hold("desk", 0.2, 0.85), held="pen", bends={"head.pitch": bump(0.4)},
              waves=(Wave("right.x", 0.03, 1.6), Wave("right.z", 0.015, 3.1))),
    ),
    act(
        12, "tear up paper", "撕纸", BOTH,
        Moves(right=hold("palms", 0.2, 0.85), left=hold("palms", 0.2, 0.85), held="paper",
              waves=(Wave("right.x", 0.09, 1.2, phase=-0.25), Wave("left.x", 0.09, 1.2, phase=-0.25))),
    ),
    act(28, "play with a phone", "玩手机", BOTH, held(IN_BOTH_HANDS, "phone")),
    act(
        29, "type on a keyboard", "敲键盘", BOTH,
        Moves(right=hold("desk", 0.2, 0.85), left=hold("desk", 0.2, 0.85), held="keyboard", bends={"head.pitch": bump(0.3)},
              waves=(Wave("right.y", 0.02, 3.4), Wave("left.y", 0.02, 3.4, phase=0.5))),
    ),
    act(
        33, "rub hands", "搓手", BOTH,
        Moves(right=hold("palms", 0.15, 0.88), left=hold("palms", 0.15, 0.88),
              waves=(Wave("right.z", 0.055, 2.1, 0.15, 0.95), Wave("left.z", 0.055, 2.1, 0.15, 0.95, 0.5))),
    ),
    act(38, "put palms together", "双手合十", BOTH, Moves(right=hold("palms", 0.25, 0.8), left=hold("palms", 0.25, 0.8))),
)  # fmt: skip

ARM = "arm"
ARM_ACTS = (
    act(
        4, "drop", "掉落物品", ARM,
        Moves(right=((0.0, "low_ahead"), (0.4, "low_ahead"), (0.8, "rest")), held="ball", held_until=0.42),
    ),
    act(
        6, "throw", "投掷", ARM,
        Moves(right=((0.0, "rest"), (0.35, "behind"), (0.45, "behind"), (0.58, "ahead"), (0.7, "ahead"), (1.0, "rest")),
              held="ball", held_until=0.55, bends={"spine.yaw": ((0.0, 0.0), (0.4, -0.4), (0.6, 0.4), (1.0, 0.0))}),
    ),
    act(
        21, "cheer up", "欢呼", ARM,
        Moves(right=hold("up", 0.2, 0.85), left=hold("up", 0.2, 0.85), waves=(Wave("right.y", 0.08, 1.7), Wave("left.y", 0.08, 1.7))),
    ),
    act(22, "wave a hand", "挥手", ARM, Moves(right=hold("wave", 0.2, 0.85), waves=(Wave("right.x", 0.13, 1.5),))),
    act(30, "point to something", "用手指指向某物", ARM, STRETCHED),
    act(31, "take a selfie", "自拍", ARM, Moves(right=hold("selfie", 0.25, 0.8), held="phone", bends={"head.yaw": bump(-0.25)})),
    act(32, "check the time", "看手表", ARM, Moves(left=hold("watch", 0.3, 0.75), bends={"head.pitch": bump(0.4)})),
    act(39, "cross hands in front", "双手在胸前交叉", ARM, Moves(right=hold("crossed", 0.25, 0.8), left=hold("crossed", 0.25, 0.8))),
    act(48, "fan oneself", "扇风", ARM, Moves(right=hold("sleeve", 0.2, 0.85), held="fan",
                                            waves=(Wave("right.x", 0.07, 2.4), Wave("right.z", 0.05, 2.4)))),
)  # fmt: skip
