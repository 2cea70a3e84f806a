"""Hydra's `defaults`: which files one config is composed of, in which order, and under which key each of them goes.

The rules are those of Hydra 1.1 and later, read from its documentation and checked against Hydra 1.3: a file's own
settings come last unless `_self_` says otherwise, a package is relative to that of the file that names it, and the
outermost `override` wins. Hydra's own groups (`hydra/launcher`) are no settings of the program and are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defib.configs.bases import CIRCLE
from defib.configs.cells import Leaf, Listing, Opaque, Table, resolve
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.configs.cells import Node
    from defib.configs.document import Document

DEFAULTS = "defaults"
SELF = "_self_"
_MISSING = "???"
_GLOBAL = "_global_"
_NAME = re.compile(r"[\w./\- ]+")
_KEY = re.compile(r"(?P<words>(?:(?:optional|override) )*)(?P<group>/?[\w./\-]+)(?:@(?P<package>[\w.]*))?")
_HEADER = re.compile(r"#\s*@(?P<name>\w*)(?:\s+(?P<value>\S+))?")
_OWN = ("hydra", "hydra/")

COMPUTED = Words(
    en="line {line}: the entry {entry} of defaults is only known when Hydra runs; the settings that it brings are not known",
    zh="第 {line} 行：defaults 中的 {entry} 只有在 Hydra 运行时才能确定，它带来的设置未知",
)
CHOOSE = Words(
    en="line {line}: {entry} is chosen on the command line; the settings that it brings are not known",
    zh="第 {line} 行：{entry} 由命令行指定，它带来的设置未知",
)
NO_MATCH = Words(
    en="line {line}: override {entry} matches no entry of the defaults that were read; the settings that it brings are not known",
    zh="第 {line} 行：override {entry} 与已读取的 defaults 条目都不匹配，它带来的设置未知",
)


@dataclass(slots=True)
class Default:
    """One entry of a list of defaults."""

    text: str
    line: int
    names: tuple[str, ...]
    group: str | None = None
    """None for an entry that names a file without a group."""
    package: str | None = None
    optional: bool = False
    override: bool = False
    unknown: Words | None = None
    """Why it cannot be followed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file as its composition sees it: its path below the root, without ending, and its package."""

    name: str
    package: str = ""

    @property
    def folder(self) -> str:
        """The group that it lies in."""
        return self.name.rpartition("/")[0]


def listed(root: Table) -> list[Default] | None:
    """The entries of a `defaults` that has Hydra's form; None where there is none."""
    found = root.entries.get(DEFAULTS)
    cell = None if found is None else resolve(found)
    if not isinstance(cell, Listing):
        return None
    entries = [_entry(item, cell.span.line if cell.span else 1) for item in cell.items]
    return None if any(one is None for one in entries) else [one for one in entries if one is not None]


def _entry(node: Node, line: int) -> Default | None:
    cell = resolve(node)
    if isinstance(cell, Opaque):
        return Default(cell.source, cell.line, (), unknown=COMPUTED)
    line = cell.span.line if cell.span is not None else line
    if isinstance(cell, Leaf) and isinstance(cell.value, str):
        name, _, package = cell.value.partition("@")
        known = _NAME.fullmatch(name) is not None and ".." not in name
        return Default(cell.value, line, (name,), package=package or None, unknown=None if known else COMPUTED)
    if not isinstance(cell, Table) or len(cell.entries) != 1:
        return None
    ((key, below),) = cell.entries.items()
    value = resolve(below)
    items = [resolve(item) for item in value.items] if isinstance(value, Listing) else [value]
    names = [item.value for item in items if isinstance(item, Leaf)]
    match = _KEY.fullmatch(key)
    texts = tuple(name for name in names if isinstance(name, str))
    if any(isinstance(item, Table) for item in items) or any(not isinstance(name, str | None) for name in names):
        return None
    if len(names) != len(items) or any("$" in name or ".." in name for name in texts) or match is None or ".." in key:
        return Default(key, line, (), unknown=COMPUTED)
    made = Default(key, line, texts, group=match["group"], package=match["package"])
    made.optional, made.override = "optional " in match["words"], "override " in match["words"]
    made.unknown = CHOOSE if _MISSING in texts else None
    return made


