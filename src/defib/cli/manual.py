"""`defib explain`: the page of a rule, cause, play, reference, setting, error, verdict or exit code."""

from __future__ import annotations

import difflib
import importlib
import re
from typing import TYPE_CHECKING

from defib import diagnosis, errors, health, playbook, settings
from defib.action.errors import data, model, training
from defib.alerting import refusals as alerting
from defib.cli import constants, error_pages, setting_pages, setting_places
from defib.cli.outcome_pages import EXIT_CODES, VERDICTS
from defib.cli.pages import HEADINGS, split, wrapped
from defib.errors import DefibError, NoSuchName
from defib.launching import refusals
from defib.serving import refusals as serving
from defib.words import Words, same, shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.words import Language

KINDS: dict[str, Words] = {
    "rule": Words(en="rule", zh="规则"),
    "cause": Words(en="cause", zh="原因"),
    "play": Words(en="play", zh="措施"),
    "reference": Words(en="reference recipe", zh="参考配方"),
    "setting": Words(en="setting", zh="设置"),
    "error": Words(en="error", zh="错误"),
    "verdict": Words(en="verdict", zh="结论"),
    "exit code": Words(en="exit code", zh="退出码"),
}
SOURCE = Words(en="Source: {source}", zh="来源：{source}")
BATCH = Words(en="Samples per step: {batch}", zh="每步样本数：{batch}")
EXIT = Words(en="Exit code: {code}", zh="退出码：{code}")
IN_OTHERS = Words(en="In a config of {program}: `{path}`", zh="在 {program} 的配置中：`{path}`")
IN_MMENGINE = Words(en="In an mmengine config: `{path}`", zh="在 mmengine 配置中的位置：`{path}`")
CHANGED_BY = Words(en="Plays that may change it: {names}", zh="可能修改它的措施：{names}")
NEEDS = Words(en="Has to be logged: {metrics}", zh="必须记录：{metrics}")
DECIDING = Words(en="the metric that decides", zh="决定性指标")
NUMBERS = {
    "measured": Words(en="Numbers that were measured: {values}", zh="实测的数值：{values}"),
    "published": Words(en="Numbers that others published: {values}", zh="取自他人发表的数值：{values}"),
    "assumed": Words(
        en="Numbers that are assumed, measured by nobody: {values}", zh="假定的数值（没有人测量过）：{values}"
    ),
    "not studied": Words(
        en="Numbers that were taken over and not studied: {values}", zh="沿用而未研究的数值：{values}"
    ),
    "by definition": Words(en="Numbers by definition: {values}", zh="按定义的数值：{values}"),
    "": Words(en="Numbers of which the source says no more: {values}", zh="源码没有说明来源的数值：{values}"),
}
"""The numbers of a rule, by where they come from."""
MEANINGS = Words(
    en="What each number means, and how the rule did with them: evidence/thresholds in the manual",
    zh="各数值的含义，以及规则使用它们时的表现：见手册中的 evidence/thresholds",
)
NO_NUMBER = Words(en="It has no number of its own.", zh="它没有自己的数值。")
EXPLAINED_BY = Words(en="Causes that may explain it: {names}", zh="可能的原因：{names}")
EXPLAINS = Words(en="Explains: {names}", zh="可解释的现象：{names}")
TREATED_BY = Words(en="Plays that treat it: {names}", zh="对应的措施：{names}")
UNTREATED = Words(
    en="No play treats it: a person has to act on what the evidence names.",
    zh="没有对应的措施：须由人按证据所指的内容处理。",
)
TREATS = Words(en="Treats: {name}", zh="针对的原因：{name}")
CONVENTION = Words(en="Treats no cause; it is a convention.", zh="不针对任何原因，只是惯例。")
CHANGES = Words(en="May change: {names}", zh="可能修改的设置：{names}")
RISKS = {
    "safe": Words(en="Risk: safe (same model, data and loss)", zh="风险：safe（模型、数据和损失不变）"),
    "ask": Words(en="Risk: ask (it changes what is learned)", zh="风险：ask（会改变学习内容，需先确认）"),
    "advise": Words(en="Risk: advise (a person must act)", zh="风险：advise（须由人处理）"),
}
PROFILES = Words(en="Profiles: {names}", zh="适用档位：{names}")


