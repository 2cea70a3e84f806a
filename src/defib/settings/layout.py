"""What a layout is: where one family of programs keeps the canonical settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defib.settings.tree import EXPRESSION, at, has

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from defib.settings.tree import Tree

FREE = frozenset({"load_from", "resume", "work_dir", "pretrained"})
"""Settings that are also held when they are empty: an edit fills them."""
WORDS = frozenset({"optimizer", "model", "schedule", "save_best"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where one family of programs keeps the canonical settings in its config."""

    name: str
    rank: int
    """Of the layouts that recognise a config, the one of the lowest rank reads it."""
    recognises: Callable[[Tree], bool]
    find: Callable[[Tree], Iterable[tuple[str, str]]]
    """(key, path) for each setting that a config holds."""
    milestones: tuple[str, ...] = ()
    """Paths of lists that count epochs and so move with the length of the run."""
    accumulated: str | None = None
    """Path of the number of batches that make one optimiser step."""
    warmup_off: Any = 0
    """What stands at the site of `warmup` when there is none."""


def named(tree: Tree, table: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The rows (key, path) of a table that a config really holds, with a value that can be what the key says.

    A text where a number belongs (`${optim.lr}`, `auto`) is no value, and neither is an empty entry.
    """
    for key, path in table:
        if has(tree, path) and fits(key, at(tree, path)):
            yield key, path


def fits(key: str, value: object) -> bool:
    """Whether a value can be what the key says.

    >>> fits("lr", 0.1), fits("lr", "${optim.lr}"), fits("lr", None), fits("load_from", None)
    (True, False, False, True)
    """
    if isinstance(value, dict) and EXPRESSION in value:
        return False
    stem = key.partition(".")[0]
    if stem in FREE:
        return value is None or isinstance(value, str | bool)
    if stem in WORDS:
        return isinstance(value, str)
    return number(value) is not None


def number(value: object) -> float | None:
    """A number from a config, or None for anything else; True and False are no numbers."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
