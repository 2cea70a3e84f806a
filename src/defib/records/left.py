"""What a run left behind beside its curves: starts, events, checkpoints, config, and the recipe that it follows."""

from __future__ import annotations

from typing import Any, Literal

from defib.records.facts import Place, Point, Record
from defib.words import Words


class Segment(Record, frozen=True, kw_only=True):
    """One uninterrupted stretch of a run: a process that started, or resumed, and logged."""

    start: Point
    record: int
    """The first record that belongs to it."""
    file: str
    resumed: bool = False
    """It carried on from a checkpoint rather than from nothing."""


class Event(Record, frozen=True, kw_only=True):
    """Something that the console log says in words: a checkpoint loaded, saved, chosen as best, a warning."""

    kind: str
    """`loaded`, `resumed`, `saved`, `best`, `removed`, `not-matched`, `out-of-memory`, `nan-stop`, `traceback`, ..."""
    at: Point = Point()
    text: str
    place: Place | None = None
    record: int = 0
    """How many records of the run had been logged before it."""


class Checkpoint(Record, frozen=True, kw_only=True):
    """A checkpoint that is on disk, or that a listing or the log speaks of."""

    path: str
    epoch: float | None = None
    step: int | None = None
    best_of: str | None = None
    """The raw metric that it was kept for, when the framework kept it as the best."""
    size: int | None = None
    """Bytes."""
    state: Literal["ready", "listed", "broken", "unseen"] = "unseen"
    """On disk and readable; named by a listing or the log but not on disk; on disk but unreadable; not looked for."""
    full: bool | None = None
    """Holds more than weights (optimizer, message hub), so that `torch.load(weights_only=True)` may refuse it."""
    problem: Words | None = None
    scores: dict[str, float] | None = None
    """The metrics that the file itself holds, under their raw names, as Ultralytics writes them down with the weights."""


class Config(Record, frozen=True, kw_only=True):
    """A config as it was parsed. It was not executed."""

    path: str
    sha256: str
    """Of the file and of every base it inherits from."""
    dialect: str
    """How it is written, e.g. `mmengine`."""
    tree: dict[str, Any]
    """Nested values; tuples are lists; what could not be evaluated is {"$expression": source, "line": n}."""
    links: dict[str, str] = {}
    """Paths that are the same object as another path because a variable was used: usage -> variable."""
    bases: tuple[str, ...] = ()
    lines: dict[str, int] = {}
    """The line in the file of each path that holds a canonical setting; inherited ones have none."""
    inherited: dict[str, Place] = {}
    """Where a base holds such a path, for the configs whose bases are followed to their lines (YAML and JSON)."""
    notes: tuple[Words, ...] = ()


class Setting(Record, frozen=True, kw_only=True):
    """One canonical setting, and every path at which the config holds it."""

    key: str
    value: Any
    paths: tuple[str, ...] = ()


class Earlier(Record, frozen=True, kw_only=True):
    """The settings of an earlier part of a run, which may have been restarted with others."""

    file: str
    """The config that was left of it, relative to the run's folder."""
    at: Point
    """A moment at which they were in force: the start of a process, or a checkpoint."""
    settings: dict[str, Any]


class Launch(Record, frozen=True, kw_only=True):
    """How the run was started, as far as its log and config tell."""

    cwd: str | None = None
    work_dir: str | None = None
    gpus: int | None = None
    distributed: bool | None = None
    gpu_ids: str | None = None
    python: str | None = None
    config_path: str | None = None
    """The config as it was named on the command line, relative to cwd, when that is known."""


class Tracked(Record, frozen=True, kw_only=True):
    """What the framework's keep-the-best option followed."""

    setting: str
    """The option's value, e.g. `auto`."""
    raw: str | None = None
    key: str | None = None
    epoch: float | None = None
    value: float | None = None
    place: Place | None = None


class Expectation(Record, frozen=True, kw_only=True):
    """What a recipe known to work reaches."""

    key: str
    epoch: float
    """0 means before the first step."""
    value: float
    basis: Literal["published", "derived", "assumed"]
    says: Words


class Reference(Record, frozen=True, kw_only=True):
    """A recipe known to work, in canonical settings."""

    name: str
    says: Words
    source: str
    settings: dict[str, Any]
    batch: int
    """Samples per optimiser step for which `settings["lr"]` was tuned."""
    expects: tuple[Expectation, ...] = ()
    why: Words | None = None
    """Why it was taken as the reference for this run."""
