"""A command that the user gave, with the attempt's own paths in it. No shell is involved: a word stays a word."""

from __future__ import annotations

import shlex
from string import Formatter
from typing import TYPE_CHECKING

from defib.launching.refusals import BadCommand
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN = Words(en="{{{name}}} is not known here; known are {known}", zh="这里没有 {{{name}}}；可用的是 {known}")
OPEN_QUOTE = Words(en="a quote is open", zh="引号未闭合")
BRACES = Words(en="a brace is open, or alone", zh="花括号未闭合或单独出现")
EMPTY = Words(en="it has no words", zh="其中没有任何词")
MISSING = Words(en="{{{name}}} is not known for this run", zh="这次训练的 {{{name}}} 未知")


def filled(template: str, values: Mapping[str, str | None]) -> tuple[str, ...]:
    """The words of a command, with `{config}` and the like replaced inside them.

    values: what can stand in braces; None for what this run does not have.

    >>> filled("python 'my train.py' --config={config}", {"config": "/a b/c;d.py"})
    ('python', 'my train.py', '--config=/a b/c;d.py')
    >>> filled("echo {{x}}", {})
    ('echo', '{x}')

    Raises BadCommand.
    """
    try:
        words = shlex.split(template)
    except ValueError:
        raise BadCommand(command=template, reason=OPEN_QUOTE) from None
    if not words:
        raise BadCommand(command=template, reason=EMPTY)
    return tuple(_filled(word, template, values) for word in words)


def _filled(word: str, template: str, values: Mapping[str, str | None]) -> str:
    text = ""
    try:
        parts = list(Formatter().parse(word))
    except ValueError:
        raise BadCommand(command=template, reason=BRACES) from None
    for literal, name, _, _ in parts:
        text += literal
        if name is None:
            continue
        if name not in values:
            known = ", ".join(f"{{{one}}}" for one in values)
            raise BadCommand(command=template, reason=UNKNOWN.fill(name=name, known=known))
        value = values[name]
        if value is None:
            raise BadCommand(command=template, reason=MISSING.fill(name=name))
        text += value
    return text
