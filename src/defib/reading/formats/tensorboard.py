"""TensorBoard event files: `events.out.tfevents.*`, as SummaryWriter, Keras, Lightning, Trainer and many others write them.

Needs the extra `tensorboard`. Step unit: whatever the writer counted under the name of a step, mostly optimiser steps,
sometimes epochs. A scalar with the tag `epoch` (Lightning writes one) says the epoch of the step that it stands at. Values
of one moment that follow each other under the same step are one record; its line is the record of the file, from 1.
Keras counts epochs from 0 under `epoch_loss`; here they count from 1.
Several files of one folder are one run in the order in which they were begun: each process writes its own. Folders called
`train` and `validation`, as Keras makes them, are the sets of one run; the folders of `add_scalars` are several runs to us.
Where the steps go back the run was started again.
Gives up: on images, histograms, text and graphs; on all that stands behind a damaged record, which a note tells. A half-written
last record is left for next time.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from defib.reading.eventfile import MOST_TAGS, SAYS, is_event_file, read_events
from defib.reading.format import Format
from defib.reading.jsonlines import HALF
from defib.reading.ledger import NAN, Ledger
from defib.reading.programs import assembled, several
from defib.reading.segments import Session, chain
from defib.understanding import understand
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from defib.reading.eventfile import EventFile, Scalar
    from defib.reading.source import Source
    from defib.records import Run

DAMAGED = Words(
    en="{file}: record {record} is damaged; what stands behind it was not read",
    zh="{file}：第 {record} 条记录已损坏；其后的内容未读取",
)
NAMES = Words(
    en="{file}: has more than {most} names; {count} values under the later ones were not read",
    zh="{file}：名称超过 {most} 个；之后名称下的 {count} 个数值未读取",
)
LONG = Words(
    en="{file}: {count} records are too long to hold numbers (images, graphs) and were passed over",
    zh="{file}：有 {count} 条记录过长，不可能是数值（图像、计算图等），已跳过",
)

EPOCH = "epoch"
PER_EPOCH = "epoch_"
"""How Keras begins the tags of what it logs once an epoch; their step is the epoch."""
SETS = {"train": "train", "validation": "val", "val": "val", "valid": "val", "eval": "val", "test": "test"}
"""Folders that hold one set of a run."""


def _moments(scalars: Iterable[Scalar]) -> Iterator[list[Scalar]]:
    """The scalars that were logged together: neighbours of one step, in which no tag occurs twice."""
    together: list[Scalar] = []
    tags: set[str] = set()
    for scalar in scalars:
        if together and (scalar.step != together[0].step or scalar.tag in tags):
            yield together
            together, tags = [], set()
        together.append(scalar)
        tags.add(scalar.tag)
    if together:
        yield together


def _home(source: Source) -> PurePath:
    folder = (source.path or PurePath(source.name)).parent
    return folder.parent if folder.name in SETS else folder


def _begun(found: EventFile) -> float:
    return next((one.moment for one in found.scalars()), float("inf"))


def _read(sources: Sequence[Source]) -> Run:
    if len({_home(source) for source in sources}) > 1:
        raise several(sources)
    files = sorted(
        ((source, read_events(source)) for source in sources), key=lambda pair: (_begun(pair[1]), pair[0].name)
    )
    ledger, notes = Ledger(), list[Words]()
    sessions: dict[str, Session] = {}
    apart = len({source.name.rpartition("/")[0] for source in sources}) > 1
    rows = sorted(_rows(files, apart=apart), key=lambda row: row.order) if apart else _rows(files, apart=False)
    for row in rows:
        name = files[row.file][0].name
        if not apart:
            sessions.setdefault(name, Session(len(ledger), name))
        ledger.add(row.split, row.values, at=row.at, place=(row.file, row.record))
    for source, found in files:
        notes += _notes(source, found)
    names = [source.name for source, _ in files]
    return assembled("tensorboard", names, ledger, chain(ledger, list(sessions.values())), notes=notes)


class _Row(NamedTuple):
    split: str
    values: list[tuple[str, float]]
    at: tuple[float, float]
    file: int
    record: int
    order: float
    """When it was written; rows of two files are put together by it."""


def _rows(files: Sequence[tuple[Source, EventFile]], *, apart: bool) -> Iterator[_Row]:
    for file, (source, found) in enumerate(files):
        folder = SETS.get(PurePath(source.name).parent.name, "") if apart else ""
        by_epoch = {one.step: one.value for one in found.scalars() if one.tag == EPOCH and one.value >= 0}
        for moment in _moments(found.scalars()):
            values = [(one.tag, one.value) for one in moment if one.tag != EPOCH]
            if values:
                at = _at(moment[0], by_epoch)
                yield _Row(folder or _split(values), values, at, file, moment[0].record, moment[0].moment)


def _at(first: Scalar, by_epoch: dict[float, float]) -> tuple[float, float]:
    """Step and epoch of what was logged together."""
    if first.tag.startswith(PER_EPOCH):
        return NAN, first.step + 1
    epoch = by_epoch.get(first.step, NAN)
    # Lightning counts epochs from 0; the fractions of Trainer are the number of epochs behind us already.
    return first.step, epoch + 1 if epoch.is_integer() else epoch


def _split(values: Sequence[tuple[str, float]]) -> str:
    """`train` where any of the values is of training: only such a record moves the clock."""
    known = (understand(tag) for tag, _ in values)
    return "train" if any(one is not None and one.metric.startswith("train/") for one in known) else ""


def _notes(source: Source, found: EventFile) -> Iterator[Words]:
    if found.damaged is not None:
        yield DAMAGED.fill(file=source.name, record=found.damaged)
    if found.half:
        yield HALF.fill(file=source.name)
    if found.nameless:
        yield NAMES.fill(file=source.name, count=found.nameless, most=MOST_TAGS)
    if found.skipped:
        yield LONG.fill(file=source.name, count=found.skipped)


tensorboard = Format(
    name="tensorboard",
    framework="tensorboard",
    says=SAYS,
    rank=50,
    recognises=is_event_file,
    read=_read,
    binary=True,
    home=_home,
)
