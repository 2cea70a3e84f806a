"""Relative bases of a YAML or JSON config, pointed anew when it is written to another folder than the original's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from defib.configs.cells import Leaf, Ref, resolve
from defib.configs.composition import elsewhere, entries, inherits
from defib.configs.hydra import DEFAULTS, SELF, listed
from defib.records import Site
from defib.rewriting.refusals import CROWDED, refused
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.configs.cells import Node
    from defib.configs.document import Document
    from defib.rewriting.slots import Cut

HYDRAS = Words(
    en="Hydra looks for the files of defaults beside this one, so it cannot be written to another folder; leave out --out",
    zh="Hydra 会在该文件旁查找 defaults 所列的文件，因此不能写到其他目录；请不要使用 --out",
)


def repointed(document: Document, folder: Path, spell: Callable[..., str]) -> list[Cut]:
    """The splices that write every relative base as it is seen from the new folder.

    Raises SiteNotEditable for a base that cannot be, with its line.
    """
    path = document.text.path
    key = inherits(document)
    if key is None or folder.resolve() == path.parent.resolve():
        return []
    root = document.root if document.own is None else document.own
    at = document.keys.get((id(root), key), 0)
    line = document.text.span(at, at).line
    if key == DEFAULTS:
        if all(one.names == (SELF,) and one.group is None for one in listed(root) or ()):
            return []
        raise refused(path, line, Site(path=key, new=str(path.parent)), HYDRAS)
    found = (_cut(document, node, folder, line, spell) for node in entries(root, key))
    return [cut for cut in found if cut is not None]


def _cut(document: Document, node: Node, folder: Path, line: int, spell: Callable[..., str]) -> Cut | None:
    path = document.text.path
    cell = resolve(node)
    name = cell.value if isinstance(cell, Leaf) and isinstance(cell.value, str) else None
    if name is not None and elsewhere(name):
        return None
    line = line if node.span is None else node.span.line
    if name is None or node.span is None or isinstance(node, Ref) or "${" in name or "{{" in name:
        raise refused(path, line, Site(path="_base_", new=str(path.parent)), CROWDED)
    moved = Path(os.path.relpath((path.parent / name).resolve(), folder.resolve())).as_posix()
    start, end = document.text.ends(node.span)
    return start, end, spell(moved, document.text.text[start:end])
