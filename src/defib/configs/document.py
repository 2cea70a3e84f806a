"""A config in a data format: its cells, and where in the text the keys that lead to them stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from defib.configs.cells import Ref, Span, Table, children, resolve
from defib.errors import ConfigSyntax, ConfigTooLarge
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from defib.configs.cells import Leaf, Node

CHARACTERS = 256 * 1024  # assumed: a composer in plain Python reads this in a few seconds; no real config is as long
_NEWLINE = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"(?:^|\s)#")
_SIZE = Words(en="the size of the file", zh="文件大小")
TWICE = Words(
    en="the key {key} stands here a second time; remove one of the two",
    zh="键 {key} 在此重复出现；请删去其中一个",
)
NO_TABLE = Words(en="the file holds no mapping of settings", zh="文件内容不是由设置组成的映射")


class Text:
    """A text whose positions can be told as lines and columns, and back."""

    def __init__(self, path: Path, text: str) -> None:
        """Raises ConfigTooLarge for what is longer than any config, ConfigSyntax where a null byte stands."""
        self.path = path
        self.text = text
        if len(text) > CHARACTERS:
            raise ConfigTooLarge(path=path, what=_SIZE, found=len(text), limit=CHARACTERS)
        self.starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]
        if "\0" in text:
            raise self.refusal(text.index("\0"), Words(en="a null byte stands here", zh="此处有空字节"))

    def span(self, start: int, end: int) -> Span:
        """The lines and columns of two positions."""
        line, last = bisect_right(self.starts, start), bisect_right(self.starts, end)
        return Span(line, start - self.starts[line - 1], last, end - self.starts[last - 1])

    def ends(self, span: Span) -> tuple[int, int]:
        """The two positions of a span."""
        return self.starts[span.line - 1] + span.column, self.starts[span.end_line - 1] + span.end_column

    def refusal(self, position: int, reason: Words) -> ConfigSyntax:
        """The refusal of what stands at a position."""
        return ConfigSyntax(path=self.path, line=bisect_right(self.starts, position), reason=reason)


class Origin(NamedTuple):
    """Where an inherited cell stands."""

    cell: Node
    """Held here, so that its id stays its own."""
    path: Path
    line: int


@dataclass(slots=True)
class Document:
    """One parsed file of a data format."""

    text: Text
    root: Table
    keys: dict[tuple[int, str], int] = field(default_factory=dict)
    """Where each key of each table begins: (id of the table, key) -> position."""
    notes: list[Words] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    tail: int | None = None
    """Where the command of a script ends; None for files that are no script."""
    options: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of a script: what has to go, from where to where, for each option of its command to be gone."""
    overrides: dict[int, str] = field(default_factory=dict)
    """Of a script: where the values of `key=value` words begin, with what comes before them in the same quotes."""
    last: int | None = None
    """Of a script: where the last such word ends."""
    comments: bool = True
    """Whether the language has comments, from a # that follows a blank."""
    words: list[Leaf] = field(default_factory=list)
    """Texts that may lead to other settings: `${lr}`."""
    braced: list[Leaf] = field(default_factory=list)
    """Texts with `{{`, which mmengine fills in where a file has bases."""
    own: Table | None = None
    """What this file itself sets, where `root` holds what it inherits as well."""
    below: Table | None = None
    """What it inherits and may override."""
    above: Table | None = None
    """What is laid over its own settings, so that they do not count."""
    bases: list[str] = field(default_factory=list)
    origins: dict[int, Origin] = field(default_factory=dict)
    """Where inherited cells stand, by their id."""

    def origin(self, node: Node) -> Origin | None:
        """The file and the line in which an inherited value stands; None for this file's own."""
        return self.origins.get(id(resolve(node)))

    def commented(self, start: int, end: int) -> bool:
        """Whether a comment may stand between two positions."""
        return self.comments and _COMMENT.search(self.text.text[start:end]) is not None


def walk(root: Table) -> Iterator[tuple[str, Node]]:
    """Every path below a root, with its node; shared ones as often as there are paths to them."""
    stack: list[tuple[str, Node]] = [("", root)]
    while stack:
        path, node = stack.pop()
        for step, below in children(node):
            inner = f"{path}.{step}" if path else step
            yield inner, below
            stack.append((inner, below))


def links_of(root: Table) -> dict[str, str]:
    """Each path at which another setting is used, with the path of that one."""
    paths: dict[int, str] = {}
    uses: list[tuple[str, Node]] = []
    stack: list[tuple[str, Node]] = [("", root)]
    while stack:
        path, node = stack.pop()
        if isinstance(node, Ref):  # what lies below a use follows from the use
            uses.append((path, node))
            continue
        paths[id(node)] = path
        stack.extend((f"{path}.{step}" if path else step, below) for step, below in children(node))
    return {
        path: paths[id(resolve(node))]
        for path, node in sorted(uses, key=lambda use: use[0])
        if id(resolve(node)) in paths
    }
