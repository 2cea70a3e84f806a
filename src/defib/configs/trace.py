"""One config file, traced: its settings, and for each of them the place in the file that feeds it.

This is what the rewriter works on; `mmengine.parse` makes the record from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from defib.configs.bases import CIRCLE, MANY, MISSING, MOST_BASES, TWICE, UNREAD, UNREAD_NAME, located, merged
from defib.configs.bounds import Source, bounded, decoded, read, too_deep
from defib.configs.cells import Leaf, Table, table
from defib.configs.evaluation import Evaluator
from defib.configs.lazy import apart, base_imports, file_of, imported, is_lazy
from defib.configs.lookups import BASE
from defib.configs.statements import base_entries, carry_out

if TYPE_CHECKING:
    from pathlib import Path

    from defib.configs.cells import Node
    from defib.configs.lazy import BaseImport
    from defib.configs.statements import Assignment
    from defib.words import Words

_DROPPED = frozenset({BASE, "_deprecation_"})


@dataclass(slots=True)
class Trace:
    """A config's cells and everything about them that its values do not show."""

    source: Source
    root: Table
    """All settings, inherited ones included; cells that have a span stand in this file."""
    own: Table
    """The settings that this file binds itself."""
    assignments: dict[str, Assignment]
    twice: dict[str, str]
    leaned_on: list[Node]
    """Bindings on which something computed rests."""
    opened: list[Node]
    """Containers that were poured into others or looked into."""
    shaken: list[tuple[Node, int]]
    """Bindings that a later line may have changed."""
    inherited: frozenset[str]
    """Top-level keys that the bases have."""
    bases: list[str]
    notes: list[Words]
    base_entries: list[Leaf] = field(default_factory=list)
    """The texts in `_base_`."""
    lazy: bool = False
    """It is in mmengine's lazy style."""
    imported: dict[str, str] = field(default_factory=dict)
    """Classes and modules that can be named at the end of the file: the name here -> the dotted name."""
    base_imports: list[BaseImport] = field(default_factory=list)


def trace(path: Path, text: str | None = None) -> Trace:
    """Trace a config file, or a text that stands in for it.

    Raises ConfigSyntax, ConfigTooLarge, and OSError when the file cannot be read.
    """
    try:
        return _Reader().trace(path, decoded(path, read(path)) if text is None else text, here=True)
    except RecursionError:
        raise too_deep(path) from None


class _Reader:
    """Reads a config and the files that it inherits from, each of them once."""

    def __init__(self) -> None:
        self.open: list[Path] = []
        self.done: dict[Path, Trace] = {}

    def trace(self, path: Path, text: str, *, here: bool) -> Trace:
        source = Source(path, text)
        if is_lazy(source.module):
            return self._lazy(source, here=here)
        outside = Evaluator(source, table({}, span=None), here=here)
        self.open.append(path.resolve())
        found = base_entries(source.module, outside)
        entries, computed, line = found if found is not None else ([], [], 1)
        notes: list[Words] = [UNREAD.fill(line=line, base=text) for text in computed]
        bases: list[str] = []
        below = table({}, span=None)
        for entry in entries:
            base = self._base(path.parent, str(entry.value), line, notes)
            if base is None:
                continue
            bases.extend([*base.bases, str(base.source.path)])
            doubled = sorted(below.entries.keys() & base.root.entries.keys())
            if doubled:
                notes.append(TWICE.fill(line=line, keys=", ".join(doubled)))
            below = table({**below.entries, **base.root.entries}, span=None)
        self.open.pop()
        evaluator = Evaluator(source, below, here=here)
        inherited = frozenset(below.entries)
        made = _carried(source, evaluator, inherited, bases, notes, below=below if found is not None else None)
        made.base_entries = entries
        return made

    def _lazy(self, source: Source, *, here: bool) -> Trace:
        """A file in the lazy style: the names of its bases are its own names from the first line on."""
        evaluator = Evaluator(source, table({}, span=None), here=here, lazy=True)
        self.open.append(source.path.resolve())
        notes: list[Words] = []
        bases: list[str] = []
        copies: dict[str, dict[str, Node]] = {}
        found = list(base_imports(source.module))
        for one in found:
            line = one.statement.lineno
            alone = one.statement in source.module.body  # detectron2's, or mmengine's import of a class
            base = self._file(file_of(source.path.parent, one), one.module, line, notes)
            if base is None:
                evaluator.imported.update(imported(one.statement) if alone else {})
                continue
            bases.extend([*base.bases, str(base.source.path)])
            # Every import of a module brings the same objects; detectron2 runs the file for each of them.
            if alone or one.module not in copies:
                copies[one.module] = {key: apart(node) for key, node in base.root.entries.items()}
            for alias in one.statement.names:
                if alias.name == "*":
                    evaluator.names.update(copies[one.module])
                    evaluator.imported.update(base.imported)
                elif alias.name in copies[one.module]:
                    evaluator.names[alias.asname or alias.name] = copies[one.module][alias.name]
                else:
                    evaluator.imported.update(imported(one.statement) if alone else {})
                    notes.append(UNREAD_NAME.fill(line=line, name=alias.name, base=one.module))
        self.open.pop()
        made = _carried(source, evaluator, frozenset(evaluator.names), bases, notes)
        made.base_imports = found
        return made

    def _base(self, folder: Path, entry: str, line: int, notes: list[Words]) -> Trace | None:
        """One base file, or None with a note that says why it was not read."""
        return self._file(located(folder, entry), entry, line, notes)

    def _file(self, path: Path | None, entry: str, line: int, notes: list[Words]) -> Trace | None:
        if path is None:
            notes.append(UNREAD.fill(line=line, base=entry))
            return None
        try:
            resolved = path.resolve()
            present = resolved.is_file()  # a pipe or a device would never end
        except (OSError, RuntimeError, ValueError):
            present = False
        if not present:
            notes.append(MISSING.fill(line=line, base=entry))
            return None
        if resolved in self.open:
            notes.append(CIRCLE.fill(line=line, base=entry))
            return None
        if resolved not in self.done:
            if len(self.done) >= MOST_BASES:
                notes.append(MANY.fill(line=line, base=entry, most=MOST_BASES))
                return None
            try:
                text = decoded(path, read(path))
            except OSError:
                notes.append(MISSING.fill(line=line, base=entry))
                return None
            self.done[resolved] = self.trace(resolved, text, here=False)
            notes.extend(self.done[resolved].notes)
        return self.done[resolved]


def _carried(  # noqa: PLR0913 (what the two styles know before the first statement, by name)
    source: Source,
    evaluator: Evaluator,
    inherited: frozenset[str],
    bases: list[str],
    notes: list[Words],
    *,
    below: Table | None = None,
) -> Trace:
    """What a file is after its last statement. below: the settings of the bases that its own are merged into."""
    carried = carry_out(source.module, evaluator)
    own = table({key: node for key, node in evaluator.names.items() if _kept(key)}, span=None)
    bounded(source.path, own)
    root = own
    if below is not None:
        root = merged(own, below)
        bounded(source.path, root)
    return Trace(
        source=source,
        root=root,
        own=own,
        assignments=carried.assignments,
        twice=carried.twice,
        leaned_on=evaluator.leaned_on,
        opened=evaluator.opened,
        shaken=evaluator.shaken,
        inherited=inherited,
        bases=list(dict.fromkeys(bases)),
        notes=[*notes, *carried.notes],
        lazy=evaluator.lazy,
        imported=evaluator.imported,
    )


def _kept(key: str) -> bool:
    """Whether mmengine keeps a name as a setting."""
    return not key.startswith("__") and key not in _DROPPED
