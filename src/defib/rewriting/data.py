"""YAML and JSON configs, and command lines in scripts, with edits: the same text, changed only where the edits stand."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from defib.configs.cells import Listing, Opaque, Ref, Table, child, find, plain, resolve
from defib.configs.dialects import INHERITING, parse
from defib.configs.dialects import document as read
from defib.configs.document import walk
from defib.errors import ConfigRefused, RewriteNotProved
from defib.records import Site
from defib.rewriting.data_repointing import repointed
from defib.rewriting.heading import headed_behind_mark
from defib.rewriting.literals import shaped
from defib.rewriting.pieces import settled, split
from defib.rewriting.proof import differences, prove
from defib.rewriting.refusals import NOT_THERE, OVERLAP, SHARED, THERE, refused
from defib.rewriting.slots import Slots, Unclear
from defib.rewriting.spelling import in_json, in_override, in_shell, in_yaml
from defib.rewriting.switches import ALONE, GRAMMAR, SWITCH, negated, switches, takes_overrides
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from defib.configs.cells import Leaf, Node
    from defib.configs.document import Document
    from defib.records import Config, Edit
    from defib.rewriting.slots import Cut

UNKNOWN = Words(
    en="its value is an expression or a tag that is not evaluated",
    zh="它的值是未求值的表达式或标签",
)
CLOSE = Words(
    en="it does not stand for itself in the text: a comment stands inside it, or an alias or another setting shares its place",
    zh="它在文本中不是独立的一项：其中夹有注释，或与别名、其他设置写在一起",
)


def rewrite(config: Config, text: str, edits: Sequence[Edit], *, folder: Path | None = None) -> str:
    """The text of the new config. Nothing is executed and nothing is written.

    Raises SiteNotEditable, RewriteNotProved, ConfigSyntax, ConfigTooLarge.
    """
    path = Path(config.path)
    found = read(path, text)
    first = next((site for edit in edits for site in edit.sites), Site(path="?"))
    try:
        pieces = settled(edits, config.tree)
    except KeyError as error:
        raise refused(path, 1, Site(path=str(error.args[0])), NOT_THERE) from None
    spell = {"json": in_json, "arguments": in_shell}.get(config.dialect, in_yaml)
    moved = repointed(found, folder, spell) if folder is not None and config.dialect in INHERITING else []
    placed = _Placer(found, spell)
    for piece in pieces:
        node = find(found.root, piece.site.path)
        for inner in [piece] if node is None else split(piece, node):
            placed.sites[inner.site.path] = inner.site
    new = _spliced(text, [*moved, *placed.cuts()], path, first)
    if config.dialect != "json":  # JSON has no comments
        new = headed_behind_mark(new, path.name)
    read_back(config, path if folder is None else folder / path.name, new, edits)
    return new


def read_back(config: Config, path: Path, new: str, edits: Sequence[Edit]) -> None:
    """Parse what was made and insist that it is what was planned.

    Raises RewriteNotProved.
    """
    try:
        again = parse(path, new)
    except ConfigRefused as error:
        raise RewriteNotProved(path=path, sites=str(error)) from None
    prove(config, again, edits)
    if again.bases != config.bases:
        raise RewriteNotProved(path=path, sites="_base_")


class _Placer:
    """Finds the one right place for each site."""

    def __init__(self, document: Document, spell: Callable[..., str]) -> None:
        self.document = document
        self.spell = spell
        self.sites: dict[str, Site] = {}
        self.feeds: dict[int, list[str]] = defaultdict(list)
        self.feeds[id(document.root)].append("")
        for path, node in walk(document.root):
            self.feeds[id(resolve(node))].append(path)

    def cuts(self) -> list[Cut]:
        """The splices that make all sites so. Raises SiteNotEditable."""
        cuts: list[Cut] = []
        gone: dict[int, tuple[Table | Listing, set[str], Site]] = {}
        for path, site in self.sites.items():
            above, _, step = path.rpartition(".")
            if site.action == "set":
                cuts.append(self._set(path, site))
            elif site.action == "insert":
                cuts.append(self._insert(path, site))
            else:
                container = self._container(above, site)
                if not self._all(container, step, site):
                    raise self._refuse(site, SHARED)
                if path in self.document.options:
                    cuts.append((*self.document.options[path], ""))
                    continue
                if self.document.tail is not None and child(container, step) is not None:
                    raise self._refuse(site, ALONE)
                gone.setdefault(id(container), (container, set(), site))[1].add(step)
        for container, steps, site in gone.values():
            try:
                slots = Slots(self.document, container)
                if not steps <= slots.found.keys():
                    raise self._refuse(site, SHARED)
                cuts += slots.cuts(steps)
            except Unclear:
                raise self._refuse(site, CLOSE) from None
        return list(dict.fromkeys(cuts))

    def _set(self, path: str, site: Site) -> Cut:
        node = find(self.document.root, path)
        if node is None:
            raise self._refuse(site, NOT_THERE)
        cell = resolve(node)
        if isinstance(cell, Opaque):
            raise self._refuse(site, UNKNOWN)
        if self._same(self.feeds[id(cell)], site):
            return self._replaced(cell, cell, site)
        if not isinstance(node, Ref):
            raise self._refuse(site, SHARED)
        if not node.spread:
            return self._replaced(node, cell, site)
        above, _, step = path.rpartition(".")  # a merge brought it: the mapping's own key wins over that
        container = self._container(above, site)
        if not self._all(container, step, site):
            raise self._refuse(site, SHARED)
        return self._added(container, step, site)

    def _replaced(self, target: Node, cell: Leaf | Listing | Table, site: Site) -> Cut:
        if target.span is None:
            raise self._refuse(site, SHARED)
        start, end = self.document.text.ends(target.span)
        prefix = self.document.overrides.get(start)
        if prefix is not None:
            return start, end, self._words(in_override(shaped(site.new, plain(cell)), prefix), site)
        if self.document.tail is not None and start == end and plain(cell) is True:
            return self._switched(site)
        old = self.document.text.text[start:end]
        if isinstance(cell, Table | Listing) and self.document.commented(start, end):
            raise self._refuse(site, CLOSE)
        return start, end, f"{'' if old else ' '}{self.spell(shaped(site.new, plain(cell)), old)}"

    def _same(self, paths: list[str], site: Site) -> bool:
        """Whether all of these paths are to have the same new value."""
        others = [self.sites.get(path) for path in paths]
        return all(
            one is not None and one.action == site.action and not differences(one.new, site.new) for one in others
        )

    def _all(self, container: Table | Listing, step: str, site: Site) -> bool:
        return self._same([f"{path}.{step}" if path else step for path in self.feeds[id(container)]], site)

    def _insert(self, path: str, site: Site) -> Cut:
        above, _, step = path.rpartition(".")
        value: Any = site.new
        while above and find(self.document.root, above) is None:
            value = {step: value}
            above, _, step = above.rpartition(".")
        container = self._container(above, site)
        full = f"{above}.{step}" if above else step
        if child(container, step) is not None or (isinstance(container, Listing) and step != str(len(container.items))):
            raise self._refuse(site, THERE)
        if len(self.feeds[id(container)]) > 1 and (full != path or not self._all(container, step, site)):
            raise self._refuse(site, SHARED)
        return self._added(container, step, Site(path=full, new=value, action="insert"))

    def _added(self, container: Table | Listing, step: str, site: Site) -> Cut:
        if self.document.tail is not None:
            return self._option(site, self.document.tail)
        if container.span is None and container is self.document.root:  # an empty file
            at = len(self.document.text.text)
            return at, at, f"{self.spell(step)}: {self.spell(site.new)}\n"
        try:
            return Slots(self.document, container).added(step, self.spell, site.new)
        except Unclear:
            raise self._refuse(site, CLOSE) from None

    def _option(self, site: Site, tail: int) -> Cut:
        """A new word of the command, in the form that its others have."""
        while isinstance(site.new, dict) and len(site.new) == 1:  # the tables that its path needed
            ((step, value),) = site.new.items()
            site = Site(path=f"{site.path}.{step}", new=value, action="insert")
        if isinstance(site.new, dict) or (site.new is None and self.document.last is None):
            raise self._refuse(site, CLOSE)
        if self.document.last is not None:
            at, spelled = self.document.last, self._words(in_override(site.new), site)
            return at, at, f" {'' if takes_overrides(self.document) else '++'}{site.path}={spelled}"
        bare, valued = switches(self.document)
        against = negated(site.path)
        if isinstance(site.new, bool) and find(self.document.root, against) is not None:
            raise self._refuse(Site(path=against, new=site.new), SWITCH)
        if isinstance(site.new, bool) and bare and not valued:
            if not site.new:
                raise self._refuse(site, SWITCH)
            return tail, tail, f" --{site.path}"
        return tail, tail, f" --{site.path} {self.spell(site.new)}"

    def _switched(self, site: Site) -> Cut:
        """A switch that is turned off goes; it takes no value."""
        if site.new is not False:
            raise self._refuse(site, SWITCH)
        if site.path not in self.document.options:
            raise self._refuse(site, ALONE)
        return (*self.document.options[site.path], "")

    def _words(self, spelled: str | None, site: Site) -> str:
        if spelled is None:
            raise self._refuse(site, GRAMMAR)
        return spelled

    def _container(self, path: str, site: Site) -> Table | Listing:
        node = find(self.document.root, path)
        cell = None if node is None else resolve(node)
        if not isinstance(cell, Table | Listing):
            raise self._refuse(site, NOT_THERE if cell is None else UNKNOWN)
        return cell

    def _refuse(self, site: Site, reason: Words) -> Exception:
        path = site.path
        while path and find(self.document.root, path) is None:
            path = path.rpartition(".")[0]
        node = find(self.document.root, path)
        span = None if node is None else node.span or resolve(node).span
        return refused(self.document.text.path, 1 if span is None else span.line, site, reason)


def _spliced(text: str, cuts: list[Cut], path: Path, site: Site) -> str:
    parts: list[str] = []
    at = 0
    for start, end, new in sorted(cuts, key=lambda cut: (cut[0], cut[1])):
        if start < at:
            raise refused(path, 1, site, OVERLAP)
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])
