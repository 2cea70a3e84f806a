"""The records that defib's rooms hand to each other. Read this file first.

    logs, config -> Run -> Checkup (Symptoms) -> Causes -> Plan (Edits) ; all of them together are one Case

Every record is frozen, and every one can be saved as JSON and read again (`to_json`, `from_json`), so that each
command can start from what the previous one left. Names and types here are defib's JSON interface: they are extended,
never changed. Sentences are `Words`, an object with the keys `en` and `zh`.

Units: accuracies are in per cent (66.7, not 0.667), epochs count from 1, a step is an optimiser step counted from the
start of the run. Unknown is `null`, never zero. In the columns of a series `null` stands for NaN, and the strings
"inf" and "-inf" for infinities, which JSON does not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec
import numpy as np

from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

Verdict = Literal["healthy", "watch", "rescue", "leave-running", "escalate"]
Severity = Literal["act", "watch", "note"]
Standing = Literal["likely", "possible", "ruled-out"]
Risk = Literal["safe", "ask", "advise"]
Column = np.ndarray  # float64, one number a point

FORMAT = 1  # of the saved JSON


class Record(msgspec.Struct, frozen=True):
    """The parent of all records: frozen, saved as a JSON object. Its children are keyword-only."""


# ------------------------------------------------------------------------------------------------ where and when


class Point(Record, frozen=True, kw_only=True):
    """A moment of a run."""

    step: int | None = None
    """Optimiser steps done, counted from the start of the run."""
    epoch: float | None = None
    """The epoch, counted from 1."""


class Place(Record, frozen=True, kw_only=True):
    """Where a number stands."""

    file: str
    """As the user would name it: relative to the run's folder where there is one."""
    line: int | None = None
    """Counted from 1."""


class Fact(Record, frozen=True, kw_only=True):
    """One measured value, when it was measured and where it stands."""

    metric: str
    """A series key such as `val/top1/fused`, or a setting such as `lr`."""
    value: Any
    at: Point = Point()
    place: Place | None = None


# ------------------------------------------------------------------------------------------------ what was read


class Series(Record, frozen=True, kw_only=True, eq=False):
    """One metric over the run, as columns of equal length.

    `record` numbers the rows of the whole run in the order in which they were logged: cutting a run after its first k
    records (`Run.prefix`) is what a watcher would have seen at that moment.
    """

    key: str
    """`split/measure` or `split/measure/branch`: `val/top1/pose`, `train/loss`."""
    metric: str
    """The key without the branch."""
    branch: str | None = None
    raw: str
    """The name that the log uses."""
    unit: str = ""
    """`%`, `s`, ... ; empty where the number has none."""
    better: Literal["higher", "lower"] | None = None
    scale: float = 1.0
    """What the logged number was multiplied by to get this unit (100 for accuracies logged as fractions)."""
    single_batch: bool = False
    """The value describes one batch, not an epoch: mmengine's training accuracies."""
    step: Column
    epoch: Column
    value: Column
    record: Column
    line: Column
    file: Column
    """Index into `Run.files`."""

    def __len__(self) -> int:
        """How many points there are."""
        return len(self.value)

    def prefix(self, records: int) -> Series:
        """The points that stand in the first `records` records of the run."""
        kept = self.record < records
        if bool(kept.all()):
            return self
        cut = {name: getattr(self, name)[kept] for name in COLUMNS}
        return msgspec.structs.replace(self, **cut)


COLUMNS = ("step", "epoch", "value", "record", "line", "file")


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
    """`loaded`, `resumed`, `saved`, `best`, `removed`, `not-matched`, `out-of-memory`, `traceback`, ..."""
    at: Point = Point()
    text: str
    place: Place | None = None


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


class Config(Record, frozen=True, kw_only=True):
    """A config as it was parsed. It was not executed."""

    path: str
    sha256: str
    dialect: str
    """How it is written, e.g. `mmengine`."""
    tree: dict[str, Any]
    """Nested values; tuples are lists; what could not be evaluated is {"$expression": source, "line": n}."""
    links: dict[str, str] = {}
    """Paths that are the same object as another path because a variable was used: usage -> variable."""
    bases: tuple[str, ...] = ()
    lines: dict[str, int] = {}
    """The line in the file of each path that holds a canonical setting; inherited ones have none."""
    notes: tuple[Words, ...] = ()


