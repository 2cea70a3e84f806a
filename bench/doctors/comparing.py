"""The published doctors beside defib, on the same logs and by the same counting."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bench.doctors.roster import DOCTORS
from bench.scoring import GRAVE, WORTH
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bench.doctors.result import Form, Result
    from bench.judging import Verdict
    from defib.words import Language

TITLE = Words(en="Beside the published log doctors", zh="与已发布的日志诊断工具比较")
ABOUT = Words(
    en="Each was installed from PyPI into an environment of its own (`python -m bench.doctors install DIR`) and asked about the "
    "same logs (`python -m bench.doctors run DIR --logs LOGS`), natively, on the file as it was found, and on a clean table "
    "made from defib's reading, in the columns that its documentation names. Counted is only what it prints: *grave* is its own gravest "
    "level (error, critical, FAIL, failed), *alarm* that or a warning. *Noticed* is anything that it says at all, advice "
    "included, which is generous to it; for defib it is a name other than healthy. Logs that it could not read count as missed. "
    "A name of the right problem is not asked for. Results are kept in `bench/results/doctors.jsonl`.",
    zh="每个工具都从 PyPI 安装到各自独立的环境（`python -m bench.doctors install DIR`），并对同样的日志提问（`python -m bench.doctors run DIR --logs LOGS`）："
    "一次用原始文件，一次用根据 defib 的读取结果制成的干净表格（列名按其文档）。只统计它自己输出的内容：“严重”指它自己的最高级别"
    "（error、critical、FAIL、failed），“报警”指最高级别或警告。“注意到”指它说了任何话（包括建议），这对它较为宽松；对 defib 则指命名不是 healthy。"
    "读不了的日志算作漏报。不要求它说对问题的名称。结果保存在 `bench/results/doctors.jsonl`。",
)
HEADING = Words(
    en="| Doctor | Given | Read | collapse, nan: grave | collapse, nan: alarm | spike, oscillating, overfit, plateau: noticed | healthy: grave | healthy: alarm |",
    zh="| 工具 | 输入 | 可读取 | 崩溃、NaN：严重 | 崩溃、NaN：报警 | 尖峰、振荡、过拟合、停滞：注意到 | 健康：严重 | 健康：报警 |",
)
ON_LOGS = Words(en="Labelled logs", zh="带标签的日志")
ON_FAMILIES = Words(
    en="Made-up families, the first {seeds} seeds of each", zh="人工生成的家族，每个家族的前 {seeds} 个种子"
)
FORMS = {"native": Words(en="the file", zh="原始文件"), "clean": Words(en="clean table", zh="干净表格")}
CALLED = Words(en="How they were called", zh="调用方式")
NOT_ASKED = Words(
    en="They were not asked: `python -m bench.doctors` was not run.",
    zh="尚未提问：没有运行 `python -m bench.doctors`。",
)


class Said(NamedTuple):
    """What somebody said about one log, in what is compared."""

    read: bool
    grave: bool = False
    alarm: bool = False
    noticed: bool = False


def _of_defib(verdict: Verdict) -> Said:
    read = verdict.name != "unreadable"
    return Said(read, verdict.act, verdict.act or verdict.watch, noticed=read and verdict.name != "healthy")


def _of_doctor(result: Result) -> Said:
    return Said(result.read, result.level == "act", result.level in ("act", "watch"), noticed=bool(result.level))


def cells(labels: Mapping[str, str], said: Mapping[str, Said]) -> list[str]:
    """The counts of one row: read, grave and alarm on the grave ones, noticed, grave and alarm on the healthy ones."""
    grave = [said[log] for log, label in labels.items() if label in GRAVE]
    worth = [said[log] for log, label in labels.items() if label in WORTH]
    well = [said[log] for log, label in labels.items() if label == "healthy" and said[log].read]
    return [
        f"{sum(one.read for one in said.values())}/{len(labels)}",
        f"{sum(one.grave for one in grave)}/{len(grave)}",
        f"{sum(one.alarm for one in grave)}/{len(grave)}",
        f"{sum(one.noticed for one in worth)}/{len(worth)}",
        f"{sum(one.grave for one in well)}/{len(well)}",
        f"{sum(one.alarm for one in well)}/{len(well)}",
    ]


def table(verdicts: Sequence[Verdict], results: Sequence[Result], language: Language) -> Iterator[str]:
    """One row for defib, and one for each doctor and form that was asked about every one of the logs."""
    labels = {one.log: one.label for one in verdicts}
    heading = HEADING.said(language)
    yield from (heading, "|" + "---|" * (heading.count("|") - 1))
    ours = cells(labels, {one.log: _of_defib(one) for one in verdicts})
    yield "| " + " | ".join(["**defib**", FORMS["native"].said(language), *ours]) + " |"
    for doctor in DOCTORS:
        for form, words in FORMS.items():
            said = _asked(results, doctor.name, doctor.version, form, labels)
            if said.keys() == labels.keys():
                name = f"{doctor.name} {doctor.version}"
                yield "| " + " | ".join([name, words.said(language), *cells(labels, said)]) + " |"


def _asked(
    results: Sequence[Result], name: str, version: str, form: Form | str, labels: Mapping[str, str]
) -> dict[str, Said]:
    return {
        one.log: _of_doctor(one)
        for one in results
        if (one.doctor, one.version, one.form) == (name, version, form) and one.log in labels
    }


def compared(verdicts: Sequence[Verdict], results: Sequence[Result], language: Language) -> Iterator[str]:
    """The section of the evidence page."""
    yield from (f"## {TITLE.said(language)}", "", ABOUT.said(language), "")
    if not results:
        yield from (NOT_ASKED.said(language), "")
        return
    asked = {one.log for one in results}
    labelled = [one for one in verdicts if not one.family]
    made_up = [one for one in verdicts if one.family and one.log in asked]
    yield from (f"### {ON_LOGS.said(language)}", "", *table(labelled, results, language), "")
    if made_up:
        seeds = len(made_up) // len({one.family for one in made_up})
        title = ON_FAMILIES.fill(seeds=seeds).said(language)
        yield from (f"### {title}", "", *table(made_up, results, language), "")
    yield from (f"### {CALLED.said(language)}", "")
    yield from (f"- {one.name} {one.version}: `{one.called}`" for one in DOCTORS)
    yield ""
