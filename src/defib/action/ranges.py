"""Numbers as recipes take them, and what is said of one that lies outside."""

from __future__ import annotations

import re
from typing import Annotated

from msgspec import Meta

from defib.words import Words, same

Count = Annotated[int, Meta(ge=1)]
Whole = Annotated[int, Meta(ge=0)]
Positive = Annotated[float, Meta(gt=0)]
AtLeastZero = Annotated[float, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Decay = Annotated[float, Meta(ge=0, lt=1)]

BOUND = Words(en="expected a number {bound}", zh="应为 {bound} 的数")
TYPE = Words(en="expected {wanted}, found {found}", zh="应为 {wanted}，实际为 {found}")


def in_words(said: str) -> Words:
    """A refusal of msgspec in both languages; one of another form as it is.

    >>> in_words("Expected `float` >= 1.0").zh, in_words("Expected `float | null`, got `str`").en
    ('应为 >= 1 的数', 'expected float | null, found str')
    """
    if bound := re.fullmatch(r"Expected `(?:int|float)` ([<>]=? \S+?)(?:\.0)?", said):
        return BOUND.fill(bound=bound[1])
    if kinds := re.fullmatch(r"Expected `([^`]+)`, got `([^`]+)`", said):
        return TYPE.fill(wanted=kinds[1], found=kinds[2])
    return same(said)