class Setting(Record, frozen=True, kw_only=True):
    """One canonical setting, and every path at which the config holds it."""

    key: str
    value: Any
    paths: tuple[str, ...] = ()


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


class Run(Record, frozen=True, kw_only=True, eq=False):
    """Everything that a run left behind, in one frame."""

    framework: str
    """`mmengine`, `defib`, `table`, ..."""
    path: str
    series: tuple[Series, ...]
    files: tuple[str, ...] = ()
    records: int = 0
    observed_at: float | None = None
    """Unix seconds at which it was read, so that rules need no clock."""
    segments: tuple[Segment, ...] = ()
    events: tuple[Event, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    config: Config | None = None
    settings: dict[str, Setting] = {}
    launch: Launch = Launch()
    tracked: Tracked | None = None
    reference: Reference | None = None
    deciding: str | None = None
    """Key of the series that decides."""
    target: float | None = None
    """The value of the deciding metric that the user wants."""
    seconds_per_epoch: float | None = None
    classes: int | None = None
    not_understood: tuple[str, ...] = ()
    notes: tuple[Words, ...] = ()

    def get(self, key: str | None) -> Series | None:
        """The series with this key, if it was logged."""
        return next((series for series in self.series if series.key == key), None)

    def branches(self, metric: str) -> tuple[Series, ...]:
        """All series of one metric, the deciding one first."""
        found = [series for series in self.series if series.metric == metric]
        return tuple(sorted(found, key=lambda series: series.key != self.deciding))

    def prefix(self, records: int) -> Run:
        """The run as it stood after its first `records` records; what has no record (config, files) stays."""
        cut = tuple(series.prefix(records) for series in self.series)
        return msgspec.structs.replace(
            self,
            series=tuple(series for series in cut if len(series)),
            records=min(records, self.records),
            segments=tuple(segment for segment in self.segments if segment.record < records),
        )

    def place(self, series: Series, index: int) -> Place | None:
        """Where one point of a series stands."""
        file, line = series.file[index], series.line[index]
        if np.isnan(file) or int(file) >= len(self.files):
            return None
        return Place(file=self.files[int(file)], line=None if np.isnan(line) else int(line))

    def fact(self, series: Series, index: int) -> Fact:
        """One point of a series as evidence. A negative index counts from the end."""
        return Fact(
            metric=series.key,
            value=float(series.value[index]),
            at=self.point(series, index),
            place=self.place(series, index),
        )

    def point(self, series: Series, index: int) -> Point:
        """When one point of a series was measured."""
        step, epoch = series.step[index], series.epoch[index]
        return Point(
            step=None if np.isnan(step) else int(step),
            epoch=None if np.isnan(epoch) else float(epoch),
        )

    def config_place(self, path: str) -> Place | None:
        """Where a dotted path of the config stands; the file relative to the run's folder, its name when it lies elsewhere."""
        if self.config is None:
            return None
        inside = self.path.rstrip("/") + "/"
        name = self.config.path.rpartition("/")[2]
        file = self.config.path.removeprefix(inside) if self.config.path.startswith(inside) else name
        return Place(file=file, line=self.config.lines.get(path))

    def setting_fact(self, key: str) -> Fact:
        """A canonical setting as evidence: its value and where it is written."""
        found = self.settings.get(key)
        place = None if found is None or not found.paths else self.config_place(found.paths[0])
        return Fact(metric=key, value=None if found is None else found.value, place=place)

    def setting(self, key: str) -> Any:  # noqa: ANN401 (a config value may be anything)
        """The value of a canonical setting, or None when the config does not hold it."""
        found = self.settings.get(key)
        return None if found is None else found.value


# ------------------------------------------------------------------------------------------------ what is wrong


class Symptom(Record, frozen=True, kw_only=True):
    """One thing that is wrong, on one metric, since one moment."""

    rule: str
    metric: str
    branch: str | None = None
    severity: Severity
    onset: Point
    record: int
    """The record at which it could first be known."""
    cleared: Point | None = None
    size: float | None = None
    """How large, in the metric's unit unless the rule's page says otherwise."""
    noise: float | None = None
    """The run's own noise before the onset, in the same unit; null where there was too little to judge."""
    fall: bool = False
    """It opens an incident: something that worked stopped working."""
    says: Words
    facts: tuple[Fact, ...] = ()


class Unseen(Record, frozen=True, kw_only=True):
    """A rule that could not look, and why. Silence is not health."""

    rule: str
    reason: Words


class Incident(Record, frozen=True, kw_only=True):
    """The fall that has not ended: nothing since has made a new best of the deciding metric."""

    key: str
    onset: Point
    rule: str
    best: Fact
    """The best value of the deciding metric before the onset."""


class HistoryRow(Record, frozen=True, kw_only=True):
    """One evaluation of the run, and what it was."""

    epoch: float | None
    step: int | None = None
    values: dict[str, float | None]
    mark: Literal["start", "up", "best", "flat", "down", "fell", "fell-on", "back"]
    change: float | None = None
    """Of the deciding metric against the row before."""
    says: Words


class Checkup(Record, frozen=True, kw_only=True):
    """What was found, and what could not be looked at."""

    symptoms: tuple[Symptom, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    checked: tuple[str, ...] = ()
    incident: Incident | None = None
    history: tuple[HistoryRow, ...] = ()


# ------------------------------------------------------------------------------------------------ why


class Evidence(Record, frozen=True, kw_only=True):
    """What was measured, and separately what it is taken to mean."""

    strength: Literal["strong", "weak"]
    measured: Words
    means: Words
    facts: tuple[Fact, ...] = ()


class Cause(Record, frozen=True, kw_only=True, rename={"for_": "for"}):
    """One explanation, with the evidence on both sides and what is missing."""

    cause: str
    standing: Standing
    says: Words
    explains: tuple[str, ...] = ()
    """Rules whose symptoms it would explain in this run; empty for a trap that harmed nothing yet."""
    event: bool = False
    """It is something that happened at the onset, not something that was there all along."""
    for_: tuple[Evidence, ...] = ()
    against: tuple[Evidence, ...] = ()
    missing: tuple[Words, ...] = ()


# ------------------------------------------------------------------------------------------------ what to do


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


class Start(Record, frozen=True, kw_only=True):
    """The checkpoint that the rescue starts from."""

    epoch: float | None = None
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


class Case(Record, frozen=True, kw_only=True, eq=False):
    """One run, judged: everything that defib has to say about it."""

    run: Run
    checkup: Checkup
    causes: tuple[Cause, ...] = ()
    plan: Plan | None = None
    verdict: Verdict
    says: Words
    """The one sentence that says what happened and what to do."""
    written: dict[str, str] = {}
    """Files that were written: `config`, `plan`, `report`, `weights`."""
    format: int = FORMAT


# ------------------------------------------------------------------------------------------------ saving


def to_json(record: Record) -> bytes:
    """Save a record as one line of JSON."""
    return _ENCODER.encode(record)


def from_json(text: bytes | str, kind: type[Any] = Case) -> Any:  # noqa: ANN401 (an instance of `kind`)
    """Read a record that `to_json` wrote.

    Raises msgspec.ValidationError (or DecodeError) when the text is not one.
    """
    return msgspec.json.decode(text, type=kind, dec_hook=_column)


def columns(rows: Iterator[tuple[float, ...]] | list[tuple[float, ...]]) -> dict[str, Column]:
    """Turn rows of (step, epoch, value, record, line, file) into the columns of a Series.

    >>> sorted(columns([(10, 1, 0.5, 0, 1, 0)]))
    ['epoch', 'file', 'line', 'record', 'step', 'value']
    """
    table = np.array(list(rows), dtype=np.float64).reshape(-1, len(COLUMNS))
    return {name: table[:, position].copy() for position, name in enumerate(COLUMNS)}


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return [_json_number(item) for item in value.tolist()]
    if isinstance(value, np.generic):
        return value.item()
    message = f"{type(value).__name__} has no place in a record"
    raise TypeError(message)


def _json_number(item: float) -> float | int | str | None:
    if item != item:  # noqa: PLR0124 (NaN is the one number unlike itself)
        return None
    if item in (float("inf"), float("-inf")):
        return str(item)
    return int(item) if item.is_integer() else item


def _column(kind: type, value: object) -> object:
    if kind is np.ndarray and isinstance(value, list):
        return np.array([float("nan") if item is None else float(item) for item in value], dtype=np.float64)
    message = f"expected a list of numbers, found {type(value).__name__}"
    raise TypeError(message)


_ENCODER = msgspec.json.Encoder(enc_hook=_plain)
