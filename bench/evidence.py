"""The evidence page about judgement, in both languages."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bench.intervals import exact
from bench.scoring import by_label, scores
from defib.words import Words

if TYPE_CHECKING:
    from bench.scoring import Verdict
    from defib.words import Language

TITLE = Words(en="How often the judgement is right", zh="判断的正确率")
MADE = Words(
    en="Made by `python -m bench.judgement --logs DIR --docs docs` on {count} labelled logs of other people's runs, {read} of which "
    "could be read. Labels are one reader's judgement of the printed curves. These logs were used while the rules were "
    "written: this is the development split, and numbers on logs that nobody looked at will be lower.",
    zh="由 `python -m bench.judgement --logs DIR --docs docs` 在 {count} 个他人训练的带标签日志上生成，其中 {read} 个可以读取。"
    "标签是一位读者对曲线的判断。编写规则时使用过这些日志：这是开发集，在从未看过的日志上数字会更低。",
)
SCORED = Words(en="| What | Logs | Share | 95 % interval (exact) |", zh="| 项目 | 日志数 | 比例 | 95% 区间（精确） |")
NAMED = Words(en="| Label | Logs | Named |", zh="| 标签 | 日志数 | 命名 |")
MISSED = Words(en="Logs that were not named as labelled", zh="命名与标签不符的日志")
ROW = Words(en="- `{log}`: {label}, named {name}", zh="- `{log}`：标签 {label}，命名 {name}")


def page(verdicts: list[Verdict], language: Language) -> str:
    """The page as Markdown."""
    read = sum(one.name != "unreadable" for one in verdicts)
    lines = [f"# {TITLE.said(language)}", "", MADE.fill(count=len(verdicts), read=read).said(language), ""]
    lines += [SCORED.said(language), "|---|---|---|---|"]
    for words, hits, of in scores(verdicts):
        low, high = exact(hits, of)
        share = f"{hits / of:.0%}" if of else "-"
        lines.append(f"| {words.said(language)} | {hits}/{of} | {share} | {low:.0%} - {high:.0%} |")
    lines += ["", NAMED.said(language), "|---|---|---|"]
    for label, found in by_label(verdicts).items():
        names = ", ".join(f"{name} {count}" for name, count in Counter(one.name for one in found).most_common())
        lines.append(f"| {label} | {len(found)} | {names} |")
    lines += ["", f"## {MISSED.said(language)}", ""]
    missed = [one for one in verdicts if one.label not in (one.name, "unclear")]
    lines += [ROW.fill(log=one.log, label=one.label, name=one.name).said(language) for one in missed]
    return "\n".join(lines) + "\n"
