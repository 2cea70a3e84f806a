"""Proves that a rewritten config differs from the original in the intended sites and nowhere else."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from defib.errors import RewriteNotProved
from defib.rewriting.literals import shaped
from defib.settings import EXPRESSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from defib.records import Config, Edit, Site

SHOWN = 8  # paths named in the refusal


def prove(old: Config, new: Config, edits: Sequence[Edit]) -> None:
    """Return silently when the new config is the old one with these edits, and nothing else.

    Raises RewriteNotProved with the paths at which it is not.
    """
    try:
        wanted = expected(old.tree, edits)
    except KeyError as error:
        raise RewriteNotProved(path=new.path, sites=str(error.args[0])) from None
    found = differences(switched_off(wanted, new.tree) if new.dialect == "arguments" else wanted, new.tree)
    if found:
        more = "" if len(found) <= SHOWN else f", ... ({len(found)})"
        raise RewriteNotProved(path=new.path, sites=", ".join(found[:SHOWN]) + more)


def switched_off(wanted: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """The tree of a command line without the switches that are off, which it does not name, and without empty dicts.

    >>> switched_off({"amp": False, "a": {"b": False}, "lr": 1}, {"lr": 1})
    {'lr': 1}
    """
    kept: dict[str, Any] = {}
    for key, value in wanted.items():
        if isinstance(value, dict) and EXPRESSION not in value:
            below = found.get(key)
            inner = switched_off(value, below if isinstance(below, dict) else {})
            kept |= {key: inner} if inner else {}
        elif value is not False or key in found:
            kept[key] = value
    return kept


def expected(tree: dict[str, Any], edits: Iterable[Edit]) -> dict[str, Any]:
    """The tree as it should be after the edits; the one that is given stays as it is.

    Raises KeyError with the path of a site that does not fit the tree.

    >>> from defib.records import Edit, Site
    >>> from defib.words import same
    >>> sites = (Site(path="steps.0", action="delete"), Site(path="steps.1.lr", old=1, new=2))
    >>> expected({"steps": [{"lr": 0}, {"lr": 1}]}, [Edit(key="lr", why=same(""), play="", sites=sites)])
    {'steps': [{'lr': 2}]}
    """
    result: dict[str, Any] = applied(tree, [(site.path, site) for edit in edits for site in edit.sites])
    return result


def applied(tree: Any, sites: Sequence[tuple[str, Site]]) -> Any:  # noqa: ANN401 (any config value)
    """A copy of a value with sites written into it, each under its path relative to the value.

    Positions are those of the original: values are set first, then elements go and come from the back to the front.
    Raises KeyError with the path of a site that does not fit.
    """
    box = [copy.deepcopy(tree)]
    moves: list[tuple[str, Site]] = []
    for path, site in sites:
        if site.action == "set" or (site.action == "insert" and not _in_list(box[0], path)):
            _put(box, path, site)
        else:
            moves.append((path, site))
    for path, site in sorted(moves, key=lambda move: (order(move[0]), move[1].action == "delete"), reverse=True):
        _move(box[0], path, site)
    return box[0]


def differences(one: Any, other: Any, path: str = "") -> list[str]:  # noqa: ANN401 (any config value)
    """The dotted paths at which two trees differ. 1 and 1.0 are the same, so are a list and a tuple.

    >>> differences({"a": [1, 2], "b": 1}, {"a": (1.0, 3), "c": 1})
    ['a.1', 'b', 'c']
    """
    if isinstance(one, dict) and isinstance(other, dict):
        if EXPRESSION in one and EXPRESSION in other:
            return [] if one[EXPRESSION] == other[EXPRESSION] else [path]
        found: list[str] = []
        for key in (*one, *(key for key in other if key not in one)):
            below = f"{path}.{key}" if path else str(key)
            found.extend(differences(one[key], other[key], below) if key in one and key in other else [below])
        return found
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        if len(one) != len(other):
            return [path]
        pairs = enumerate(zip(one, other, strict=True))
        return [
            deep for index, (a, b) in pairs for deep in differences(a, b, f"{path}.{index}" if path else str(index))
        ]
    same_kind = isinstance(one, bool) is isinstance(other, bool)  # True is not 1 in a config
    return [] if same_kind and one == other else [path]


def _put(box: list[Any], path: str, site: Site) -> None:
    """Set or insert one value. Dicts that an inserted path needs on its way are made."""
    steps = ["0", *(path.split(".") if path else ())]
    value: Any = box
    for step in steps[:-1]:
        if site.action == "insert" and isinstance(value, dict) and EXPRESSION not in value:
            value = value.setdefault(step, {})
        else:
            value = _child(value, step, site)
    last = steps[-1]
    if site.action == "set":
        old = _child(value, last, site)
    elif not isinstance(value, dict) or EXPRESSION in value or (last in value and differences(value[last], site.new)):
        raise KeyError(site.path)
    else:
        old = None
    value[int(last) if isinstance(value, list) else last] = shaped(copy.deepcopy(site.new), old)


def _move(tree: Any, path: str, site: Site) -> None:  # noqa: ANN401 (any config value)
    """Delete what stands at a path, or insert before it."""
    *steps, last = path.split(".")
    value = tree
    for step in steps:
        value = _child(value, step, site)
    if site.action == "insert":
        if int(last) > len(value):
            raise KeyError(site.path)
        value.insert(int(last), shaped(copy.deepcopy(site.new), None))
        return
    _child(value, last, site)
    del value[int(last) if isinstance(value, list) else last]


def _child(value: Any, step: str, site: Site) -> Any:  # noqa: ANN401 (any config value)
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return value[int(step)]
    if isinstance(value, dict) and EXPRESSION not in value and step in value:
        return value[step]
    raise KeyError(site.path)


def _in_list(tree: Any, path: str) -> bool:  # noqa: ANN401 (any config value)
    value = tree
    for step in path.split(".")[:-1]:
        if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return isinstance(value, list) and path.rpartition(".")[2].isdecimal()


def order(path: str) -> list[tuple[int, str]]:
    """The key by which paths are sorted so that positions count as numbers."""
    return [(int(step), "") if step.isdecimal() else (-1, step) for step in path.split(".")]
