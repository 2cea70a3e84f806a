"""The evidence page about judgement, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import tables
from bench.doctors.comparing import compared
from bench.families import FAMILIES
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bench.doctors.result import Result
    from bench.judging import Verdict
    from defib.words import Language

TITLE = Words(en="How often the judgement is right", zh="判断的正确率")
MADE = Words(
    en="Made by `python -m bench.judgement --logs DIR --docs docs`. Nothing is fitted by it.",
    zh="由 `python -m bench.judgement --logs DIR --docs docs` 生成。该命令不拟合任何参数。",
)
LOGS = Words(en="Labelled logs: the development split", zh="带标签的日志：开发集")
ABOUT_LOGS = Words(
    en="{count} logs of other people's runs, {read} of which could be read. Labels are one reader's judgement of the printed "
    "curves. These logs were used while the rules were written: numbers on logs that nobody looked at will be lower.",
    zh="{count} 个他人训练的日志，其中 {read} 个可以读取。标签是一位读者对曲线的判断。编写规则时使用过这些日志：在从未看过的日志上数字会更低。",
)
DELAY = Words(en="Delay", zh="延迟")
ABOUT_DELAY = Words(
    en="From the labelled onset to the first act, in points of the series that it is about: evaluations of a score, logged "
    "rows of a training loss. 0 is the first point that the onset touches. The onset is stated in the file's own "
    "counting and looked up in the file. An act more than one point before it is a false alarm by the label.",
    zh="从标注的起始点到首个 act，以该指标自身的点数计：分数按评估次数，训练损失按记录条数。0 表示起始点所在的第一个点。"
    "起始点采用文件自身的计数方式，并在文件中查找。比它早一个点以上的 act，按标签算作误报。",
)
RULES = Words(en="What each rule said", zh="每条规则的结论")
ABOUT_RULES = Words(
    en="Logs on which the gravest that a rule said was act / watch / note, by label.",
    zh="按标签统计：某规则最严重的结论分别为 act / watch / note 的日志数。",
)
MADE_UP = Words(en="Made-up families", zh="人工生成的家族")
ABOUT_MADE_UP = Words(
    en="{families} families, {seeds} seeds each, {count} logs: {sick} families in which something is wrong and {well} that "
    "only look frightening. They are made up. Each is written from the mechanism of what it shows, not from the rules, "
    "and none was changed so that a rule passes. Early acts of `slow_collapse` need not be false: its decay begins before "
    "the labelled onset. The last column shows what the logs were called.",
    zh="{families} 个家族，每个 {seeds} 个种子，共 {count} 个日志：{sick} 个家族确有问题，{well} 个只是看上去吓人。这些数据都是人工生成的。"
    "每个家族根据现象的机制编写，而不是根据规则，也没有为了让规则通过而修改。`slow_collapse` 中过早的 act 不一定是误报：其衰退在标注的起始点之前就已开始。最后一列是日志得到的命名。",
)
STORIES = Words(en="What the families show", zh="各家族的内容（代码中的英文原文）")
MISSED = Words(en="Logs that were not named as labelled", zh="命名与标签不符的日志")
ROW = Words(en="- `{log}`: {label}, named {name}", zh="- `{log}`：标签 {label}，命名 {name}")


def page(verdicts: Sequence[Verdict], made_up: Sequence[Verdict], results: Sequence[Result], language: Language) -> str:
    """The page as Markdown."""
    return (
        "\n".join(
            [
                *_labelled(verdicts, language),
                *_families(made_up, language),
                *_rest(verdicts, made_up, results, language),
            ]
        )
        + "\n"
    )


def _labelled(verdicts: Sequence[Verdict], language: Language) -> Iterator[str]:
    read = sum(one.name != "unreadable" for one in verdicts)
    yield from (f"# {TITLE.said(language)}", "", MADE.said(language), "")
    yield from (f"## {LOGS.said(language)}", "", ABOUT_LOGS.fill(count=len(verdicts), read=read).said(language), "")
    yield from (*tables.scored(verdicts, language), "", *tables.named_by_label(verdicts, language), "")
    yield from (
        f"### {DELAY.said(language)}",
        "",
        ABOUT_DELAY.said(language),
        "",
        *tables.delays(verdicts, language),
        "",
    )
    yield from (
        f"### {RULES.said(language)}",
        "",
        ABOUT_RULES.said(language),
        "",
        *tables.fired(verdicts, language),
        "",
    )


def _families(made_up: Sequence[Verdict], language: Language) -> Iterator[str]:
    if not made_up:
        return
    sick = sum(one.sick for one in FAMILIES)
    counts = {"families": len(FAMILIES), "seeds": len(made_up) // len(FAMILIES), "count": len(made_up)}
    about = ABOUT_MADE_UP.fill(**counts, sick=sick, well=len(FAMILIES) - sick)
    yield from (f"## {MADE_UP.said(language)}", "", about.said(language), "")
    yield from (*tables.scored(made_up, language), "", *tables.families(made_up, language), "")
    yield from (f"### {RULES.said(language)}", "", ABOUT_RULES.said(language), "", *tables.fired(made_up, language), "")
    yield from (f"### {STORIES.said(language)}", "", *tables.stories(language), "")


def _rest(
    verdicts: Sequence[Verdict], made_up: Sequence[Verdict], results: Sequence[Result], language: Language
) -> Iterator[str]:
    yield from compared([*verdicts, *made_up], results, language)
    yield from (f"## {MISSED.said(language)}", "")
    for one in verdicts:
        if one.label not in (one.name, "unclear"):
            yield ROW.fill(log=one.log, label=one.label, name=one.name).said(language)


def write(docs: Path, verdicts: Sequence[Verdict], made_up: Sequence[Verdict], results: Sequence[Result]) -> None:
    """Write the page in both languages."""
    for language, folder in (("en", docs / "evidence"), ("zh", docs / "zh" / "evidence")):
        folder.mkdir(parents=True, exist_ok=True)
        text = page(verdicts, made_up, results, language)
        (folder / "judgement.md").write_text(text, encoding="utf-8")
