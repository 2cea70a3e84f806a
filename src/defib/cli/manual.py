"""`defib explain`: the page of a rule, cause, play, reference, setting or error."""

from __future__ import annotations

import difflib
import re
from inspect import cleandoc
from typing import TYPE_CHECKING

from defib import diagnosis, errors, health, playbook, settings
from defib.errors import DefibError, NoSuchName
from defib.words import Words

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
}
ENGLISH = Words(en="", zh="（说明正文目前只有英文）")
SOURCE = Words(en="Source: {source}", zh="来源：{source}")
EXIT = Words(en="Exit code: {code}", zh="退出码：{code}")


def page(name: str, language: Language) -> str:
    """The page of one entry.

    Raises NoSuchName, with the nearest names, when there is none.
    """
    wanted = name.replace("-", "_") if name.replace("-", "_") in dict(_names()) else name
    kinds = dict(_names())
    if wanted not in kinds:
        near = difflib.get_close_matches(wanted, list(kinds), n=3, cutoff=0.3) or sorted(kinds)[:3]
        raise NoSuchName(name=name, nearest=", ".join(near))
    kind = kinds[wanted]
    head, body = _content(kind, wanted)
    said = re.sub(r"\{(\w+)[^}]*\}", r"<\1>", head.said(language))  # the places that a run fills
    lines = [f"{wanted} ({KINDS[kind].said(language)})", "", said]
    lines += [ENGLISH.said(language)] if ENGLISH.said(language) and body else []
    return "\n".join([*lines, "", body]).rstrip()


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


def all_errors(parent: type[DefibError]) -> Iterator[type[DefibError]]:
    """Every error that can be raised: the leaves of the tree."""
    children = parent.__subclasses__()
    if not children:
        yield parent
    for child in children:
        yield from all_errors(child)


def _content(kind: str, name: str) -> tuple[Words, str]:
    if kind == "rule":
        rule = health.all_rules()[name]
        return rule.says, cleandoc(rule.doc)
    if kind == "cause":
        cause = diagnosis.all_causes()[name]
        return cause.says, cleandoc(cause.doc)
    if kind == "play":
        doc = cleandoc(playbook.all_plays()[name].doc)
        first = doc.partition("\n")[0]
        return Words(en=first, zh=first), doc.partition("\n")[2].strip()
    if kind == "reference":
        reference = diagnosis.all_references()[name]
        rows = "\n".join(f"{key}: {value}" for key, value in reference.settings.items())
        return reference.says, f"{SOURCE.fill(source=reference.source).en}\nbatch: {reference.batch}\n{rows}"
    if kind == "setting":
        return settings.NAMES[name], ""
    error = next(one for one in all_errors(errors.DefibError) if one.slug() == name)
    return error.says, f"{cleandoc(error.__doc__ or '')}\n\n{EXIT.fill(code=error.exit_code).en}"
