"""Where defib was wrong, with names: every labelled log, and every seed of every family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.scoring import GRAVE, by_family
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bench.judging import Verdict
    from defib.words import Language

LOG = Words(
    en="- `{log}`: labelled {label}, named {name}; said {said}", zh="- `{log}`：标签 {label}，命名 {name}；结论：{said}"
)
NOTHING = Words(en="nothing", zh="无")
UNREAD = Words(en="that it cannot be read", zh="无法读取")
FAMILY = Words(en="- `{family}` ({label}): {parts}", zh="- `{family}`（{label}）：{parts}")
ACT = Words(en="act on {seeds}", zh="误发 act：{seeds}")
WATCH = Words(en="watch on {seeds}", zh="误发 watch：{seeds}")
MISSED = Words(en="no act on {seeds}", zh="没有 act：{seeds}")
LATE = Words(en="late on {seeds}", zh="过迟：{seeds}")
EARLY = Words(en="early on {seeds}", zh="过早：{seeds}")
NAMED = Words(en="named {name} on {seeds}", zh="命名为 {name}：{seeds}")
CLEAN = Words(en="Nothing was wrong on: {families}.", zh="以下家族没有错误：{families}。")


def logs(verdicts: Sequence[Verdict], language: Language) -> Iterator[str]:
    """Every log that was not named as labelled."""
    for one in verdicts:
        if one.label not in (one.name, "unclear"):
            said = UNREAD if one.name == "unreadable" else ", ".join(one.rules) or NOTHING
            yield LOG.fill(log=one.log, label=one.label, name=one.name, said=said).said(language)


def families(verdicts: Sequence[Verdict], language: Language) -> Iterator[str]:
    """Each family on which something was wrong, with the seeds."""
    clean: list[str] = []
    for family, found in by_family(verdicts).items():
        parts = list(_parts(found))
        if parts:
            separator = "; " if language == "en" else "；"
            told = separator.join(part.said(language) for part in parts)
            yield FAMILY.fill(family=family, label=found[0].label, parts=told).said(language)
        else:
            clean.append(f"`{family}`")
    if clean:
        yield from ("", CLEAN.fill(families=", ".join(clean)).said(language))


def _parts(found: Sequence[Verdict]) -> Iterator[Words]:
    label = found[0].label
    if label in GRAVE:
        yield from _counted(MISSED, (one for one in found if not one.act))
        yield from _counted(EARLY, (one for one in found if one.early))
        yield from _counted(LATE, (one for one in found if one.act and not one.early and one.in_time is None))
    if label == "healthy":
        yield from _counted(WATCH, (one for one in found if one.watch))
    if label in ("healthy", "spike"):
        yield from _counted(ACT, (one for one in found if one.act))
    for name in sorted({one.name for one in found} - {label}):
        yield from _counted(NAMED, (one for one in found if one.name == name), name=name)


def _counted(words: Words, found: Iterable[Verdict], **values: str) -> Iterator[Words]:
    """The seeds of those found, behind the words; nothing where there are none."""
    seeds = ", ".join(one.log.rpartition("/")[2] for one in found)
    if seeds:
        yield words.fill(seeds=seeds, **values)
