"""What is counted about labelled logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

GRAVE = ("collapse", "nan")
WORTH = ("spike", "oscillating", "overfit", "plateau")
QUIET = ("healthy", "unreadable")


class Verdict(NamedTuple):
    """What defib said about one labelled log."""

    log: str
    label: str
    name: str
    """`healthy`, `collapse`, ..., or `unreadable`."""
    act: bool
    watch: bool
    rules: tuple[str, ...]
    problem: str = ""


def by_label(verdicts: list[Verdict]) -> dict[str, list[Verdict]]:
    """The verdicts of each label, in alphabetical order of the labels."""
    found: dict[str, list[Verdict]] = {}
    for one in sorted(verdicts, key=lambda one: one.label):
        found.setdefault(one.label, []).append(one)
    return found


def scores(verdicts: list[Verdict]) -> Iterator[tuple[Words, int, int]]:
    """What is scored: its name, how many logs have it, and of how many.

    `unclear` is not scored. A healthy log that could not be read is no quiet one: it does not count.
    """
    grave = [one for one in verdicts if one.label in GRAVE]
    worth = [one for one in verdicts if one.label in WORTH]
    well = [one for one in verdicts if one.label == "healthy" and one.name != "unreadable"]
    noticed, right = sum(one.name not in QUIET for one in worth), sum(one.name == one.label for one in worth)
    yield Words(en="collapse and nan with an act", zh="崩溃与 NaN 发出 act"), sum(one.act for one in grave), len(grave)
    yield (
        Words(en="spike, oscillating, overfit, plateau noticed", zh="尖峰、振荡、过拟合、停滞被注意到"),
        noticed,
        len(worth),
    )
    yield Words(en="... and rightly named", zh="……且命名正确"), right, len(worth)
    yield Words(en="act on healthy", zh="对健康训练误发 act"), sum(one.act for one in well), len(well)
    yield Words(en="watch on healthy", zh="对健康训练误发 watch"), sum(one.watch for one in well), len(well)
