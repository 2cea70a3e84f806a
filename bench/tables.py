"""The tables of the evidence pages about logs, labels and families, as Markdown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bench.families import FAMILIES
from bench.intervals import exact
from bench.markdown import headed, interval, row, signed, spread
from bench.scoring import GRAVE, by_family, by_label, scores
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.judging import Verdict
    from defib.words import Language

SCORED = Words(en="| What | Logs | Share | 95 % interval (exact) |", zh="| 项目 | 日志数 | 比例 | 95% 区间（精确） |")
LABEL = Words(
    en="| Label | Logs | Read | Named as labelled | act | watch | In time | Early | Delay: median, longest (logs) | Named |",
    zh="| 标签 | 日志数 | 已读取 | 命名与标签一致 | act | watch | 及时 | 过早 | 延迟：中位数、最长（日志数） | 命名 |",
)
FAMILY = Words(
    en="| Family | Label | Logs | Named as labelled | act | watch | In time | Early | Delay: median, longest (logs) | Named |",
    zh="| 家族 | 标签 | 日志数 | 命名与标签一致 | act | watch | 及时 | 过早 | 延迟：中位数、最长（日志数） | 命名 |",
)
DELAYS = Words(
    en="| Log | Label | Onset as labelled | First act | On | Delay | Acts before the onset |",
    zh="| 日志 | 标签 | 标注的起始点 | 首个 act | 指标 | 延迟 | 起始点之前的 act |",
)
NONE = Words(en="none", zh="无")
UNREAD = Words(en="none: the log could not be read", zh="无：日志无法读取")
NOT_PLACED = Words(en="onset not found in the run", zh="在记录中找不到起始点")
SICK = Words(en="something is wrong", zh="确有问题")
WELL = Words(en="healthy, or heals by itself", zh="健康，或自行恢复")
TOLD = Words(
    en="- `{name}` ({mark}; written as {written}): {story}", zh="- `{name}`（{mark}；写成 {written}）：{story}"
)


def scored(verdicts: Sequence[Verdict], language: Language) -> list[str]:
    """The shares that the goals are stated in."""
    lines = headed(SCORED, language)
    for one in scores(verdicts):
        low, high = exact(one.hits, one.of)
        share = f"{one.hits / one.of:.0%}" if one.of else "-"
        lines.append(row((one.says.said(language), f"{one.hits}/{one.of}", share, f"{low:.0%} - {high:.0%}")))
    return lines


def names(verdicts: Iterable[Verdict]) -> str:
    """How logs were named, the most frequent name first."""
    return ", ".join(f"{name} {count}" for name, count in Counter(one.name for one in verdicts).most_common())


def labels(verdicts: Sequence[Verdict], language: Language) -> list[str]:
    """Each label: alarms, names and delays."""
    lines = headed(LABEL, language)
    for label, found in by_label(verdicts).items():
        read = sum(one.name != "unreadable" for one in found)
        lines.append(row((label, len(found), read, *_counts(label, found))))
    return lines


def families(verdicts: Sequence[Verdict], language: Language) -> list[str]:
    """Each family: alarms, names and delays."""
    lines = headed(FAMILY, language)
    for name, found in by_family(verdicts).items():
        label = found[0].label
        lines.append(row((f"`{name}`", label, len(found), *_counts(label, found))))
    return lines


def _counts(label: str, found: Sequence[Verdict]) -> tuple[object, ...]:
    """What both tables say about logs of one label. `unclear` has no right name; only a grave one has a delay."""
    grave = label in GRAVE
    delays = [one.answer.delay for one in found if one.answer is not None] if grave else []
    return (
        interval(sum(one.name == label for one in found), 0 if label == "unclear" else len(found)),
        sum(one.act for one in found),
        sum(one.watch for one in found),
        interval(sum(one.in_time is not None for one in found), len(found)) if grave else "-",
        sum(bool(one.early) for one in found) if grave else "-",
        spread(delays),
        names(found),
    )


def delays(verdicts: Sequence[Verdict], language: Language) -> list[str]:
    """Every collapse and NaN: when the first act came."""
    lines = headed(DELAYS, language)
    for one in verdicts:
        if one.label not in GRAVE:
            continue
        first = one.in_time or one.first
        early = ", ".join(f"{act.rule} {act.delay}" for act in one.early) or "-"
        if first is not None:
            told = (first.rule, f"`{first.series}`", signed(first.delay), early)
        else:
            unread = one.name == "unreadable"
            nothing = UNREAD if unread else NONE if one.placed else NOT_PLACED
            told = (nothing.said(language), "-", "-", early)
        lines.append(row((f"`{one.log}`", one.label, one.onset or "-", *told)))
    return lines


def stories(language: Language) -> list[str]:
    """What each family shows."""
    return [
        TOLD.fill(
            name=one.name,
            mark=SICK if one.sick else WELL,
            written=", ".join(dict.fromkeys(writer.name for writer in one.written)),
            story=one.story,
        ).said(language)
        for one in FAMILIES
    ]
