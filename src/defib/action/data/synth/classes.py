"""The 60 made-up classes in eight groups, and which of them a smaller set takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.action.data.synth.acts_body import CLOTHES, CLOTHES_ACTS, HEAD, LEG_ACTS, LEGS, ONLY_HEAD_ACTS, WHOLE, WHOLE_ACTS  # fmt: skip
from defib.action.data.synth.acts_hands import ARM, ARM_ACTS, BOTH, FINE_ACTS, HEAD_ACTS, TO_HEAD
from defib.action.data.synth.acts_pairs import PAIR_ACTS, TWO
from defib.words import Words

if TYPE_CHECKING:
    from defib.action.data.synth.act import Act

GROUPS = {
    TO_HEAD: Words(en=TO_HEAD, zh="手到头部"),
    BOTH: Words(en=BOTH, zh="双手精细动作"),
    ARM: Words(en=ARM, zh="手臂动作"),
    HEAD: Words(en=HEAD, zh="头部动作"),
    CLOTHES: Words(en=CLOTHES, zh="衣物与手触身体"),
    LEGS: Words(en=LEGS, zh="腿部动作"),
    WHOLE: Words(en=WHOLE, zh="全身动作"),
    TWO: Words(en=TWO, zh="双人动作"),
}
"""The eight-way tree of our own that NTU RGB+D 60 is given too; nobody has published one."""

ACTS: tuple[Act, ...] = tuple(
    sorted(
        (*HEAD_ACTS, *FINE_ACTS, *ARM_ACTS, *ONLY_HEAD_ACTS, *CLOTHES_ACTS, *LEG_ACTS, *WHOLE_ACTS, *PAIR_ACTS),
        key=lambda act: act.number,
    )
)

FIRST = (0, 1, 10, 28, 34, 35, 9, 33, 22, 23, 54, 24, 5, 30, 49, 57, 7, 8, 2, 27)
"""A small set takes these first: two pairs that only pixels tell apart, two that only fine motion does, then variety."""


def chosen(count: int) -> tuple[Act, ...]:
    """The classes of a set of `count`, in the order of their labels.

    >>> [act.name.en for act in chosen(4)]
    ['drink water', 'eat', 'read', 'play with a phone']
    """
    order = (*FIRST, *(act.number for act in ACTS if act.number not in FIRST))
    return tuple(ACTS[number] for number in sorted(order[:count]))
