"""One edit of the plan as a person reads it: what it was, what it becomes, why, and how it is written."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from defib.configs.dialects import dialect
from defib.reports import phrases
from defib.reports.inert import clean
from defib.reports.names import RISKS
from defib.settings import name_of
from defib.words import Words, same, shown_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from defib.records import Edit, HandEdit, Site
    from defib.words import Language

PATHS = frozenset({"load_from", "work_dir"})
SCALARS = (int, float, str, type(None))
LONGEST = 48
"""Characters of a value in a table; a longer one is cut, the config has all of it."""


class Change(NamedTuple):
    """One row of the comparison."""

    name: Words
    old: Words
    new: Words
    why: Words
    remarks: tuple[Words, ...]
    """The cause that it treats, and what limits it: the risk, unless safe; that it is a convention; what the reference recipe has."""


def change(edit: Edit, cause: int | None = None) -> Change:
    """One edit as a row of the comparison.

    cause: the number under which the cause that it treats is shown.

    >>> from defib.records import Edit, Site
    >>> edit = Edit(key="lr", old=0.008, new=0.005, why=same("because"), play="made-up", risk="ask")
    >>> row = change(edit)
    >>> row.name.zh, row.old.en, row.new.en, row.remarks[0].zh
    ('学习率', '0.008', '0.005', '尚不确定：采用前请先确认')
    >>> gone = Edit(key="warmup", old=5, why=same("so"), play="p", sites=(Site(path="a.0", action="delete"),))
    >>> change(gone).new.zh
    '移除'
    """
    remarks = [] if cause is None else [phrases.TREATS_CAUSE.fill(number=cause)]
    if edit.risk != "safe":
        remarks.append(RISKS[edit.risk])
    if edit.convention and "convention" not in edit.why.en:
        remarks.append(phrases.CONVENTION)
    reference = None if edit.reference is None else _short(edit.key, edit.reference)
    if reference is not None and not re.search(rf"(?<![\w.]){re.escape(reference)}(?![\w.]*\w)", edit.why.en):
        remarks.append(phrases.REFERENCE_HAS.fill(value=reference))
    new = phrases.REMOVED if removes(edit) else same(_short(edit.key, edit.new))
    return Change(setting_name(edit.key), same(_short(edit.key, edit.old)), new, edit.why, tuple(remarks))


def in_code(edit: HandEdit) -> Change:
    """One change that a person makes, as a row; its only remark is where it is made.

    >>> from defib.records import HandEdit
    >>> row = in_code(HandEdit(key="lr", new=0.01, where=same("optimizer = ...(lr=...)"), why=same("so")))
    >>> row.old.zh, row.new.en, row.remarks[0].en
    ('未知', '0.01', 'optimizer = ...(lr=...)')
    """
    old, new = (phrases.UNKNOWN if value is None else same(_short(edit.key, value)) for value in (edit.old, edit.new))
    return Change(setting_name(edit.key), old, new, edit.why, (edit.where,))


def removes(edit: Edit) -> bool:
    """Whether the edit takes something out and puts nothing in its place; what follows it may have to move."""
    return edit.new is None and any(site.action == "delete" for site in edit.sites)


def setting_name(key: str) -> Words:
    """A setting in words; one that is newer than this report stays as it is.

    >>> setting_name("clip").zh, setting_name("new_thing").en
    ('梯度裁剪（最大范数）', 'new_thing')
    """
    try:
        return name_of(key)
    except KeyError:
        return same(key)


def differs(old: object, new: object) -> str | None:
    """`old → new`, or None when neither is known.

    >>> differs(0.005, 0.008), differs(None, 3), differs(None, None) is None
    ('0.005 → 0.008', '3', True)
    """
    if old is None and new is None:
        return None
    if old is None or new is None:
        return clean(shown_value(new if old is None else old))
    return f"{clean(shown_value(old))} → {clean(shown_value(new))}"


def step_text(says: Words, key: str, old: object, new: object) -> Words:
    """A step of the ladder; its numbers are added when its sentence holds none of them.

    >>> step_text(same("raise lr from 0.005 to 0.008"), "lr", 0.005, 0.008).en
    'raise lr from 0.005 to 0.008'
    >>> step_text(same("be bolder"), "lr", 0.005, 0.008).zh
    'be bolder（学习率 0.005 → 0.008）'
    """
    numbers = differs(old, new) if all(isinstance(value, SCALARS) for value in (old, new)) else None
    told = [shown_value(value) in says.en for value in (old, new) if value is not None]
    if numbers is None or any(told):
        return says
    name = setting_name(key)
    return Words(f"{says.en} ({name.en} {numbers})", f"{says.zh}（{name.zh} {numbers}）")


FENCES = {"yaml": "yaml", "json": "jsonc", "toml": "toml", "arguments": "bash"}
"""How Markdown calls the dialects; any other is Python."""
_JOINS = {"python": " = ", "toml": " = ", "bash": "="}


def fence_of(config: str | None) -> str:
    """The language of a config, as a block of Markdown names it.

    >>> fence_of("a/run.YML"), fence_of("train.sh"), fence_of("slowonly.py"), fence_of(None)
    ('yaml', 'bash', 'python', 'python')
    """
    return FENCES.get(dialect(Path(config or "")), "python")


def comment(fence: str, text: str) -> str:
    """A remark in the language of such a block.

    >>> comment("jsonc", "before"), comment("toml", "before")
    ('// before', '# before')
    """
    return f"{'//' if fence == 'jsonc' else '#'} {text}"


def written_lines(edits: Iterable[Edit], language: Language, fence: str = "python") -> list[str]:
    """The edits as lines with the old value as a comment; copies of one value are counted, not repeated.

    fence: the language of the config, whose way of writing values the lines follow.
    """
    lines = [row for edit in edits if edit.risk != "advise" for row in _written(edit, language, fence)]
    width = min(max((len(row) for row, _ in lines), default=0), LONGEST)
    return [clean(f"{row.ljust(width)}  {comment(fence, said)}") for row, said in lines]


def _assigned(path: str, value: object, fence: str) -> str:
    if fence == "python":
        return f"{_subscripted(path)} = {value!r}"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return f"{path}{_JOINS.get(fence, ': ')}{shlex.quote(str(value)) if fence == 'bash' else text}"


def _written(edit: Edit, language: Language, fence: str) -> list[tuple[str, str]]:
    before, removed = phrases.BEFORE.said(language), phrases.REMOVED.said(language)
    if not edit.sites:
        row = f"{edit.key} = {edit.new!r}" if fence == "python" else _assigned(edit.key, edit.new, fence)
        return [(row, f"{before}: {_short(edit.key, edit.old)}")]
    alike: dict[tuple[str, str, str], list[Site]] = {}
    for site in edit.sites:
        leaf = re.sub(r"(?:\.\d+)+$", "", site.path).rpartition(".")[2]
        alike.setdefault((leaf if site.action != "delete" else "", repr(site.new), site.action), []).append(site)
    rows = []
    for first, *rest in alike.values():
        said = f"{before}: {_short(edit.key, first.old)}"
        if rest:
            said += f" · {phrases.AND_MORE.fill(count=len(rest)).said(language)}"
        if first.action == "delete":
            path = _subscripted(first.path) if fence == "python" else first.path
            rows.append((comment(fence, f"{path} - {removed}"), said))
        else:
            rows.append((_assigned(first.path, first.new, fence), said))
    return rows


def _short(key: str, value: object) -> str:
    if key in PATHS and isinstance(value, str):
        return clean(value.rstrip("/").rpartition("/")[2] or value)
    text = clean(shown_value(value))
    if len(text) <= LONGEST:
        return text
    if isinstance(value, dict) and "type" in value:
        return clean(f"{value['type']}(…)")
    return text[: LONGEST - 1] + "…"


def _subscripted(path: str) -> str:
    """A path as Python writes it.

    >>> _subscripted("model.cls_head.loss_weights.1")
    'model.cls_head.loss_weights[1]'
    """
    return re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", path)
