"""Everything that a run left behind, in one frame."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from defib.records.facts import Fact, Place, Point, Record
from defib.records.left import Checkpoint, Config, Earlier, Event, Launch, Reference, Segment, Setting, Tracked
from defib.records.predictions import Predictions
from defib.records.series import Series
from defib.words import Words


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
    written_at: float | None = None
    """Unix seconds at which the newest of its logs and checkpoints was last written; null where that is not known."""
    segments: tuple[Segment, ...] = ()
    events: tuple[Event, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    config: Config | None = None
    settings: dict[str, Setting] = {}
    earlier: tuple[Earlier, ...] = ()
    """Settings of parts of the run before it was restarted, the oldest first."""
    launch: Launch = Launch()
    tracked: Tracked | None = None
    reference: Reference | None = None
    deciding: str | None = None
    """Key of the series that decides."""
    target: float | None = None
    """The value of the deciding metric that the user wants."""
    seconds_per_epoch: float | None = None
    classes: int | None = None
    predictions: Predictions | None = None
    """What a checkpoint of the run predicts on held-out samples, where somebody gave its scores."""
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
        """The run as it stood after its first `records` records; what has no record (config, files) stays.

        An event is seen as soon as the records before it are. When the files were last written says nothing about a
        moment before that.
        """
        cut = tuple(series.prefix(records) for series in self.series)
        return msgspec.structs.replace(
            self,
            series=tuple(series for series in cut if len(series)),
            records=min(records, self.records),
            written_at=self.written_at if records >= self.records else None,
            segments=tuple(segment for segment in self.segments if segment.record < records),
            events=tuple(event for event in self.events if event.record <= records),
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

    def moment(self, record: int) -> Point:
        """When a record was logged; unknown for one without a series, and before the first."""
        for series in self.series:
            index = int(np.searchsorted(series.record, record))
            if index < len(series) and series.record[index] == record:
                return self.point(series, index)
        return Point()

    def config_place(self, path: str) -> Place | None:
        """Where a dotted path of the config stands; the file relative to the run's folder, its name when it lies elsewhere.

        A file that the config inherits from is named as the config would name it.
        """
        if self.config is None:
            return None
        if path in self.config.inherited:
            return self.config.inherited[path]
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
