"""YAML configs: composed into nodes and never constructed, so that no tag can call anything."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from defib.configs.bounds import bounded, too_deep
from defib.configs.cells import Leaf, Opaque, Table, listing, reference, resolve, table
from defib.configs.document import NO_TABLE, TWICE, Document, Text
from defib.configs.scalars import plain_scalar, text_for_pyyaml
from defib.words import Words, same

if TYPE_CHECKING:
    from pathlib import Path

    from defib.configs.cells import Node

MERGE = "<<"
_ALIAS = re.compile(r"[\s,:-]*(?:#[^\n]*\n[\s,:-]*)*(\*[^\s,\]}]+)")  # past the blanks and comments before it
_SIGN = re.compile(r"\s*(?:#[^\n]*\n\s*)*[:-]")
_ANCHOR = re.compile(r"&\S+\s+")
_CORE = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")

TEXT = Words(
    en="line {line}: bare PyYAML reads {word} as a text; it is taken as the number here, as most frameworks do. 1.0e-3 is a number for all",
    zh="第 {line} 行：PyYAML 本身会把 {word} 当作文本；此处与多数框架一样按数值读取。写成 1.0e-3 则都会读作数值",
)
MERGED = Words(en="`<<` must lead to mappings", zh="`<<` 必须指向映射")


@lru_cache(maxsize=4)
def _nodes(text: str) -> Any:  # noqa: ANN401 (the composer does not type its nodes)
    """The nodes of a text, which nobody changes. One config is read several times before its edits are proved."""
    return YAML(typ="safe", pure=True).compose(text)


def compose(path: Path, text: str) -> Document:
    """The cells of a YAML text; what it inherits, and what its interpolations mean, is found by `composition`.

    Raises ConfigSyntax, ConfigTooLarge.
    """
    source = Text(path, text)
    start = int(text.startswith("\ufeff"))
    composer = _Composer(source, start)
    try:
        node = _nodes(text[start:])
        root = table({}, span=None) if node is None else composer.cell(node)
    except RecursionError:
        raise too_deep(path) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = 0 if mark is None else min(mark.index + start, len(text))
        raise source.refusal(position, same(str(error.problem or error.context))) from None
    except (YAMLError, ValueError) as error:
        raise source.refusal(0, same(str(error).partition("\n")[0])) from None
    root = resolve(root)
    if not isinstance(root, Table):
        raise source.refusal(0, NO_TABLE)
    bounded(path, root)
    document = composer.document
    document.root = root
    return document


class _Composer:
    """Turns composed nodes into cells, each node once."""

    def __init__(self, source: Text, shift: int) -> None:
        self.source = source
        self.shift = shift
        self.document = Document(source, table({}, span=None))
        self._seen: dict[int, Node] = {}
        self._open: set[int] = set()

    def cell(self, node: Any, after: int = 0) -> Node:  # noqa: ANN401 (the composer does not type its nodes)
        """The cell of a node. Raises ConfigTooLarge for one that holds itself."""
        if id(node) in self._open:
            raise too_deep(self.source.path)
        self._open.add(id(node))
        start = node.start_mark.index + self.shift
        anchor = _ANCHOR.match(self.source.text, start) if node.anchor else None
        start = anchor.end() if anchor else start
        end = node.end_mark.index + self.shift
        if isinstance(node, ScalarNode) and start == end:  # nothing is written; its mark is at the next thing that is
            sign = _SIGN.match(self.source.text, after)
            start = end = sign.end() if sign else start
        found: Node
        if isinstance(node, MappingNode):
            found = self._mapping(node, start, end)
        elif isinstance(node, SequenceNode):
            items = self._items(node, start + bool(node.flow_style))
            found = listing(
                items, is_tuple=False, span=self.source.span(start, self._end(node, end, items[-1] if items else None))
            )
        else:
            found = self._scalar(node, start, end)
        if self.source.text[start : start + 1] == "!" and not isinstance(found, Opaque):
            span = self.source.span(start, end)
            found = Opaque(self.source.text[start:end].strip(), span.line, span, found.depth)
        self._open.discard(id(node))
        self._seen[id(node)] = found
        return found

    def _child(self, node: Any, after: int) -> Node:  # noqa: ANN401
        """The cell of a node inside another; an alias, somewhere after a position, is a use of the cell that it names."""
        if id(node) in self._open:
            raise too_deep(self.source.path)
        known = self._seen.get(id(node))
        if known is None:
            return self.cell(node, after)
        alias = _ALIAS.match(self.source.text, after)
        span = self.source.span(*alias.span(1)) if alias and alias[1] == f"*{node.anchor}" else None
        return reference(f"*{node.anchor}", known, span)

    def _mapping(self, node: Any, start: int, end: int) -> Table:  # noqa: ANN401
        entries: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        keys: dict[str, int] = {}
        plain = True
        last: Node | None = None
        for key, value in node.value:
            at = key.start_mark.index + self.shift
            if not isinstance(key, ScalarNode):
                raise self.source.refusal(at, Words(en="a key is no text", zh="键不是文本"))
            found = self._child(value, key.end_mark.index + self.shift)
            last = found
            if key.value == MERGE and not key.style:
                plain = False
                targets = resolve(found)
                for one in (targets,) if isinstance(targets, Table) else getattr(targets, "items", ()):
                    cell = resolve(one)
                    if not isinstance(cell, Table):
                        raise self.source.refusal(at, MERGED)
                    for name, below in cell.entries.items():
                        merged.setdefault(name, reference(name, below, None, spread=True))
                continue
            if key.value in entries:
                raise self.source.refusal(at, TWICE.fill(key=key.value))
            entries[key.value], keys[key.value] = found, at
        span = self.source.span(start, self._end(node, end, last))
        made = table({**merged, **entries}, span=span, plain=plain)
        self.document.keys |= {(id(made), key): at for key, at in keys.items()}
        return made

    def _end(self, node: Any, end: int, last: Node | None) -> int:  # noqa: ANN401
        """Where a container ends: a block's own mark is where the next thing begins, so its last value tells."""
        if node.flow_style:
            return end
        span = None if last is None else last.span
        return len(self.source.text[:end].rstrip()) if span is None else self.source.ends(span)[1]

    def _items(self, node: Any, after: int) -> list[Node]:  # noqa: ANN401
        items: list[Node] = []
        for item in node.value:
            items.append(self._child(item, after))
            span = items[-1].span
            after = after if span is None else self.source.ends(span)[1]
        return items

    def _scalar(self, node: Any, start: int, end: int) -> Node:  # noqa: ANN401
        text = self.source.text
        if node.style in ("|", ">"):
            end = start + len(text[start:end].rstrip())
        span = self.source.span(start, end)
        if text[start : start + 1] == "!":
            return Opaque(text[start:end], span.line, span)
        value = node.value if node.style else plain_scalar(node.value)
        leaf = Leaf(value, span)
        if not node.style and text_for_pyyaml(node.value):
            self.document.notes.append(TEXT.fill(line=span.line, word=node.value))
        if isinstance(value, str) and node.style not in {"|", ">"}:
            if "${" in value:
                self.document.words.append(leaf)
            elif "{{" in value:
                self.document.braced.append(leaf)
        return leaf
