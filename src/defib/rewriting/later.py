"""The lazy style's way to override: a statement at the end of the file, `optim_wrapper['optimizer']['lr'] = 0.005`.

Nothing comes after it, so nothing else can depend on it; only other names of the same dict have to agree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from defib.configs.cells import Listing, Node, Table, find, resolve
from defib.rewriting.literals import called, literal, unknown
from defib.rewriting.operations import Append, Erase
from defib.rewriting.proof import differences, order

if TYPE_CHECKING:
    from defib.rewriting.inheritance import Sites
    from defib.rewriting.operations import Operation
    from defib.rewriting.pieces import Piece

LARGEST_WRITTEN = 50  # values that are written once more, when a value cannot be changed alone
NO_TEXT = re.compile(r"-?\d+|True|False|None")  # a key that may be something else than a text in the file


class Later:
    """Collects statements for the end of the file."""

    def __init__(self, sites: Sites, quote: str = "'") -> None:
        """Begin with none."""
        self.sites = sites
        self.quote = quote
        self._sets: dict[str, Append] = {}
        self._deletes: dict[str, Erase] = {}

    def set(self, piece: Piece) -> bool:
        """Set or insert a value; False when no statement can do it without changing something else."""
        root = self.sites.traced.root
        path = piece.site.path
        while find(root, path.rpartition(".")[0]) is None:
            path = path.rpartition(".")[0]
        alone = True
        while True:
            above, _, step = path.rpartition(".")
            node = find(root, path)
            if not alone and node is not None and node.size > LARGEST_WRITTEN:
                return False
            done = self._assigned(above, step, piece)
            if done is not None:
                return done
            path, alone = above, False

    def delete(self, piece: Piece) -> bool:
        """Delete a value; False when no statement can do it without changing something else."""
        path = piece.site.path
        above, _, step = path.rpartition(".")
        holder = find(self.sites.traced.root, above)
        target = self._target(path)
        if holder is None or target is None:
            return False
        feeds = self._feeds(holder, above)
        gone = all(f"{feed}.{step}" in self.sites.deleted for feed in feeds)
        if not gone or (isinstance(resolve(holder), Listing) and getattr(resolve(holder), "is_tuple", False)):
            return self.set(piece)
        self._deletes[path] = Erase(target, piece.label)
        for feed in feeds:
            self.sites.done(f"{feed}.{step}")
        return True

    def operations(self) -> list[Operation]:
        """What has to be written: values first, under the positions of the original, then deletions from the back."""
        last = [
            self._deletes[path]
            for path in sorted(self._deletes, key=order, reverse=True)
            if not any(path == whole or path.startswith(f"{whole}.") for whole in self._sets)
        ]
        return [*self._sets.values(), *last]

    def _assigned(self, above: str, step: str, piece: Piece) -> bool | None:
        """Whether one key was set; None when what holds it has to be set as a whole instead."""
        holder = find(self.sites.traced.root, above)
        target = self._target(f"{above}.{step}" if above else step)
        if holder is None or target is None:
            return False
        feeds = self._feeds(holder, above) if above else [""]
        boxes = [_below(self.sites.wanted(feed), step) for feed in feeds]
        cell = resolve(holder)
        item = isinstance(cell, Listing) and not cell.is_tuple and step.isdecimal() and int(step) < len(cell.items)
        agreed = bool(boxes) and all(box is not None and not differences(box, boxes[0]) for box in boxes)
        whole = len(self.sites.wanted(above)) == len(cell.items) if isinstance(cell, Listing) else True
        if not agreed or not whole or not (item or isinstance(cell, Table)):
            return None if above else False
        box = boxes[0]
        assert box is not None
        if unknown(box[0], self.sites.traced.imported):
            return False
        path = f"{above}.{step}" if above else step
        self._sets[path] = Append(target, box[0], piece.label)
        for feed in feeds:
            self.sites.done(f"{feed}.{step}" if feed else step)
        self.sites.done(piece.site.path)
        return True

    def _feeds(self, holder: Node, above: str) -> list[str]:
        feeds = [feed for feed in self.sites.routes.feeds(resolve(holder)) if not self.sites.moot(feed)]
        return feeds or [above]

    def _target(self, path: str) -> str | None:
        """The expression for a path; None where its text does not tell the key."""
        name, *steps = path.split(".")
        if not called(name):
            return None
        node: Node | None = self.sites.traced.root.entries.get(name)
        text = name
        for step in steps:
            cell = resolve(node) if node is not None else None
            if isinstance(cell, Listing) and step.isdecimal() and int(step) < len(cell.items):
                text += f"[{int(step)}]"
                node = cell.items[int(step)]
            elif NO_TEXT.fullmatch(step):
                return None
            else:
                text += f"[{literal(step, self.quote)}]"
                node = cell.entries.get(step) if isinstance(cell, Table) else None
        return text


def _below(value: Any, step: str) -> tuple[Any] | None:  # noqa: ANN401 (any config value)
    if isinstance(value, dict):
        return (value[step],) if step in value else None
    fits = isinstance(value, list) and step.isdecimal() and int(step) < len(value)
    return (value[int(step)],) if fits else None