def page(name: str, language: Language) -> str:
    """The page of one entry, as a terminal shows it.

    Raises NoSuchName, with the nearest names, when there is none.
    """
    name, kind = _found(name)
    blocks = _blocks(kind, name, language)
    body = "\n\n".join("\n".join(line for row in block for line in wrapped(row)) for block in blocks)
    return f"{name} ({KINDS[kind].said(language)})\n\n{body}".rstrip()


def markdown(name: str, language: Language) -> str:
    """The page of one entry as Markdown.

    Raises NoSuchName, with the nearest names, when there is none.
    """
    name, kind = _found(name)
    blocks = _blocks(kind, name, language)
    body = "\n\n".join("  \n".join(_emphasised(row, language) for row in block) for block in blocks)
    return f"# `{name}` ({KINDS[kind].said(language)})\n\n{body}\n"


FORMS = {"text": page, "md": markdown}
"""What `--format` of `defib explain` takes."""


def _emphasised(row: str, language: Language) -> str:
    """A row with its heading in bold, and nothing in it that Markdown would take for a tag."""
    row = row.replace("<", "&lt;")
    colon = "：" if language == "zh" else ": "
    heading, found, rest = row.partition(colon)
    known = {words.said(language) for words in HEADINGS.values()}
    return f"**{heading}**{colon}{rest}" if found and heading in known else row


def names() -> tuple[tuple[str, str], ...]:
    """The name and the kind of every entry."""
    return tuple(_names())


def _found(name: str) -> tuple[str, str]:
    kinds = dict(_names())
    wanted = name.replace("-", "_") if name.replace("-", "_") in kinds else name
    if wanted not in kinds:
        near = difflib.get_close_matches(wanted, list(kinds), n=3, cutoff=0.3) or sorted(kinds)[:3]
        raise NoSuchName(name=name, nearest=", ".join(near))
    return wanted, kinds[wanted]


def contents(language: Language) -> str:
    """All names, by kind."""
    names = list(_names())
    return "\n".join(
        f"{words.said(language)}: " + ", ".join(name for name, one in names if one == kind)
        for kind, words in KINDS.items()
    )


def _names() -> Iterator[tuple[str, str]]:
    yield from ((name, "rule") for name in health.all_rules())
    yield from ((name, "cause") for name in diagnosis.all_causes())
    yield from ((name, "play") for name in playbook.all_plays())
    yield from ((name, "reference") for name in diagnosis.all_references())
    yield from ((name, "setting") for name in settings.NAMES)
    yield from ((error.slug(), "error") for error in all_errors(DefibError))
    yield from ((name, "verdict") for name in VERDICTS)
    yield from ((name, "exit code") for name in EXIT_CODES)


ELSEWHERE = (alerting, data, model, training, refusals, serving)
"""Modules whose errors are there once they are imported; none of them needs torch."""


def all_errors(parent: type[DefibError]) -> Iterator[type[DefibError]]:
    """Every error that can be raised: the leaves of the tree."""
    children = parent.__subclasses__()
    if not children:
        yield parent
    for child in children:
        yield from all_errors(child)


def _blocks(kind: str, name: str, language: Language) -> list[list[str]]:
    """What a page says: blocks of rows; each row is a paragraph."""
    head, doc, facts = _content(kind, name)
    said = re.sub(r"\{(\w+)[^}]*\}", r"<\1>", head.said(language))  # the places that a run fills
    body = _body(doc, name, language) if doc else []
    blocks = ([said], *body, [fact.said(language) for fact in facts])
    return [block for block in blocks if any(block)]


def _body(doc: str, name: str, language: Language) -> list[list[str]]:
    parts = split(doc, name)
    colon = "：" if language == "zh" else ": "
    sections = [[HEADINGS[heading].said(language) + colon + words.said(language)] for heading, words in parts.sections]
    return [[parts.summary.said(language)], [parts.text.said(language)] if parts.text.en else [], *sections]


