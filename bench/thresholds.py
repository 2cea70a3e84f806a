"""Every threshold of the rules and causes, with where it comes from, read from their source.

`defib.cli.constants` reads them, as it does for the pages of `defib explain`. A comment says `measured`, `published`,
`assumed`, `not studied` or `by definition`; one that says none of these is listed as not stated.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bench import by_rule
from bench.markdown import begun, headed, row
from defib import diagnosis, health
from defib.cli.constants import BASES, constants
from defib.health.check import all_rules
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from bench.judging import Verdict
    from defib.cli.constants import Constant
    from defib.words import Language

TITLE = Words(en="Thresholds, where they come from, and how their rules did", zh="阈值、来源，以及所属规则的表现")
ABOUT = Words(
    en="Every named number of the rules and of the causes, read from their source: {count}, of which {counts}. *Assumed* means "
    "that nobody measured it. The lines above a table say how the rule did with these numbers.",
    zh="规则与病因中所有具名的数值，直接读自源码：共 {count} 个，其中 {counts}。“假定”表示没有人测量过。"
    "表格上方的几行说明该规则使用这些数值时的表现。“源码注释”一栏是代码中的英文原文。",
)
RULES = Words(en="Rules", zh="规则")
ON_LOGS = Words(en="Labelled logs: {said}.", zh="带标签的日志：{said}。")
ON_FAMILIES = Words(en="Made-up families: {said}.", zh="人工生成的家族：{said}。")
NO_NUMBER = Words(en="No number of its own.", zh="没有自己的数值。")
SHARED = Words(en="Arithmetic that rules share", zh="规则共用的算法")
CAUSES = Words(en="Causes", zh="病因")
ABOUT_CAUSES = Words(
    en="How often causes are right is not measured here: the labelled logs have no cause.",
    zh="病因的正确率在此没有测量：带标签的日志没有标注病因。",
)
HEADING = Words(
    en="| Where | Constant | Value | Basis | What the source says |",
    zh="| 位置 | 常量 | 值 | 依据 | 源码注释（英文原文） |",
)


def _of(package: ModuleType) -> list[Constant]:
    """The constants of a package, its modules in alphabetical order."""
    root = Path(package.__file__ or "").parent
    paths = sorted(path for path in root.rglob("*.py") if not path.name.startswith(("test_", "__")))
    return [
        found
        for path in paths
        for found in constants(path.relative_to(root).with_suffix("").as_posix(), path.read_text(encoding="utf-8"))
    ]


def page(verdicts: Sequence[Verdict], made_up: Sequence[Verdict], language: Language) -> Iterator[str]:
    """The page: each rule with what was measured of it and its constants, then those that belong to no single rule."""
    of_health, of_causes = _of(health), _of(diagnosis)
    every = [*of_health, *of_causes]
    counts = {words.said(language): sum(one.basis == basis for one in every) for basis, words in BASES.items()}
    told = (", " if language == "en" else "、").join(f"{basis} {count}" for basis, count in counts.items())
    yield from begun(TITLE, language)
    yield from (ABOUT.fill(count=len(every), counts=told).said(language), "", f"## {RULES.said(language)}", "")
    for rule in all_rules():
        own = [one for one in of_health if one.module == f"rules/{rule}"]
        yield from (f"### `{rule}`", "")
        for words, found in ((ON_LOGS, verdicts), (ON_FAMILIES, made_up)):
            if found:
                yield f"- {words.fill(said=by_rule.beside(rule, found)).said(language)}"
        yield from ("", *(_table(own, language) if own else [NO_NUMBER.said(language)]), "")
    shared = [one for one in of_health if not one.module.startswith("rules/")]
    yield from (f"## {SHARED.said(language)}", "", *_table(shared, language), "")
    yield from (f"## {CAUSES.said(language)}", "", ABOUT_CAUSES.said(language), "", *_table(of_causes, language))


def _table(found: Sequence[Constant], language: Language) -> Iterator[str]:
    yield from headed(HEADING, language)
    for one in found:
        said = one.said.replace("|", "\\|") or "-"
        yield row((f"`{one.module}`", f"`{one.name}`", one.value, BASES[one.basis].said(language), said))
