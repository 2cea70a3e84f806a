"""What to do about it: where to start, what to change, what to type, what to look for."""

from __future__ import annotations

from typing import Any, Literal

from defib.records.facts import Record
from defib.words import Words

GPUS = "<GPUS>"
"""What a command has where the number of GPUs is not known; a person fills it in, and a shell refuses it as it stands."""
Risk = Literal["safe", "ask", "advise"]


class Site(Record, frozen=True, kw_only=True):
    """One path in the config where an edit is written."""

    path: str
    """Dotted, list positions as numbers, in the original config: `param_scheduler.0.gamma`."""
    old: Any = None
    new: Any = None
    action: Literal["set", "insert", "delete"] = "set"


class Edit(Record, frozen=True, kw_only=True):
    """One decision about one canonical setting, with every site at which it has to be written."""

    key: str
    old: Any = None
    new: Any = None
    why: Words
    cause: str | None = None
    """The cause that it treats; null for the start itself and for named conventions."""
    risk: Risk = "safe"
    play: str
    convention: bool = False
    """It follows no measurement, only a habit that is named in `why`."""
    reference: Any = None
    """What the reference recipe has here, when there is one."""
    sites: tuple[Site, ...] = ()


class HandEdit(Record, frozen=True, kw_only=True):
    """One change that a person makes, because the setting is not in a config that can be rewritten."""

    key: str
    old: Any = None
    """As far as the config or the log shows it."""
    new: Any = None
    where: Words
    """Where this framework keeps it."""
    why: Words


class Start(Record, frozen=True, kw_only=True):
    """The checkpoint that the rescue starts from."""

    epoch: float | None = None
    step: int | None = None
    """Where the run counts steps and no epochs."""
    metric: str
    value: float | None = None
    path: str | None = None
    """null when nothing usable is left."""
    state: Literal["ready", "listed", "broken", "unseen", "none"] = "unseen"
    weights: str | None = None
    """The weights-only copy, once it has been written."""
    wanted: float | None = None
    """The epoch that should have been taken, when it is not the one that is left."""
    says: Words


class WatchRule(Record, frozen=True, kw_only=True):
    """A sign to look for after the restart."""

    kind: Literal["health", "danger"]
    metric: str
    relation: Literal["above", "below", "rises", "smooth", "falls-in-a-row", "jumps", "gap-below", "out-of-memory"]
    value: float | None = None
    times: int | None = None
    says: Words


class LadderStep(Record, frozen=True, kw_only=True):
    """A later change: upwards when the run is stable, downwards when it is not."""

    when: Literal["stable", "unstable", "ambitious"]
    key: str
    old: Any = None
    new: Any = None
    says: Words


class Target(Record, frozen=True, kw_only=True):
    """Where the healthy part of the curve points, `epochs` after the restart."""

    epochs: int
    low: float
    high: float
    families: tuple[str, ...]


class Forecast(Record, frozen=True, kw_only=True):
    """What the healthy part of the run promises, with a band over the choice of curve."""

    key: str
    points: int
    """How many evaluations it rests on."""
    targets: tuple[Target, ...] = ()
    target: float | None = None
    reached: tuple[float | None, float | None] | None = None
    """Epochs after the restart at which `target` is reached: the earliest and the latest family; null means never."""
    says: Words


class Baseline(Record, frozen=True, kw_only=True):
    """The simplest remedy there is, printed beside every plan: the best checkpoint and a tenth of the rate."""

    lr_old: float | None = None
    lr_new: float | None = None
    command: tuple[str, ...] = ()
    says: Words


class ChangedLine(Record, frozen=True, kw_only=True):
    """One line of the new config that is not as it was."""

    line: int
    """In the new text, counted from 1; where lines only went, the one that they followed."""
    old: str | None = None
    """null for a line that was added."""
    new: str | None = None
    """null for a line that was taken out."""
    keys: tuple[str, ...] = ()
    """The edits that did it."""
    why: tuple[Words, ...] = ()
    """Their reasons."""


class Plan(Record, frozen=True, kw_only=True):
    """The smallest change that should cure it, and how to know whether it did."""

    profile: Literal["minimal", "conservative"]
    start_from: Start
    edits: tuple[Edit, ...] = ()
    by_hand: tuple[HandEdit, ...] = ()
    """What a person has to change, because no config that can be rewritten holds it."""
    beforehand: tuple[Words, ...] = ()
    """What to know before the command is typed: what would be better than this plan, what may keep it from starting."""
    command: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    cwd: str | None = None
    monitor: tuple[str, ...] = ()
    """Shell lines that show how the restarted run is doing."""
    seconds: float | None = None
    """Expected length of the restarted run."""
    ends_at: float | None = None
    """Unix seconds at which it would end, started when the run was read."""
    watch: tuple[WatchRule, ...] = ()
    ladder: tuple[LadderStep, ...] = ()
    forecast: Forecast | None = None
    baseline: Baseline | None = None
    wrong_if: tuple[Words, ...] = ()
    notes: tuple[Words, ...] = ()
    config: str | None = None
    """The config that the edits are for."""
    config_sha256: str | None = None
    new_config: str | None = None
    diff: str | None = None
    """From the config to the new one, unified."""
    changed: tuple[ChangedLine, ...] = ()
    """The same line by line, with the edits that did it and why."""
    work_dir: str | None = None
