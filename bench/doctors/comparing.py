"""The published doctors beside defib, on the same logs and by the same counting."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bench.doctors.driver import LIBRARIES
from bench.doctors.result import FORMS
from bench.doctors.roster import DOCTORS
from bench.markdown import begun, headed, row
from bench.scoring import GRAVE, QUIET, WORTH, by_family
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bench.doctors.result import Form, Result
    from bench.judging import Verdict
    from defib.words import Language

TITLE = Words(en="Beside the published log doctors", zh="与已发布的日志诊断工具比较")
ABOUT = Words(
    en="Each was installed from PyPI into an environment of its own and asked about the same logs: *the file*, as it was "
    "found, and *a clean table* made from defib's reading of it, in the columns that the doctor's documentation names. "
    "The clean table says how good its rules are where reading is done for it. Counted is only what it prints: *grave* is "
    "its own gravest level (error, critical, FAIL, failed), *alarm* that or a warning. *Noticed* is anything that it says "
    "at all, advice included, which is generous to it; for defib it is a name other than healthy. Nobody is asked for "
    "the right name, or for the right moment, here. A sick log that could not be read counts as missed; a healthy one does "
    "not count as quiet. *Crashed* are errors that a command-line tool did not catch; a library may raise them by "
    "design and has a dash. The stored answers are in `bench/results/doctors.jsonl`; `python -m bench.doctors` asks again "
    "where a doctor's version, a log, or the table made of it has changed.",
    zh="每个工具都从 PyPI 安装到各自独立的环境，并对同样的日志提问：一次用原始文件，一次用根据 defib 的读取结果制成的干净表格"
    "（列名按该工具的文档）。干净表格说明在替它完成读取之后，其规则有多好。只统计它自己输出的内容：“严重”指它自己的最高级别"
    "（error、critical、FAIL、failed），“报警”指最高级别或警告。“注意到”指它说了任何话（包括建议），这对它较为宽松；对 defib 则指命名不是 healthy。"
    "这里对所有工具都不要求说对名称或时刻。读不了的有病日志算作漏报；读不了的健康日志不算作安静。“崩溃退出”指命令行工具未捕获的错误；"
    "库可能有意抛出错误，以短横线表示。已存的回答在 `bench/results/doctors.jsonl`；若工具版本、日志或由它制成的表格有变化，"
    "`python -m bench.doctors` 会重新提问。",
)
HEADING = Words(
    en="| Doctor | Given | Read | Crashed | collapse, nan: grave | collapse, nan: alarm | spike, oscillating, overfit, plateau: noticed "
    "| healthy: grave | healthy: alarm |",
    zh="| 工具 | 输入 | 可读取 | 崩溃退出 | 崩溃、NaN：严重 | 崩溃、NaN：报警 | 尖峰、振荡、过拟合、停滞：注意到 | 健康：严重 | 健康：报警 |",
)
ON_LOGS = Words(en="Labelled logs", zh="带标签的日志")
ON_FAMILIES = Words(
    en="Made-up families, the first {seeds} seeds of each", zh="人工生成的家族，每个家族的前 {seeds} 个种子"
)
GIVEN: dict[Form, Words] = {
    "native": Words(en="the file", zh="原始文件"),
    "clean": Words(en="clean table", zh="干净表格"),
}
EACH = Words(
    en="Alarms on each family, of {seeds} logs: defib on the file, the others on the clean table. On `healthy` each is a false "
    "one; on `spike` an alarm is a matter of taste.",
    zh="每个家族 {seeds} 个日志中的报警数：defib 使用原始文件，其他工具使用干净表格。在 `healthy` 上每个报警都是误报；在 `spike` 上是否应当报警见仁见智。",
)
FAMILY = Words(en="| Family | Label | defib | {doctors} |", zh="| 家族 | 标签 | defib | {doctors} |")
BETTER = Words(en="Labelled logs on which another is better", zh="其他工具更好的带标签日志")
ABOUT_BETTER = Words(
    en="Everything that defib missed or raised a false alarm on, and another did not.",
    zh="defib 漏报或误报、而其他工具没有出错的全部日志。",
)
NONE_BETTER = Words(en="None.", zh="无。")
LOST = Words(
    en="- `{log}` ({label}): defib {ours}; better: {others}", zh="- `{log}`（{label}）：defib {ours}；更好的：{others}"
)
NO_ACT = Words(en="has no act", zh="没有 act")
NOT_NOTICED = Words(en="did not notice", zh="没有注意到")
FALSE = Words(en="raised an alarm", zh="报警")
CALLED = Words(en="How they were called", zh="调用方式")
NOT_ASKED = Words(
    en="They were not asked: `python -m bench.doctors` was not run.",
    zh="尚未提问：没有运行 `python -m bench.doctors`。",
)
NOT_ALL = Words(
    en="{doctor}, {given}: asked about {asked} of {count} only, and left out",
    zh="{doctor}，{given}：只提问了 {count} 个中的 {asked} 个，未列入",
)


class Said(NamedTuple):
    """What somebody said about one log, in what is compared."""

    read: bool
    grave: bool = False
    alarm: bool = False
    noticed: bool = False
    crashed: bool = False


def _of_defib(verdict: Verdict) -> Said:
    read = verdict.name != "unreadable"
    return Said(read, verdict.act, verdict.act or verdict.watch, noticed=read and verdict.name != "healthy")


def _of_doctor(result: Result) -> Said:
    alarm = result.level in ("act", "watch")
    return Said(result.read, result.level == "act", alarm, noticed=bool(result.level), crashed=bool(result.crashed))


def cells(labels: Mapping[str, str], said: Mapping[str, Said], *, tool: bool) -> list[str]:
    """The counts of one row: read, crashed; grave and alarm on the grave ones; noticed; grave and alarm on the healthy."""
    grave = [said[log] for log, label in labels.items() if label in GRAVE]
    worth = [said[log] for log, label in labels.items() if label in WORTH]
    well = [said[log] for log, label in labels.items() if label == "healthy" and said[log].read]
    return [
        f"{sum(one.read for one in said.values())}/{len(labels)}",
        str(sum(one.crashed for one in said.values())) if tool else "-",
        f"{sum(one.grave for one in grave)}/{len(grave)}",
        f"{sum(one.alarm for one in grave)}/{len(grave)}",
        f"{sum(one.noticed for one in worth)}/{len(worth)}",
        f"{sum(one.grave for one in well)}/{len(well)}",
        f"{sum(one.alarm for one in well)}/{len(well)}",
    ]


Asked = dict[tuple[str, "Form"], dict[str, Said]]


def asked(results: Sequence[Result]) -> Asked:
    """What each doctor said in each form, at the version that is pinned; the last answer counts."""
    pinned = {(doctor.name, doctor.version) for doctor in DOCTORS}
    found: Asked = {}
    for one in results:
        if (one.doctor, one.version) in pinned:
            found.setdefault((one.doctor, one.form), {})[one.log] = _of_doctor(one)
    return found


def table(verdicts: Sequence[Verdict], said: Asked, language: Language) -> Iterator[str]:
    """One row for defib, and one for each doctor and form that was asked about every one of the logs."""
    labels = {one.log: one.label for one in verdicts}
    yield from headed(HEADING, language)
    ours = cells(labels, {one.log: _of_defib(one) for one in verdicts}, tool=True)
    yield row(("**defib**", GIVEN["native"].said(language), *ours))
    left_out: list[str] = []
    for doctor in DOCTORS:
        for form in FORMS:
            name, given = f"{doctor.name} {doctor.version}", GIVEN[form].said(language)
            there = said.get((doctor.name, form), {})
            answers = {log: there[log] for log in labels if log in there}
            if answers.keys() == labels.keys():
                yield row((name, given, *cells(labels, answers, tool=doctor.name not in LIBRARIES)))
            elif answers:
                values = {"doctor": name, "given": given, "asked": len(answers), "count": len(labels)}
                left_out += ["", NOT_ALL.fill(**values).said(language)]
    yield from left_out


def _each(made_up: Sequence[Verdict], said: Asked, language: Language) -> Iterator[str]:
    there = [doctor.name for doctor in DOCTORS if (doctor.name, "clean") in said]
    yield from headed(FAMILY, language, doctors=" | ".join(there))
    for family, found in by_family(made_up).items():
        ours = sum(one.act or one.watch for one in found)
        theirs = [sum(said[name, "clean"].get(one.log, Said(read=False)).alarm for one in found) for name in there]
        yield row((f"`{family}`", found[0].label, ours, *theirs))


def _better(verdicts: Sequence[Verdict], said: Asked, language: Language) -> Iterator[str]:
    """Every labelled log that defib got wrong and another got right, with who."""
    for one in verdicts:
        if one.label in GRAVE and not one.act:
            wrong, right = NO_ACT, {key for key, there in said.items() if one.log in there and there[one.log].grave}
        elif one.label in WORTH and one.name in QUIET:
            wrong, right = (
                NOT_NOTICED,
                {key for key, there in said.items() if one.log in there and there[one.log].noticed},
            )
        elif one.label == "healthy" and (one.act or one.watch):
            wrong, right = FALSE, {key for key, there in said.items() if _quiet(there.get(one.log))}
        else:
            continue
        others = [
            f"{doctor.name} ({GIVEN[form].said(language)})"
            for doctor in DOCTORS
            for form in FORMS
            if (doctor.name, form) in right
        ]
        if others:
            told = (", " if language == "en" else "、").join(others)
            yield LOST.fill(log=one.log, label=one.label, ours=wrong, others=told).said(language)


def _quiet(said: Said | None) -> bool:
    return said is not None and said.read and not said.alarm


def compared(
    verdicts: Sequence[Verdict], made_up: Sequence[Verdict], results: Sequence[Result], language: Language
) -> Iterator[str]:
    """The page."""
    yield from begun(TITLE, language)
    yield from (ABOUT.said(language), "")
    said = asked(results)
    if not said:
        yield NOT_ASKED.said(language)
        return
    logs = {log for there in said.values() for log in there}
    made_up = [one for one in made_up if one.log in logs]
    yield from (f"## {ON_LOGS.said(language)}", "", *table(verdicts, said, language), "")
    if made_up:
        seeds = len(made_up) // len({one.family for one in made_up})
        title = ON_FAMILIES.fill(seeds=seeds).said(language)
        yield from (f"## {title}", "", *table(made_up, said, language), "")
        yield from (EACH.fill(seeds=seeds).said(language), "", *_each(made_up, said, language), "")
    better = list(_better(verdicts, said, language)) or [NONE_BETTER.said(language)]
    yield from (f"## {BETTER.said(language)}", "", ABOUT_BETTER.said(language), "", *better, "")
    yield from (f"## {CALLED.said(language)}", "")
    yield from (f"- {one.name} {one.version}: `{one.called}`" for one in DOCTORS)