def _content(kind: str, name: str) -> tuple[Words, str, list[Words]]:
    """The sentence of an entry, its docstring, and what is generated from its record."""
    if kind == "rule":
        rule = health.all_rules()[name]
        by = [one for one, cause in diagnosis.all_causes().items() if name in cause.explains]
        facts = _needed(rule.needs) + _numbers(f"defib.health.rules.{name}")
        return rule.says, rule.doc, facts + ([EXPLAINED_BY.fill(names=", ".join(by))] if by else [])
    if kind == "cause":
        cause = diagnosis.all_causes()[name]
        plays = [one for one, play in playbook.all_plays().items() if play.treats == name]
        facts = [EXPLAINS.fill(names=", ".join(cause.explains))] if cause.explains else []
        return cause.says, cause.doc, [*facts, TREATED_BY.fill(names=", ".join(plays)) if plays else UNTREATED]
    if kind == "play":
        play = playbook.all_plays()[name]
        return (
            same(""),
            play.doc,
            [
                CONVENTION if play.treats is None else TREATS.fill(name=play.treats),
                CHANGES.fill(names=", ".join(play.changes)),
                RISKS[play.risk],
                PROFILES.fill(names=", ".join(play.profiles)),
            ],
        )
    return _told(kind, name)


def _told(kind: str, name: str) -> tuple[Words, str, list[Words]]:
    """The same for what has no docstring of its own."""
    if kind == "reference":
        return _reference(name)
    if kind == "setting":
        changed = [one for one, play in playbook.all_plays().items() if name in play.changes]
        where = setting_pages.WHERE.get(name)  # None: mmengine has no such setting
        facts = [setting_pages.TEXTS[name], *([IN_MMENGINE.fill(path=where)] if where is not None else [])]
        facts += [IN_OTHERS.fill(program=program, path=path) for program, path in setting_places.places(name)]
        return settings.NAMES[name], "", facts + ([CHANGED_BY.fill(names=", ".join(changed))] if changed else [])
    if kind == "verdict":
        return VERDICTS[name], "", []
    if kind == "exit code":
        return EXIT_CODES[name], "", []
    error = next(one for one in all_errors(errors.DefibError) if one.slug() == name)
    return error.says, "", [error_pages.TEXTS[name], EXIT.fill(code=error.exit_code)]


def _reference(name: str) -> tuple[Words, str, list[Words]]:
    reference = diagnosis.all_references()[name]
    rows = [same(f"`{key}`: {shown_value(value)}") for key, value in reference.settings.items()]
    return (
        reference.says,
        importlib.import_module(f"defib.diagnosis.references.{name}").__doc__ or "",
        [SOURCE.fill(source=reference.source), BATCH.fill(batch=reference.batch), *rows],
    )


def _numbers(module: str) -> list[Words]:
    """The numbers that a file names, as they are now, so that a page cannot fall behind the code."""
    found = importlib.import_module(module)
    said = {one.name: one for one in constants.of_module(found)}
    rows: dict[str, list[str]] = {basis: [] for basis in NUMBERS}
    for name, value in vars(found).items():
        if name.isupper() and isinstance(value, int | float) and not isinstance(value, bool):
            one = said.get(name)
            by = f" ({one.published})" if one is not None and one.published else ""
            rows["" if one is None else one.basis].append(f"`{name} = {shown_value(value)}`{by}")
    told = [NUMBERS[basis].fill(values=", ".join(values)) for basis, values in rows.items() if values]
    return [*told, MEANINGS] if told else [NO_NUMBER]


def _needed(metrics: tuple[str, ...]) -> list[Words]:
    """What a rule needs, without which it is reported as not checked."""
    shown = [DECIDING if one == "deciding" else same(f"`{one}`") for one in metrics]
    both = Words(en=", ".join(one.en for one in shown), zh="、".join(one.zh for one in shown))
    return [NEEDS.fill(metrics=both)] if metrics else []