class Layers:
    """The files of one composition."""

    def __init__(
        self, load: Callable[[Document, str, Default], Document | None], note: Callable[[Document, Words], None]
    ) -> None:
        """Two questions to who reads the files.

        load: the file that an entry of a document names, by its path below the root, without ending; None, with a
        note, where it cannot be had. note: what is to be said about a document.
        """
        self.load = load
        self.note = note
        self._choices: dict[str, tuple[Document, Default]] = {}
        self._used: set[str] = set()
        self._open: list[str] = []

    def of(self, document: Document, name: str) -> list[tuple[Document, str]]:
        """Each file of the composition with its package, the first one lowest."""
        found = self._below(document, Place(name, _package("", _header(document), "")))
        for key, (by, one) in self._choices.items():
            if key not in self._used and not _hydras(key):
                self.note(by, NO_MATCH.fill(line=one.line, entry=one.text.removeprefix("override ")))
        return found

    def _below(self, document: Document, place: Place) -> list[tuple[Document, str]]:
        entries = listed(document.root) or []
        own = [(document, place.package)]
        if not any(one.names == (SELF,) and one.group is None for one in entries):
            entries.append(Default(SELF, 1, (SELF,)))
        for one in entries:
            if one.override and one.unknown is None:
                self._choices.setdefault(_key(one, place), (document, one))
        self._open.append(place.name)
        found: list[list[tuple[Document, str]]] = []
        for one in reversed(entries):  # what comes later may override a choice that comes before
            if one.names == (SELF,) and one.group is None:
                found.append(own)
            elif one.unknown is not None:
                if not _hydras(_group(one, place)):
                    self.note(document, one.unknown.fill(line=one.line, entry=one.text))
            elif not one.override:
                found.append(self._entry(document, one, place))
        self._open.pop()
        return [layer for part in reversed(found) for layer in part]

    def _entry(self, by: Document, one: Default, place: Place) -> list[tuple[Document, str]]:
        group, names = _group(one, place), one.names
        if one.group is not None:
            key = _key(one, place)
            self._used.add(key)
            names = self._choices[key][1].names if key in self._choices else names
        if _hydras(group):
            return []
        relative = (one.group or one.names[0].rpartition("/")[0]).strip("/")
        found: list[list[tuple[Document, str]]] = []
        for name in reversed(names):
            short = name if one.group is not None else name.rpartition("/")[2]
            path = f"{group}/{short}" if group else short
            if path in self._open:
                self.note(by, CIRCLE.fill(line=one.line, base=path))
                continue
            document = self.load(by, path, one)
            if document is None:
                continue
            package = _header(document) if one.package is None else _named(one.package, group)
            below = _package(place.package, package, relative.replace("/", "."))
            found.append(self._below(document, Place(path, below)))
        return [layer for part in reversed(found) for layer in part]


def _group(one: Default, place: Place) -> str:
    """The folder, below the root, of the files that an entry names."""
    named = one.group if one.group is not None else (one.names or ("",))[0].rpartition("/")[0]
    absolute = (one.group or (one.names or ("",))[0]).startswith("/")
    return "/".join(step for step in ("" if absolute else place.folder, named.strip("/")) if step)


def _key(one: Default, place: Place) -> str:
    """What an `override` has to name in order to mean an entry."""
    group = _group(one, place)
    package = None if one.package is None else _named(one.package, group)
    final = _package(place.package, package, (one.group or "").strip("/").replace("/", "."))
    return group if final == group.replace("/", ".") else f"{group}@{final or _GLOBAL}"


def _named(package: str, group: str) -> str:
    if package == "_here_":
        return ""
    return f"{_GLOBAL}.{package.replace('_group_', group.replace('/', '.'))}" if "_group_" in package else package


def _package(above: str, package: str | None, usual: str) -> str:
    whole = ".".join(step for step in (above, usual if package is None else package) if step)
    _, found, after = whole.rpartition(_GLOBAL)
    return after.removeprefix(".") if found else whole


def _header(document: Document) -> str | None:
    """The package that the comment at the head of a file names; it counts from the top."""
    found: str | None = None
    for line in map(str.strip, document.text.text.removeprefix("\ufeff").splitlines()):
        match = _HEADER.match(line)
        if match is None and line:
            break
        if match is not None and match["name"] == "package":
            found = match["value"]
    if found is None or found == "_group_":
        return None
    return _GLOBAL if found == _GLOBAL else f"{_GLOBAL}.{found.removeprefix(f'{_GLOBAL}.')}"


def _hydras(group: str) -> bool:
    return group == _OWN[0] or group.startswith(_OWN[1])
