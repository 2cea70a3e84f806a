"""One metric over the run, as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec
import numpy as np

from defib.records.facts import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

Column = np.ndarray  # float64, one number a point


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


def columns(rows: Iterator[tuple[float, ...]] | list[tuple[float, ...]]) -> dict[str, Any]:
    """Turn rows of (step, epoch, value, record, line, file) into the columns of a Series.

    >>> sorted(columns([(10, 1, 0.5, 0, 1, 0)]))
    ['epoch', 'file', 'line', 'record', 'step', 'value']
    """
    table = np.array(list(rows), dtype=np.float64).reshape(-1, len(COLUMNS))
    return {name: table[:, position].copy() for position, name in enumerate(COLUMNS)}
