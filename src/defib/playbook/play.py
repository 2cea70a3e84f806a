"""What a play is: a function that proposes one change, starting from the value that the config holds now.

A play yields nothing when its change is not needed, when what it needs is unknown, or when it has been made often
enough: repeated, every play runs out.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from defib import settings
from defib.records import Cause, Edit, Risk, Run, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from defib.words import Words

    Propose = Callable[["Table"], Iterator["Change"]]

Profile = Literal["minimal", "conservative"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a play has before it: the run, the cause it treats, and what was decided before it."""

    run: Run
    cause: Cause | None
    before: tuple[Edit, ...] = ()

    def now(self, key: str) -> Any:  # noqa: ANN401 (any config value)
        """The value of a setting as decided so far: an earlier edit's, else the config's."""
        for edit in reversed(self.before):
            if edit.key == key:
                return edit.new
        return self.run.setting(key)

    def old(self, key: str) -> Any:  # noqa: ANN401 (any config value)
        """The value of a setting in the config."""
        return self.run.setting(key)

    def reference(self, key: str) -> Any:  # noqa: ANN401 (any config value)
        """What the reference recipe has, or None."""
        return None if self.run.reference is None else self.run.reference.settings.get(key)

    @property
    def tree(self) -> dict[str, Any]:
        """The parsed config; empty without one."""
        return {} if self.run.config is None else self.run.config.tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One proposed change of one setting."""

    key: str
    new: Any
    why: Words
    sites: tuple[Site, ...] | None = None
    """Where it is written; by default the setting's own paths, set to `new`."""
    convention: bool = False
    old: Any = None
    """Shown as the old value when it is not the setting's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A named change."""

    name: str
    doc: str
    treats: str | None
    """The cause that it treats; None for a convention of the conservative profile."""
    changes: tuple[str, ...]
    """Stems of the settings that it may touch."""
    risk: Risk
    profiles: tuple[Profile, ...]
    after: tuple[str, ...]
    """Plays that have to be decided before it."""
    propose: Propose

    def __call__(self, run: Run, cause: Cause | None, before: tuple[Edit, ...] = ()) -> tuple[Edit, ...]:
        """The edits that this play proposes for a run; empty when there is nothing for it to do."""
        table = Table(run=run, cause=cause, before=before)
        return tuple(self._edit(table, change) for change in self.propose(table))

    def _edit(self, table: Table, change: Change) -> Edit:
        setting = table.run.settings.get(change.key)
        old = table.run.setting(change.key) if change.old is None else change.old
        sites = change.sites
        if sites is None:
            paths = () if setting is None else setting.paths
            sites = tuple(Site(path=path, old=settings.at(table.tree, path), new=change.new) for path in paths)
        return Edit(
            key=change.key,
            old=old,
            new=change.new,
            why=change.why,
            cause=None if table.cause is None or change.convention else table.cause.cause,
            risk=self.risk,
            play=self.name,
            convention=change.convention,
            reference=table.reference(change.key),
            sites=tuple({site.path: site for site in sites}.values()),  # a variable may feed two of them
        )


def play(
    *,
    treats: str | None,
    changes: tuple[str, ...],
    risk: Risk,
    profiles: tuple[Profile, ...] = ("conservative",),
    after: tuple[str, ...] = (),
) -> Callable[[Propose], Play]:
    """Make a Play of a function; its name is the function's, its page is the module's docstring.

    treats: the cause, or None for a convention.
    changes: the settings (without what follows a dot) that it may touch.
    risk: `safe` (same model, data and loss), `ask` (changes what is learned), `advise` (a person must act).
    profiles: where it belongs.
    after: plays on whose edits it depends.
    """

    def make(propose: Propose) -> Play:
        return Play(
            name=propose.__name__,
            doc=sys.modules[propose.__module__].__doc__ or "",
            treats=treats,
            changes=changes,
            risk=risk,
            profiles=profiles,
            after=after,
            propose=propose,
        )

    return make


def removed(run: Run, key: str) -> tuple[Site, ...]:
    """The sites of a setting, as deletions."""
    setting = run.settings.get(key)
    if setting is None or run.config is None:
        return ()
    return tuple(Site(path=path, old=settings.at(run.config.tree, path), action="delete") for path in setting.paths)


def like(old: object, new: float) -> float | int:
    """The new number as an int where the old one was and it can be.

    >>> like(40, 20.0), like(0.008, 0.005), like(1, 0.5)
    (20, 0.005, 0.5)
    """
    return int(new) if isinstance(old, int) and new == int(new) else new
