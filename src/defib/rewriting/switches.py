"""Switches of a command line: options without a value, which are on where they stand and off where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.configs.cells import Leaf
from defib.configs.document import walk
from defib.configs.overrides import TAKERS
from defib.words import Words

if TYPE_CHECKING:
    from defib.configs.document import Document

GRAMMAR = Words(
    en="its new value has signs that the grammar of key=value words would take apart",
    zh="新值含有会被 key=value 语法拆开的符号",
)
SWITCH = Words(
    en="it is a switch without a value, on where it stands; another value, or its opposite, has to be written by hand",
    zh="它是不带值的开关，写出即为开启；其他取值或相反的开关须手动填写",
)
ALONE = Words(
    en="it cannot be taken out for itself: the words beside it may belong to it, or the command would have no options left",
    zh="无法单独删除它：旁边的词可能属于它，或删除后命令不再有任何选项",
)


def negated(path: str) -> str:
    """The switch that says the opposite.

    >>> negated("train.amp"), negated("no_amp")
    ('train.no_amp', 'amp')
    """
    above, dot, last = path.rpartition(".")
    return f"{above}{dot}{last.removeprefix('no_') if last.startswith('no_') else f'no_{last}'}"


def switches(document: Document) -> tuple[bool, bool]:
    """Whether a command has switches, and whether it has options whose written value is True or False."""
    bare = valued = False
    for _, node in walk(document.root):
        if isinstance(node, Leaf) and isinstance(node.value, bool) and node.span is not None:
            start, end = document.text.ends(node.span)
            bare, valued = bare or start == end, valued or start < end
    return bare, valued


def takes_overrides(document: Document) -> bool:
    """Whether an option of the command, such as mmengine's `--cfg-options`, takes the `key=value` words."""
    return bool((TAKERS - {"multirun", "resolve"}) & document.root.entries.keys())
