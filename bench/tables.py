"""The tables of the evidence page, as Markdown."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from bench.families import FAMILIES
from bench.intervals import exact
from bench.scoring import GRAVE, by_family, by_label, scores
from defib.health.check import all_rules
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.judging import Verdict
    from defib.words import Language

SCORED = Words(en="| What | Logs | Share | 95 % interval (exact) |", zh="| 项目 | 日志数 | 比例 | 95% 区间（精确） |")
NAMED = Words(en="| Label | Logs | Named |", zh="| 标签 | 日志数 | 命名 |")
DELAYS = Words(
    en="| Log | Label | Onset as labelled | First act | On | Delay | Acts before the onset |",
    zh="| 日志 | 标签 | 标注的起始点 | 首个 act | 指标 | 延迟 | 起始点之前的 act |",
)
FIRED = Words(en="| Rule | {labels} | Wrong on healthy |", zh="| 规则 | {labels} | 健康日志上的误报 |")
FAMILY = Words(
    en="| Family | Label | Logs | act | watch | Named as labelled | In time | Delay: median, worst | Early | Named |",
    zh="| 家族 | 标签 | 日志数 | act | watch | 命名与标签一致 | 及时 | 延迟：中位数、最大 | 过早 | 命名 |",
)
NONE = Words(en="none", zh="无")
NOT_PLACED = Words(en="onset not found in the run", zh="在记录中找不到起始点")
SEEN = ("act", "watch", "note")


def row(cells: Iterable[object]) -> str:
    """One row of a table."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def headed(words: Words, language: Language, **values: object) -> list[str]:
    """A heading and the line below it."""
    heading = words.fill(**values).said(language) if values else words.said(language)
    return [heading, "|" + "---|" * (heading.count("|") - 1)]


def share(hits: int, of: int) -> tuple[str, str, str]:
    """`hits/of`, the share, and its exact interval."""
    low, high = exact(hits, of)
    return f"{hits}/{of}", f"{hits / of:.0%}" if of else "-", f"{low:.0%} - {high:.0%}"


def scored(verdicts: Sequence[Verdict], language: Language) -> list[str]:
    """The shares that the goals are stated in."""
    lines = headed(SCORED, language)
    return lines + [row((one.says.said(language), *share(one.hits, one.of))) for one in scores(verdicts)]


def names(verdicts: Iterable[Verdict]) -> str:
    """How logs were named, the most frequent name first."""
    return ", ".join(f"{name} {count}" for name, count in Counter(one.name for one in verdicts).most_common())


def named_by_label(verdicts: Sequence[Verdict], language: Language) -> list[str]:
    """How the logs of each label were named."""
    lines = headed(NAMED, language)
    return lines + [row((label, len(found), names(found))) for label, found in by_label(verdicts).items()]


def delays(verdicts: Sequence[Verdict], language: Language) -> list[str]:
    """Every collapse and NaN: when the first act came."""
    lines = headed(DELAYS, language)
    for one in verdicts:
        if one.label not in GRAVE:
            continue
        first = one.in_time or one.first
        early = ", ".join(f"{act.rule} {act.delay}" for act in one.early) or "-"
        if first is not None:
            told = (first.rule, f"`{first.series}`", f"{first.delay:+d}" if first.delay else "0", early)
        else:
            nothing = NONE if one.placed or one.name == "unreadable" else NOT_PLACED
            told = (nothing.said(language), "-", "-", early)
        lines.append(row((f"`{one.log}`", one.label, one.onset or "-", *told)))
    return lines


def fired(verdicts: Sequence[Verdict], language: Language) -> list[str]:
    """Each rule: on how many logs of each label the gravest that it said was act, watch and note."""
    labels = by_label(verdicts)
    lines = headed(FIRED, language, labels=" | ".join(f"{label} ({len(found)})" for label, found in labels.items()))
    for rule in all_rules():
        cells = [rule]
        for found in labels.values():
            told = Counter(one.worst().get(rule) for one in found)
            cells.append(" / ".join(str(told[severity]) for severity in SEEN) if any(map(told.get, SEEN)) else "-")
        well = [one for one in labels.get("healthy", []) if one.name != "unreadable"]
        wrong = sum(one.worst().get(rule) in {"act", "watch"} for one in well)
        hits, _, interval = share(wrong, len(well))
        lines.append(row((*cells, f"{hits} [{interval}]")))
    return lines


def families(verdicts: Sequence[Verdict], language: Language) -> list[str]:
    """Each family: alarms, names and delays."""
    lines = headed(FAMILY, language)
    for name, found in by_family(verdicts).items():
        firsts = [one.first.delay for one in found if one.first is not None]
        grave = found[0].label in GRAVE
        late = f"{median(firsts):g}, {max(firsts)}" if grave and firsts else "-"
        counts = (
            sum(one.act for one in found),
            sum(one.watch for one in found),
            sum(one.name == one.label for one in found),
            sum(one.in_time is not None for one in found) if grave else "-",
            late,
            sum(bool(one.early) for one in found) if grave else "-",
        )
        lines.append(row((name, found[0].label, len(found), *counts, names(found))))
    return lines


def stories(language: Language) -> list[str]:
    """What each family shows, from its own page. The sentences are those of the code, in English."""
    mark = {"en": ("sick", "healthy or healed"), "zh": ("有病", "健康或已自愈")}[language]
    return [f"- `{one.name}` ({mark[0] if one.sick else mark[1]}): {' '.join(one.doc.split())}" for one in FAMILIES]
