"""What a layout is: where one family of programs keeps the canonical settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from defib.settings.tree import EXPRESSION, at, get, has, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from defib.settings.tree import Tree
    from defib.words import Words

FREE = frozenset({"load_from", "resume", "work_dir", "pretrained"})
"""Settings that are also held when they are empty: an edit fills them."""
WORDS = frozenset({"optimizer", "model", "schedule", "save_best"})


class Stepped(NamedTuple):
    """A factor in a config by which its schedule multiplies the rate at once."""

    path: str
    """Where the factor stands."""
    factor: float
    moments: tuple[float, ...]
    """Epochs that are done when it does so; steps where `by_epoch` is false."""
    by_epoch: bool = True
    gradual: bool = False
    """Whether the rate only begins to climb then, and reaches the factor at the end of training."""


class Clipping(NamedTuple):
    """Where a limit of the gradient's norm is written when there is none yet."""

    path: str
    absent: bool
    """Whether a config without the key does not clip; else it has a default of the program's."""
    inside: str = ""
    """The key of a dict at the path under which the number stands; empty where the number itself does."""

    def off(self, tree: Tree) -> bool:
        """Whether the config certainly does not clip there."""
        if not has(tree, self.path):
            above = self.path.rpartition(".")[0]
            return self.absent and (not above or (has(tree, above) and readable(at(tree, above))))
        held = at(tree, self.path)
        return readable(held) and not held


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where one family of programs keeps the canonical settings in its config."""

    name: str
    rank: int
    """Of the layouts that recognise a config, the one of the lowest rank reads it."""
    recognises: Callable[[Tree], bool]
    find: Callable[[Tree], Iterable[tuple[str, str]]]
    """(key, path) for each setting that a config holds."""
    lengths: Callable[[Tree], Iterable[str]] | None = None
    """Paths of what counts epochs, or steps where the length of the run does, and so moves with that length."""
    accumulates: tuple[str, ...] = ()
    """Where the number of batches of one optimizer step may stand; it is inserted at the first where the config names none."""
    accumulated: Callable[[Tree], int | None] | None = None
    """How many batches make one optimizer step, where no key says it as it is; a result of None where it is not known."""
    written_for: Callable[[Tree], int | None] | None = None
    """The batch that the rate is written for, where the program scales the rate to its own; None where it does not."""
    scaled_by: str = ""
    """The key that makes the program scale it, as one would name it to a person."""
    warmup_off: Any = 0
    """What stands at the site of `warmup` when there is none."""
    resume_off: Any = False
    """What stands at the site of `resume` when nothing is resumed."""
    load_site: str | None = None
    """Where the start checkpoint is inserted when the config does not name one; None: no key is known to do it."""
    fresh: tuple[tuple[str, Any], ...] = ()
    """(path, value) of what a start with weights only needs besides."""
    undone: tuple[tuple[str, Any], ...] = ()
    """(path, value) of what has to be so where the config holds the key; its absence means the same."""
    work_dir: tuple[str, str] | None = None
    """(path, value): the work directory that is used where the config names none, and where one is inserted."""
    clipping: Clipping | None = None
    """None: no key is known to clip by the norm."""
    stepped: Callable[[Tree], Iterable[Stepped]] | None = None
    """The sudden changes that the schedule makes; None where it cannot be told from the config."""
    notes: Callable[[Tree], Iterable[Words]] | None = None
    """What a reader has to know about the settings of this config."""

    def gathered(self, tree: Tree) -> int | None:
        """How many batches make one optimizer step; None where the config says it in a way that is not understood."""
        if self.accumulated is not None:
            return self.accumulated(tree)
        held = next((path for path in self.accumulates if has(tree, path)), None)
        return 1 if held is None else counted(held)(tree)


def readable(value: object) -> bool:
    """Whether a value, or the mapping that is to hold it, was understood.

    >>> readable({"lr": 0.1}), readable({"$expression": "make()", "line": 3})
    (True, False)
    """
    return not (isinstance(value, dict) and EXPRESSION in value)


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
    if not readable(value):
        return False
    stem = key.partition(".")[0]
    if stem in FREE:
        return value is None or isinstance(value, str | bool)
    if stem in WORDS:
        return isinstance(value, str)
    return plain(value) is not None


def counted(path: str) -> Callable[[Tree], int | None]:
    """A reader of the number of batches in one optimiser step, written as a whole number at a path; 1 where it is absent."""

    def read(tree: Tree) -> int | None:
        value = get(tree, path, 1)
        return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None

    return read


def milestones(
    tree: Tree, factor: str, moments: str, *, default: float = 0.1, by_epoch: bool = True
) -> Iterator[Stepped]:
    """One factor for all of a list of moments, as most schedules by steps have it; nothing where the config does not hold both.

    default: the factor of a program whose config does not name one; then there is no place to edit, and nothing is told.
    """
    value, when = get(tree, factor, default), get(tree, moments)
    found = [plain(one) for one in when] if isinstance(when, list) else [plain(when)]
    whole = [one for one in found if one is not None]
    if has(tree, factor) and plain(value) is not None and whole and len(whole) == len(found):
        yield Stepped(factor, float(value), tuple(whole), by_epoch)
