"""Dotted paths into a parsed config."""

from __future__ import annotations

from typing import Any

Tree = dict[str, Any]

EXPRESSION = "$expression"
"""The key under which a parsed config holds what could not be evaluated."""


def at(tree: Any, path: str) -> Any:  # noqa: ANN401 (any config value)
    """The value at a dotted path; list positions are numbers.

    Raises KeyError when there is nothing.

    >>> at({"param_scheduler": [{"gamma": 25.0}]}, "param_scheduler.0.gamma")
    25.0
    """
    value = tree
    for step in path.split("."):
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, ValueError, TypeError):
            raise KeyError(path) from None
    return value


def has(tree: Any, path: str) -> bool:  # noqa: ANN401 (any config value)
    """Whether there is something at a dotted path."""
    try:
        at(tree, path)
    except KeyError:
        return False
    return True


def get(tree: Any, path: str, default: Any = None) -> Any:  # noqa: ANN401 (any config value)
    """The value at a dotted path, or the default where there is nothing.

    >>> get({"a": [None, 2]}, "a.1"), get({"a": [None, 2]}, "a.0", 1), get({}, "a.0", 1)
    (2, None, 1)
    """
    try:
        return at(tree, path)
    except KeyError:
        return default


def steps(tree: Tree, key: str) -> list[tuple[str, Tree]]:
    """Every `dict` in the list at `key`, with its path; a single one counts as a list of one."""
    value = tree.get(key)
    if isinstance(value, dict) and EXPRESSION not in value:
        return [(key, value)]
    if not isinstance(value, list):
        return []
    return [(f"{key}.{index}", item) for index, item in enumerate(value) if isinstance(item, dict)]


def plain(value: object) -> float | None:
    """A number from a config, or None for anything else; True and False are no numbers."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
