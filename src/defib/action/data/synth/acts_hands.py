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


def act(number: int, en: str, zh: str, moves: Moves) -> Act:
    """One class of one person."""
    return Act(number=number, name=Words(en=en, zh=zh), moves=moves)


HEAD_ACTS = (
    act(0, "drink water", "喝水", held(TO_MOUTH, "cup")),
    act(1, "eat meal/snack", "吃东西", held(TO_MOUTH, "snack")),
    act(2, "brushing teeth", "刷牙", BRUSH),
    act(
        3, "brushing hair", "梳头",
        Moves(right=hold("crown", 0.25, 0.8), held="comb", waves=(Wave("right.y", 0.06, 1.1), Wave("right.x", 0.04, 1.1))),
    ),
    act(17, "wear on glasses", "戴眼镜", Moves(right=hold("eyes"), left=hold("eyes"), worn_from="glasses")),
    act(18, "take off glasses", "摘眼镜", Moves(right=hold("eyes"), left=hold("eyes"), worn_until="glasses")),
    act(19, "put on a hat/cap", "戴帽子", Moves(right=hold("crown"), left=hold("crown"), worn_from="hat")),
    act(20, "take off a hat/cap", "摘帽子", Moves(right=hold("crown"), left=hold("crown"), worn_until="hat")),
    act(27, "make a phone call/answer phone", "打电话", Moves(right=hold("ear", 0.25, 0.8), held="phone")),
    act(
        36, "wipe face", "擦脸",
        Moves(right=hold("eyes", 0.25, 0.8), held="tissue", waves=(Wave("right.y", 0.06, 1.6),)),
    ),
    act(37, "salute", "敬礼", Moves(right=hold("temple", 0.2, 0.75), bends={"spine.pitch": bump(-0.06)})),
    act(
        40, "sneeze/cough", "打喷嚏/咳嗽",
        Moves(
            right=hold("mouth", 0.2, 0.8),
            bends={"spine.pitch": bump(0.3, 0.4, 0.7)},
            waves=(Wave("spine.pitch", 0.16, 1.9), Wave("head.pitch", 0.15, 1.9)),
        ),
    ),
    act(
        43, "touch head (headache)", "摸头（头痛）",
        Moves(right=hold("ear", 0.25, 0.8), bends={"head.pitch": bump(0.3), "head.roll": bump(0.15)}),
    ),
    act(46, "touch neck (neckache)", "摸脖子（颈痛）", Moves(right=hold("nape", 0.25, 0.8), bends={"head.yaw": bump(0.3)})),
)  # fmt: skip

FINE_ACTS = (
    act(
        9, "clapping", "鼓掌",
        Moves(right=hold("palms", 0.15, 0.88), left=hold("palms", 0.15, 0.88),
              waves=(Wave("right.x", 0.055, 2.1, 0.15, 0.95), Wave("left.x", 0.055, 2.1, 0.15, 0.95))),
    ),
    act(10, "reading", "阅读", held(IN_BOTH_HANDS, "book")),
    act(
        11, "writing", "写字",
        Moves(right=hold("desk", 0.2, 0.85), left=hold("desk", 0.2, 0.85), held="pen", bends={"head.pitch": bump(0.4)},
              waves=(Wave("right.x", 0.03, 1.6), Wave("right.z", 0.015, 3.1))),
    ),
    act(
        12, "tear up paper", "撕纸",
        Moves(right=hold("palms", 0.2, 0.85), left=hold("palms", 0.2, 0.85), held="paper",
              waves=(Wave("right.x", 0.09, 1.2, phase=-0.25), Wave("left.x", 0.09, 1.2, phase=-0.25))),
    ),
    act(28, "playing with phone/tablet", "玩手机", held(IN_BOTH_HANDS, "phone")),
    act(
        29, "typing on a keyboard", "敲键盘",
        Moves(right=hold("desk", 0.2, 0.85), left=hold("desk", 0.2, 0.85), held="keyboard", bends={"head.pitch": bump(0.3)},
              waves=(Wave("right.y", 0.02, 3.4), Wave("left.y", 0.02, 3.4, phase=0.5))),
    ),
    act(
        33, "rub two hands together", "搓手",
        Moves(right=hold("palms", 0.15, 0.88), left=hold("palms", 0.15, 0.88),
              waves=(Wave("right.z", 0.055, 2.1, 0.15, 0.95), Wave("left.z", 0.055, 2.1, 0.15, 0.95, 0.5))),
    ),
    act(38, "put the palms together", "双手合十", Moves(right=hold("palms", 0.25, 0.8), left=hold("palms", 0.25, 0.8))),
)  # fmt: skip

ARM_ACTS = (
    act(
        4, "drop", "掉落物品",
        Moves(right=((0.0, "low_ahead"), (0.4, "low_ahead"), (0.8, "rest")), held="ball", held_until=0.42),
    ),
    act(
        6, "throw", "投掷",
        Moves(right=((0.0, "rest"), (0.35, "behind"), (0.45, "behind"), (0.58, "ahead"), (0.7, "ahead"), (1.0, "rest")),
              held="ball", held_until=0.55, bends={"spine.yaw": ((0.0, 0.0), (0.4, -0.4), (0.6, 0.4), (1.0, 0.0))}),
    ),
    act(
        21, "cheer up", "欢呼",
        Moves(right=hold("up", 0.2, 0.85), left=hold("up", 0.2, 0.85), waves=(Wave("right.y", 0.08, 1.7), Wave("left.y", 0.08, 1.7))),
    ),
    act(22, "hand waving", "挥手", Moves(right=hold("wave", 0.2, 0.85), waves=(Wave("right.x", 0.13, 1.5),))),
    act(30, "pointing to something with finger", "用手指指向某物", STRETCHED),
    act(31, "taking a selfie", "自拍", Moves(right=hold("selfie", 0.25, 0.8), held="phone", bends={"head.yaw": bump(-0.25)})),
    act(32, "check time (from watch)", "看手表", Moves(left=hold("watch", 0.3, 0.75), bends={"head.pitch": bump(0.4)})),
    act(39, "cross hands in front (say stop)", "双手在胸前交叉", Moves(right=hold("crossed", 0.25, 0.8), left=hold("crossed", 0.25, 0.8))),
    act(48, "use a fan (with hand or paper)/feeling warm", "扇风", Moves(right=hold("sleeve", 0.2, 0.85), held="fan",
                                            waves=(Wave("right.x", 0.07, 2.4), Wave("right.z", 0.05, 2.4)))),
)  # fmt: skip
