"""A data config with all that it inherits: `_BASE_`, `_base_`, Hydra's `defaults`. Its files are read from disk alone.

Inherited cells keep their values and lose their spans, so that nothing takes their positions for some in this file;
where they stand is kept in the document's `origins`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from defib.configs import hydra
from defib.configs.bases import CIRCLE, FVCORE, MANY, MISSING, MMENGINE, MOST_BASES, OMEGACONF, TWICE, merged
from defib.configs.bounds import bounded, decoded, read, too_deep
from defib.configs.cells import Leaf, Listing, Opaque, Ref, Table, children, resolve, table
from defib.configs.document import CHARACTERS, Origin, links_of
from defib.configs.interpolation import Interpolations
from defib.errors import ConfigTooLarge
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.configs.cells import Node
    from defib.configs.document import Document

UPPER, LOWER = "_BASE_", "_base_"
RULES = {UPPER: FVCORE, LOWER: MMENGINE}
_DATA = {".yaml", ".yml", ".json"}
_ALL = 4 * CHARACTERS  # of all files that one config inherits from; assumed

_SIZE = Words(en="the size of all its base files", zh="所有基础配置的总大小")
FOREIGN = Words(
    en="line {line}: {base} is no YAML or JSON file on this disk and was not read; the settings in it are not known",
    zh="第 {line} 行：{base} 不是本机磁盘上的 YAML 或 JSON 文件，未读取，其中的设置未知",
)
WITHIN = Words(en="{file}, {note}", zh="{file}，{note}")


def composed(document: Document, scan: Callable[[Path, str], Document]) -> Document:
    """The document with what it inherits, its interpolations led to what they name.

    scan: reads the text of one more file. What cannot be had is named in the notes, with its line.
    Raises ConfigSyntax and ConfigTooLarge for a base that cannot be read, as for the file itself.
    """
    path = document.text.path
    try:
        _Composition(document, scan).settle()
        found = Interpolations(document.root, [(word, _line(document, word)) for word in document.words])
        found.settle()
    except RecursionError:
        raise too_deep(path) from None
    for key, node in found.meant.items():
        if key in document.origins:
            document.origins[id(node)] = document.origins[key]._replace(cell=node)
    bounded(path, document.root)
    document.links = links_of(document.root)
    return document


def inherits(document: Document) -> str | None:
    """The key by which a file names what it inherits."""
    root = document.root if document.own is None else document.own
    key = next((key for key in RULES if key in root.entries), None)
    if key is None and document.comments and hydra.listed(root):
        return hydra.DEFAULTS
    return key


def entries(root: Table, key: str) -> list[Node]:
    """The nodes that name the bases: one, or those of a list."""
    cell = resolve(root.entries[key])
    return list(cell.items) if isinstance(cell, Listing) else [root.entries[key]]


def elsewhere(name: str) -> bool:
    """Whether an entry is not relative to the file that it stands in."""
    return name.startswith(("~", "http://", "https://")) or "::" in name or Path(name).is_absolute()


class _Composition:
    def __init__(self, document: Document, scan: Callable[[Path, str], Document]) -> None:
        self.document = document
        self.scan = scan
        self.open = [document.text.path.resolve()]
        self.read = 0
        self.characters = 0

    def settle(self) -> None:
        """Put what the file inherits into its root."""
        key = inherits(self.document)
        if key is None:
            return
        own = self.document.own = self.document.root
        if key == hydra.DEFAULTS:
            self._layered(own)
        else:
            if key == LOWER:
                self.document.words += self.document.braced
            self.document.below = self._below(self.document, key)
            mine = _without(own, key)
            self.document.root = merged(mine, self.document.below, RULES[key])
        self.document.bases = list(dict.fromkeys(self.document.bases))

    def _below(self, child: Document, key: str) -> Table:
        """What a file inherits by `_BASE_` or `_base_`; of several bases the last one wins."""
        below = table({}, span=None)
        for node in entries(child.root, key):
            line = _line(self.document, node)
            cell = resolve(node)
            if not isinstance(cell, Leaf) or not isinstance(cell.value, str):
                name = cell.source if isinstance(cell, Opaque) else str(getattr(cell, "value", key))
                self._note(child, FOREIGN.fill(line=line, base=name))
                continue
            base = self._file(child, child.text.path.parent, cell.value, line)
            if base is None:
                continue
            self.open.append(base.text.path.resolve())
            root = base.root
            if key in root.entries:
                deeper = self._below(base, key)
                root = merged(_without(root, key), deeper, RULES[key])
            self.open.pop()
            doubled = sorted(below.entries.keys() & root.entries.keys()) if key == LOWER else []
            if doubled:
                self._note(child, TWICE.fill(line=line, keys=", ".join(doubled)))
                below = table({**below.entries, **root.entries}, span=None)
            else:
                below = merged(root, below, RULES[key])
            bounded(self.document.text.path, below)
        return below

    def _layered(self, own: Table) -> None:
        """What Hydra composes, from the folder of this file as the root of its configs."""
        root = self.document.text.path.parent

        def load(by: Document, name: str, entry: hydra.Default) -> Document | None:
            path = name if name.endswith(".yaml") else f"{name}.yaml"
            if entry.optional and not _present(root / path):
                return None
            return self._file(by, root, path, entry.line)

        layers = hydra.Layers(load, self._note).of(self.document, self.document.text.path.stem)
        place = next(index for index, (one, _) in enumerate(layers) if one is self.document)
        below, above = self._merged(layers[:place]), self._merged(layers[place + 1 :])
        mine = _packed(_without(own, hydra.DEFAULTS), layers[place][1])
        self.document.below, self.document.above = below, above
        self.document.root = merged(above, merged(mine, below, OMEGACONF), OMEGACONF)

    def _merged(self, layers: list[tuple[Document, str]]) -> Table:
        found = table({}, span=None)
        for one, package in layers:
            root = _without(one.root, hydra.DEFAULTS) if hydra.listed(one.root) else one.root
            found = merged(_packed(root, package), found, OMEGACONF)
            bounded(self.document.text.path, found)
        return found

    def _file(self, child: Document, folder: Path, name: str, line: int) -> Document | None:
        """One base, or None with a note that says why it was not read."""
        why = self._unreadable(folder, name)
        if why is not None:
            self._note(child, why.fill(line=line, base=name, most=MOST_BASES))
            return None
        path = (folder / name).resolve()
        try:
            text = decoded(path, read(path))
        except OSError:
            self._note(child, MISSING.fill(line=line, base=name))
            return None
        self.read += 1
        self.characters += len(text)
        if self.characters > _ALL:
            raise ConfigTooLarge(path=child.text.path, what=_SIZE, found=self.characters, limit=_ALL)
        base = self.scan(path, text)
        _moved(self.document, base)
        self.document.words += [*base.words, *(base.braced if LOWER in base.root.entries else ())]
        self.document.notes += [WITHIN.fill(file=path.name, note=note) for note in base.notes]
        self.document.bases.append(str(path))
        return base

    def _unreadable(self, folder: Path, name: str) -> Words | None:
        away = elsewhere(name) and not Path(name).is_absolute()
        if away or "\0" in name or Path(name).suffix.lower() not in _DATA:
            return FOREIGN
        if not _present(folder / name):
            return MISSING
        if (folder / name).resolve() in self.open:
            return CIRCLE
        return MANY if self.read >= MOST_BASES else None

    def _note(self, child: Document, note: Words) -> None:
        mine = child is self.document
        self.document.notes.append(note if mine else WITHIN.fill(file=child.text.path.name, note=note))


def _present(path: Path) -> bool:
    try:
        return path.resolve().is_file()  # a pipe or a device would never end
    except (OSError, RuntimeError, ValueError):
        return False


def _line(document: Document, node: Node) -> int:
    found = document.origins.get(id(node)) or document.origin(node)
    span = node.span if node.span is not None else resolve(node).span
    return found.line if found is not None else 1 if span is None else span.line


def _without(root: Table, key: str) -> Table:
    """A file's settings without the key that names its bases."""
    return table({name: node for name, node in root.entries.items() if name != key}, span=None, local=root)


def _packed(root: Table, package: str) -> Table:
    """The settings below their package."""
    for step in reversed(package.split(".") if package else ()):
        root = table({step: root}, span=None)
    return root


def _moved(document: Document, base: Document) -> None:
    """Note where the cells of a base stand, and take their spans away."""
    stack: list[Node] = [base.root]
    while stack:
        node = stack.pop()
        if id(node) in document.origins:
            continue
        line = node.line if isinstance(node, Opaque) else 1 if node.span is None else node.span.line
        document.origins[id(node)] = Origin(node, base.text.path, line)
        node.span = None
        stack.extend([node.target] if isinstance(node, Ref) else [below for _, below in children(node)])
