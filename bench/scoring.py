"""What is counted about labelled logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bench.judging import Verdict

GRAVE = ("collapse", "nan")
WORTH = ("spike", "oscillating", "overfit", "plateau")
QUIET = ("healthy", "unreadable")


class Score(NamedTuple):
    """What is counted, how many have it, and of how many."""

    says: Words
    hits: int
    of: int


def by_label(verdicts: Iterable[Verdict]) -> dict[str, list[Verdict]]:
    """The verdicts of each label, in alphabetical order of the labels."""
    found: dict[str, list[Verdict]] = {}
    for one in sorted(verdicts, key=lambda one: one.label):
        found.setdefault(one.label, []).append(one)
    return found


def by_family(verdicts: Iterable[Verdict]) -> dict[str, list[Verdict]]:
    """The verdicts of each family, in the order of the families."""
    found: dict[str, list[Verdict]] = {}
    for one in verdicts:
        found.setdefault(one.family, []).append(one)
    return found


def scores(verdicts: Iterable[Verdict]) -> Iterator[Score]:
    """What is scored.

    `unclear` is not scored. A healthy log that could not be read is no quiet one: it does not count. A collapse or a
    NaN whose onset could not be found in the run counts as not in time.
    """
    verdicts = list(verdicts)
    grave = [one for one in verdicts if one.label in GRAVE]
    worth = [one for one in verdicts if one.label in WORTH]
    well = [one for one in verdicts if one.label == "healthy" and one.name != "unreadable"]
    healed = [one for one in verdicts if one.label == "spike"]
    yield Score(
        Words(en="collapse and nan with an act", zh="崩溃与 NaN 发出 act"), sum(one.act for one in grave), len(grave)
    )
    yield Score(
        Words(
            en="... within one evaluation, or one logged record, of the onset",
            zh="……且与起始点相差不超过一次评估或一条记录",
        ),
        sum(one.in_time is not None for one in grave),
        len(grave),
    )
    yield Score(
        Words(
            en="... with an act more than one evaluation, or logged record, before the onset",
            zh="……在起始点之前一次评估或一条记录以上就发出 act",
        ),
        sum(bool(one.early) for one in grave),
        len(grave),
    )
    yield Score(
        Words(en="spike, oscillating, overfit, plateau noticed", zh="尖峰、振荡、过拟合、停滞被注意到"),
        sum(one.name not in QUIET for one in worth),
        len(worth),
    )
    yield Score(
        Words(en="... and rightly named", zh="……且命名正确"), sum(one.name == one.label for one in worth), len(worth)
    )
    yield Score(Words(en="act on healthy", zh="对健康训练误发 act"), sum(one.act for one in well), len(well))
    yield Score(
        Words(en="watch on healthy, at any time", zh="对健康训练误发 watch（任何时刻）"),
        sum(one.watch for one in well),
        len(well),
    )
    yield Score(
        Words(en="... that still stands at the end", zh="……且到结束时仍未解除"),
        sum(one.stands for one in well),
        len(well),
    )
    yield Score(
        Words(en="act on a spike that healed", zh="对已恢复的尖峰发出 act"), sum(one.act for one in healed), len(healed)
    )
