"""mmengine's work directory: `scalars.json` for the numbers, the console log for what happened and how it started."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib import metrics
from defib.reading import keeping, starting
from defib.reading.alike import Alike
from defib.reading.console import is_console, read_console
from defib.reading.format import Format
from defib.reading.jsonlines import HALF, JsonLines, first_rows
from defib.reading.ledger import BOOKKEEPING, NAN, Ledger, whole, wholes
from defib.reading.pace import pace, pace_of_steps
from defib.reading.programs import assembled
from defib.reading.segments import Session, chain
from defib.reading.sessions import in_order_of_time
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from defib.reading.console import Console
    from defib.reading.jsonlines import Row
    from defib.reading.sessions import Files
    from defib.reading.source import Source
    from defib.records import Event, Run

NO_GPU = Words(
    en="the log says that no GPU was available (CUDA available: False); seconds per epoch are those of a CPU",
    zh="日志显示没有可用的 GPU（CUDA available: False）；每轮用时是 CPU 上的用时",
)

SPLITS = ("train_", "val_", "valid_", "eval_", "test_")
"""How other programs begin the names of metrics; mmengine tells the sets apart by what a row holds."""

ONE_BATCH = frozenset({"train/top1", "train/top5"})  # mmaction2 logs the accuracy of the last batch


def _recognises(source: Source) -> bool:
    return is_console(source) or any(_is_row(row) for row in first_rows(source))


def _is_row(row: Row) -> bool:
    if whole(row.get("step")) is None or not row.keys().isdisjoint(("kind", "mode", "iteration")):
        return False
    if any(name.startswith(SPLITS) for name in row):
        return False
    return any(name not in BOOKKEEPING and (name == "data_time" or metrics.recognise(name)) for name in row)


def _trains(row: Iterable[str]) -> bool:
    return any(name in {"lr", "loss"} or name.startswith("train/") for name in row)  # the latter are those of our hook


class _Reading:
    """One pass over the files of a work directory."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.files: list[str] = []
        self.sessions: list[Session] = []
        self.consoles: list[tuple[range, Console]] = []  # (rows of its process, log)
        self.notes: list[Words] = []
        self._by_iteration = False
        self._step = NAN

    def process(self, files: Files) -> None:
        """Read what one process wrote: numbers from JSON where there is any, else from the console log."""
        consoles = [read_console(source) for source in files.console]
        begin = len(self.ledger)
        self._step = NAN  # a step of the process before says nothing about this one
        for source in files.scalars:
            self._scalars(source)
        from_json = len(self.ledger) > begin
        for console in consoles:
            self.files.append(console.name)
            if not from_json:
                self._console(console)
            if console.half:
                self.notes.append(HALF.fill(file=console.name))
        self.consoles += [(range(begin, len(self.ledger)), console) for console in consoles]
        if len(self.ledger) > begin:
            name = (files.scalars if from_json else files.console)[0].name
            resumed = next((console.resumed for console in consoles if console.resumed is not None), None)
            self.sessions.append(Session(begin, name, resumed))

    def _scalars(self, source: Source) -> None:
        file = len(self.files)
        self.files.append(source.name)
        lines = JsonLines(source)
        rows: Iterable[tuple[int, Row]]
        for group in lines.groups():
            if isinstance(group, Alike):
                if self._train_rows(group, file):
                    continue
                rows = zip(group.lines, group.rows(), strict=True)
            else:
                rows = group.rows
            for number, row in rows:
                self._row(row, (file, number))
        self.notes.extend(lines.notes())

    def _row(self, row: Row, place: tuple[int, int]) -> None:
        step = whole(row.get("step"))
        if step is None:
            return
        epoch = row.get("epoch")
        if _trains(row):
            self._by_iteration = epoch is None
            self._step = step
            at = whole(epoch)
            self.ledger.add("train", row.items(), at=(step, NAN if at is None else at), place=place)
        elif self._by_iteration:
            self.ledger.add("val", row.items(), at=(step, NAN), place=place)
        else:  # the `step` of an evaluation in an epoch-based run is the epoch
            self.ledger.add("val", row.items(), at=(self._step, step), place=place)

    def _train_rows(self, group: Alike, file: int) -> bool:
        """Write down many train rows at once, which most of a log is. False when each has to be looked at."""
        columns = group.columns
        step, epoch = columns.get("step"), columns.get("epoch")
        if not _trains(columns) or step is None or not wholes(step) or not (epoch is None or wholes(epoch)):
            return False
        self._by_iteration = epoch is None
        self._step = float(step[-1])
        at = (step, np.full(len(step), NAN) if epoch is None else epoch)
        self.ledger.add_alike("train", columns, at=at, place=(file, group.lines))
        return True

    def _console(self, console: Console) -> None:
        file = len(self.files) - 1
        for row in console.numbers:
            self.ledger.add(
                row.split,
                row.values,
                at=(NAN if row.step is None else row.step, NAN if row.epoch is None else row.epoch),
                place=(file, row.line),
            )

    def run(self) -> Run:
        """What it all comes to."""
        whole_run = chain(self.ledger, self.sessions)
        run = assembled("mmengine", self.files, self.ledger, whole_run, single_batch=ONE_BATCH, notes=self.notes)
        # Consoles of starts that were given up tell of another run.
        first = whole_run.kept.first
        heard = [(rows, console) for rows, console in self.consoles if rows.start >= first]
        consoles = [console for _, console in heard]
        events = [event for rows, console in heard for event in self._placed(console, rows, first)]
        facts = starting.facts(consoles)
        return msgspec.structs.replace(
            run,
            events=tuple(events),
            checkpoints=keeping.still_best(events),
            launch=starting.launch(facts),
            tracked=keeping.tracked(events, run.series, facts.get("save_best")),
            seconds_per_epoch=pace([console.finished for console in consoles]) or pace_of_steps(run.series),
            notes=(*run.notes, NO_GPU) if facts.get("cuda") == "False" else run.notes,
        )

    def _placed(self, console: Console, rows: range, first: int) -> Iterator[Event]:
        """The events of a console log, each after the records of the run that were logged before it.

        Numbers go to the console and to JSON together, so that both count alike; where they do not, as when a file was
        copied too early, the steps tell.
        """
        steps = np.array(self.ledger.step[rows.start : rows.stop])
        alike = len(console.numbers) == len(rows)
        for event in console.heard.events:
            if alike:
                before = event.record
            elif event.at.step is not None:
                before = int((steps <= event.at.step).sum())
            else:  # nothing was logged before it, or nobody knows
                before = min(event.record, len(rows))
            yield msgspec.structs.replace(event, record=rows.start + before - first)


def _read(sources: Sequence[Source]) -> Run:
    reading = _Reading()
    for files in in_order_of_time(sources):
        reading.process(files)
    return reading.run()


mmengine = Format(
    name="mmengine",
    framework="mmengine",
    says=Words(
        en="an mmengine work directory or log (vis_data/scalars.json, <timestamp>.log)",
        zh="mmengine 工作目录或日志（vis_data/scalars.json、<timestamp>.log）",
    ),
    rank=0,
    recognises=_recognises,
    read=_read,
)
