"""The evidence pages, in both languages: labelled logs, families, the published doctors, thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import by_rule, losses, tables, thresholds
from bench.doctors.comparing import compared
from bench.families import FAMILIES
from bench.markdown import begun
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bench.doctors.result import Result
    from bench.judging import Verdict
    from defib.words import Language

LOGS = Words(en="How often the judgement is right: labelled logs", zh="判断的正确率：带标签的日志")
ABOUT_LOGS = Words(
    en="{count} logs of other people's runs, {read} of which could be read. Labels are one reader's judgement of the printed "
    "curves. These logs were used while the rules were written (the development split): numbers on logs that nobody "
    "looked at will be lower.",
    zh="{count} 个他人训练的日志，其中 {read} 个可以读取。标签是一位读者对曲线的判断。编写规则时使用过这些日志（开发集）：在从未看过的日志上数字会更低。",
)
LABELS = Words(en="Each label", zh="各个标签")
DELAY = Words(en="Delay: every collapse and NaN", zh="延迟：每个崩溃与 NaN")
RULES = Words(en="What each rule said", zh="每条规则的结论")
MISSED = Words(en="Where it is wrong: logs that were not named as labelled", zh="错在哪里：命名与标签不符的日志")
MADE_UP = Words(en="How often the judgement is right: made-up families", zh="判断的正确率：人工生成的家族")
ABOUT_MADE_UP = Words(
    en="**These logs are made up.** {families} families, {seeds} seeds each, {count} logs: in {sick} families something is "
    "wrong, and {well} only look frightening. Each is written from the mechanism of what it shows, not from the rules that "
    "are to find it. They are cleaner than real logs, and their number is no evidence of how often such a thing happens: a "
    "family says whether a rule does what it claims, the labelled logs say more about how often it is right. An early act "
    "on `slow_collapse` need not be false: its decay begins before the labelled onset.",
    zh="**这些日志是人工生成的。**{families} 个家族，每个 {seeds} 个种子，共 {count} 个日志：{sick} 个家族确有问题，{well} 个只是看上去吓人。"
    "每个家族根据现象的机制编写，而不是根据要找到它的规则。它们比真实日志干净，其数量也不能说明这种情况有多常见："
    "家族说明一条规则是否做到它所声称的，至于正确率，带标签的日志更有说服力。`slow_collapse` 上过早的 act 不一定是误报：其衰退在标注的起始点之前就已开始。",
)
EACH = Words(en="Each family", zh="各个家族")
WRONG = Words(
    en="By family, with the seeds. A log that was noticed and named otherwise than labelled is listed too.",
    zh="按家族列出种子。已注意到但命名与标签不符的日志也会列出。",
)
LOSSES = Words(en="Where it is wrong", zh="错在哪里")
STORIES = Words(en="What the families show", zh="各家族的内容")


def pages(
    verdicts: Sequence[Verdict], made_up: Sequence[Verdict], results: Sequence[Result], language: Language
) -> dict[str, str]:
    """Every page, by its file."""
    found = {
        "judgement.md": _logs(verdicts, language),
        "families.md": _families(made_up, language),
        "doctors.md": compared(verdicts, made_up, results, language),
        "thresholds.md": thresholds.page(verdicts, made_up, language),
    }
    return {name: "\n".join(lines).rstrip("\n") + "\n" for name, lines in found.items()}


def _logs(verdicts: Sequence[Verdict], language: Language) -> Iterator[str]:
    read = sum(one.name != "unreadable" for one in verdicts)
    yield from begun(LOGS, language)
    yield from (
        ABOUT_LOGS.fill(count=len(verdicts), read=read).said(language),
        "",
        *tables.scored(verdicts, language),
        "",
    )
    for title, lines in (
        (LABELS, tables.labels(verdicts, language)),
        (DELAY, tables.delays(verdicts, language)),
        (RULES, by_rule.table(verdicts, language)),
        (MISSED, losses.logs(verdicts, language)),
    ):
        yield from (f"## {title.said(language)}", "", *lines, "")


def _families(made_up: Sequence[Verdict], language: Language) -> Iterator[str]:
    sick = sum(one.sick for one in FAMILIES)
    counts = {"families": len(FAMILIES), "seeds": len(made_up) // len(FAMILIES), "count": len(made_up)}
    about = ABOUT_MADE_UP.fill(**counts, sick=sick, well=len(FAMILIES) - sick)
    yield from begun(MADE_UP, language)
    yield from (about.said(language), "", *tables.scored(made_up, language), "")
    for title, lines in (
        (EACH, tables.families(made_up, language)),
        (LOSSES, (WRONG.said(language), "", *losses.families(made_up, language))),
        (RULES, by_rule.table(made_up, language)),
        (STORIES, tables.stories(language)),
    ):
        yield from (f"## {title.said(language)}", "", *lines, "")


def write(docs: Path, verdicts: Sequence[Verdict], made_up: Sequence[Verdict], results: Sequence[Result]) -> None:
    """Write the pages in both languages."""
    for language, folder in (("en", docs / "evidence"), ("zh", docs / "zh" / "evidence")):
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages(verdicts, made_up, results, language).items():
            (folder / name).write_text(text, encoding="utf-8")
