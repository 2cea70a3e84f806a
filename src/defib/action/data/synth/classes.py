"""The 60 made-up classes in the eight groups of `taxonomy.ntu60_tree8`, and which of them a smaller set takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.action.data.synth.acts_body import CLOTHES_ACTS, LEG_ACTS, ONLY_HEAD_ACTS, WHOLE_ACTS
from defib.action.data.synth.acts_hands import ARM_ACTS, FINE_ACTS, HEAD_ACTS
from defib.action.data.synth.acts_pairs import PAIR_ACTS
from defib.action.taxonomy import Taxonomy, ntu60_tree8

if TYPE_CHECKING:
    from defib.action.data.synth.act import Act

ACTS: tuple[Act, ...] = tuple(
    sorted(
        (*HEAD_ACTS, *FINE_ACTS, *ARM_ACTS, *ONLY_HEAD_ACTS, *CLOTHES_ACTS, *LEG_ACTS, *WHOLE_ACTS, *PAIR_ACTS),
        key=lambda act: act.number,
    )
)
"""In the order of NTU RGB+D 60, whose names they borrow."""

FIRST = (0, 1, 10, 28, 34, 35, 9, 33, 22, 23, 54, 24, 5, 30, 49, 57, 7, 8, 2, 27)
"""A small set takes these first: two pairs that only pixels tell apart, two that only fine motion does, then variety."""


def chosen(count: int) -> tuple[Act, ...]:
    """The classes of a set of `count`, in the order of their labels.

    >>> [act.name.en for act in chosen(4)]
    ['drink water', 'eat meal/snack', 'reading', 'playing with phone/tablet']
    """
    order = (*FIRST, *(act.number for act in ACTS if act.number not in FIRST))
    return tuple(ACTS[number] for number in sorted(order[:count]))


def taxonomy(count: int) -> Taxonomy:
    """The classes of a set of `count` with those of the eight groups that they need."""
    return ntu60_tree8().only([act.number for act in chosen(count)], f"synth{count}")
