"""Which plays are made, in which order, and how their edits fit together."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from defib import catalogue
from defib.playbook import plays
from defib.playbook.play import Play, Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from defib.records import Cause, Edit, Run, Site

ORDER = (
    "schedule_factor",
    "loss_weight",
    "crop_area",
    "color_jitter",
    "test_clips",
    "lr",
    "momentum",
    "weight_decay",
    "batch_size",
    "clip",
    "max_epochs",
    "max_steps",
    "warmup",
    "load_from",
    "resume",
    "work_dir",
)
"""The order in which settings are shown: what is learned, from what, how fast, how long, from where."""

ENDED = "out_of_memory"
"""The rule that says why a run ended, and nothing about how it was going."""


@cache
def all_plays() -> dict[str, Play]:
    """Every play, by name."""
    return catalogue.entries(plays, Play)


def choose(run: Run, causes: Iterable[Cause], profile: Profile) -> tuple[Edit, ...]:
    """The edits of a profile.

    minimal: what treats the likely causes that explain a symptom, and of these only the first kind: when an event
    explains the fall, settings that were there all along are left alone.
    conservative: what treats any cause that is not ruled out, and the named conventions.
    """
    treated = _treated(list(causes), profile)
    made: list[Edit] = []
    for one in _ordered(all_plays()):
        if profile not in one.profiles:
            continue
        cause = treated.get(one.treats) if one.treats else None
        if one.treats is not None and cause is None:
            continue
        made += one(run, cause, tuple(made))
    return tuple(sorted(_settled(made), key=lambda edit: ORDER.index(edit.key.partition(".")[0])))


def _treated(causes: list[Cause], profile: Profile) -> dict[str, Cause]:
    if profile == "conservative":
        return {cause.cause: cause for cause in causes if cause.standing != "ruled-out"}
    likely = [cause for cause in causes if cause.standing == "likely" and cause.explains]
    event = any(cause.event for cause in likely)
    ended = {
        cause.cause: cause for cause in likely if ENDED in cause.explains
    }  # a run can be sick and run out of memory
    return ended | {cause.cause: cause for cause in likely if cause.event or not event}


def _ordered(found: dict[str, Play]) -> Iterator[Play]:
    """Plays after those that they depend on; otherwise by name."""
    left = dict(sorted(found.items()))
    while left:
        ready = [one for one in left.values() if not any(name in left for name in one.after)]
        if not ready:
            message = f"plays wait for each other: {sorted(left)}"
            raise ValueError(message)
        for one in ready:
            yield left.pop(one.name)


def _settled(edits: list[Edit]) -> list[Edit]:
    """Give each site to one edit: the last one that decided about it, which saw the decisions before it.

    An edit whose every site went to a later one about the same setting is no decision any more.
    """
    owner: dict[str, int] = {site.path: index for index, edit in enumerate(edits) for site in edit.sites}

    def own(index: int, sites: tuple[Site, ...]) -> tuple[Site, ...]:
        return tuple(site for site in sites if owner[site.path] == index)

    last = {edit.key: index for index, edit in enumerate(edits)}
    settled = [msgspec.structs.replace(edit, sites=own(index, edit.sites)) for index, edit in enumerate(edits)]
    return [edit for index, edit in enumerate(settled) if edit.sites or last[edit.key] == index]
