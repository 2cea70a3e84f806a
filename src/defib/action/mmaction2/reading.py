"""A config as nested plain values, of which is remembered what was looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from defib.words import Words

Tree = dict[str, Any]


class Row(NamedTuple):
    """One thing that was translated."""

    source: str
    """Key of the config."""
    key: str
    """Key of the recipe."""
    value: object


@dataclass(slots=True)
class Translation:
    """A recipe, and how it came about."""

    recipe: Tree = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    left: list[tuple[str, object]] = field(default_factory=list)
    """Keys and values that no recipe has a place for."""
    notes: list[Words] = field(default_factory=list)


class Reading:
    """A config of which is remembered what was looked at."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self.seen = tree, set[str]()
        self.made = Translation()

    def at(self, path: str) -> Any:  # noqa: ANN401 (any config value)
        """The value under a dotted path, None where there is none."""
        here: Any = self.tree
        for part in path.split("."):
            if isinstance(here, list) and part.isdigit() and int(part) < len(here):
                here = here[int(part)]
            elif isinstance(here, dict) and part in here:
                here = here[part]
            else:
                return None
        self.seen.add(path)
        return here

    def first(self, *paths: str) -> tuple[str, Any]:
        """The first path that is there, and its value."""
        for path in paths:
            found = self.at(path)
            if found is not None:
                return path, found
        return paths[0], None

    def put(self, key: str, value: object, source: str) -> None:
        """Set a key of the recipe."""
        *way, last = key.split(".")
        here = self.made.recipe
        for part in way:
            here = here.setdefault(part, {})
        here[last] = value
        self.made.rows.append(Row(source, key, value))

    def take(self, key: str, *paths: str) -> Any:  # noqa: ANN401 (any config value)
        """Set a key of the recipe from the first path that is there."""
        path, found = self.first(*paths)
        if found is not None and not opaque(found):
            self.put(key, found, path)
        return found


def opaque(value: object) -> bool:
    """What the parser could not evaluate without executing it."""
    return isinstance(value, dict) and "$expression" in value
