"""Sites before they are placed: overlaps settled, and whole containers split into the values that really change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from defib.configs.cells import Listing, Table, plain, resolve
from defib.records import Site
from defib.rewriting.comments import one_line
from defib.rewriting.proof import applied, differences
from defib.settings import EXPRESSION, get
from defib.words import shown_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.configs.cells import Node
    from defib.records import Edit

LABEL = 60  # characters of a value in a comment


@dataclass(slots=True)
class Piece:
    """One site, with the comment that will stand beside it."""

    site: Site
    label: str


def settled(edits: Sequence[Edit], tree: dict[str, Any]) -> list[Piece]:
    """All sites of all edits; what lies below a site that is itself set or deleted is folded into that one.

    Raises KeyError with the path of a site that does not fit the value above it.
    """
    found = {site.path: (site, edit.key) for edit in edits for site in edit.sites}
    if "" in found:
        raise KeyError(found[""][0].path)
    kept: list[Piece] = []
    for path, (site, key) in found.items():
        if any(path.startswith(f"{other}.") for other in found):
            continue
        below = [
            (inner.removeprefix(f"{path}."), it) for inner, (it, _) in found.items() if inner.startswith(f"{path}.")
        ]
        whole = site
        if below and site.action != "delete":
            whole = msgspec.structs.replace(site, new=applied(site.new, below))
        kept.append(Piece(site=whole, label=label(_with_old(whole, tree), key)))
    return kept


def split(piece: Piece, node: Node) -> list[Piece]:
    """The smallest sites that make one: a list of the same length and a dict of the same type change inside."""
    site, cell = piece.site, resolve(node)
    if site.action != "set" or not differences(plain(cell), site.new):
        return [piece] if site.action != "set" else []
    if isinstance(cell, Listing) and isinstance(site.new, list | tuple) and len(site.new) == len(cell.items):
        return [
            inner
            for index, (item, new) in enumerate(zip(cell.items, site.new, strict=True))
            for inner in split(Piece(_below(site, str(index), new), piece.label), item)
        ]
    if isinstance(cell, Table) and isinstance(site.new, dict) and _alike(cell, site.new):
        found = [
            Piece(Site(path=f"{site.path}.{key}", action="delete"), piece.label)
            for key in cell.entries
            if key not in site.new
        ]
        for key, new in site.new.items():
            if key in cell.entries:
                found += split(Piece(_below(site, key, new), piece.label), cell.entries[key])
            else:
                found.append(Piece(Site(path=f"{site.path}.{key}", new=new, action="insert"), piece.label))
        return found
    return [piece]


def label(site: Site, key: str) -> str:
    """What the comment beside a change says, in plain ASCII and on one line.

    >>> label(Site(path="lr", old=0.008, new=0.005), "lr")
    'defib: 0.008 -> 0.005 (lr)'
    >>> label(Site(path="p.1", old={"type": "ColorJitter", "hue": 0.1}, action="delete"), "color_jitter")
    'defib: removed ColorJitter (color_jitter)'
    """
    if site.action == "delete":
        step = site.path.rpartition(".")[2]
        named = site.old.get("type") if isinstance(site.old, dict) else None
        what = (named or shown_value(site.old)) if step.isdecimal() else step
        return f"defib: removed {_short(str(what))} ({one_line(key)})"
    if site.action == "insert":
        return f"defib: added ({one_line(key)})"
    return f"defib: {_short(shown_value(site.old))} -> {_short(shown_value(site.new))} ({one_line(key)})"


def _alike(cell: Table, new: dict[str, object]) -> bool:
    """Whether a dict stays what it is: the same type, and nothing inherited that would have to go."""
    if cell.local is not None and any(key not in new for key in cell.entries):
        return False
    if any("." in key for key in (*cell.entries, *new)):  # no path leads to such a key
        return False
    kind = plain(cell.entries["type"]) if "type" in cell.entries else None
    return bool(kind == new.get("type"))


def _below(site: Site, step: str, new: object) -> Site:
    return Site(path=f"{site.path}.{step}", new=new)


def _with_old(site: Site, tree: dict[str, Any]) -> Site:
    """The site with the value that the config really has; a plan may have left it out."""
    old = get(tree, site.path, site.old)
    computed = isinstance(old, dict) and EXPRESSION in old
    return msgspec.structs.replace(site, old=old[EXPRESSION] if computed else old)


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LABEL else f"{line[: LABEL - 3]}..."
