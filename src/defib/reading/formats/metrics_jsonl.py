"""defib's own log, `metrics.jsonl`: one object a line, each with a kind, canonical names and canonical units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from defib.reading.format import Format
from defib.reading.jsonlines import JsonLines, first_rows
from defib.reading.ledger import NAN, Ledger, whole
from defib.reading.pace import pace
from defib.reading.programs import assembled
from defib.reading.segments import Session, chain
from defib.records import Event, Launch, Place, Point
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.reading.jsonlines import Row
    from defib.reading.source import Source
    from defib.records import Run

FORMAT = 1  # of the log, as its first line says

NEWER = Words(
    en="{file}: written in format {found}, newer than the {known} that is known here; what was not understood is left out",
    zh="{file}：以格式 {found} 写成，比这里支持的格式 {known} 更新；无法理解的内容未采用",
)

_DERIVED = ("train/weighted_loss/", "train/grad_norm_max")
"""What the trainer also logs for people: follows from, or stands beside, a value that is read."""
_ROWS = ("train", "val", "test")


def _recognises(source: Source) -> bool:
    return any(
        _is_start(row) or (row.get("kind") in _ROWS and isinstance(row.get("values"), dict))
        for row in first_rows(source)
    )


def _derived(name: object) -> bool:
    return isinstance(name, str) and name.startswith(_DERIVED)


def _is_start(row: Row) -> bool:
    return row.get("kind") == "start" and type(row.get("format")) is int


class _Reading:
    """One pass over the logs of a run."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.sessions: list[Session] = []
        self.events: list[tuple[int, Event]] = []  # (rows before it, event)
        self.evaluated: list[tuple[float, float]] = []  # (epoch, unix seconds)
        self.launch = Launch()
        self.classes: int | None = None
        self.notes: list[Words] = []

    def go_through(self, source: Source, file: int) -> None:
        """Read one log; each `start` line in it is a process of its own."""
        lines = JsonLines(source)
        begin = len(self.ledger)
        self.sessions.append(Session(begin, source.name))
        for number, row in lines:
            kind = row.get("kind")
            if kind == "start":
                self._start(row, source.name)
            elif kind == "event":
                self.events.append((len(self.ledger), _event(row, Place(file=source.name, line=number))))
            elif isinstance(kind, str) and kind in _ROWS and isinstance(row.get("values"), dict):
                step, epoch, time = whole(row.get("step")), whole(row.get("epoch")), whole(row.get("time"))
                self.ledger.add(
                    kind,
                    [pair for pair in row["values"].items() if not _derived(pair[0])],
                    at=(NAN if step is None else step, NAN if epoch is None else epoch),
                    place=(file, number),
                )
                if kind == "val" and epoch is not None and time is not None:
                    self.evaluated.append((epoch, time))
        self.notes.extend(lines.notes())

    def _start(self, row: Row, name: str) -> None:
        resumed = row.get("resumed")
        at = None
        if isinstance(resumed, dict):
            at = _point(resumed)
        elif resumed is True:
            at = Point()
        self.sessions.append(Session(len(self.ledger), name, at))
        gpus, distributed = row.get("gpus"), row.get("distributed")
        self.launch = Launch(
            cwd=_text(row, "cwd"),
            work_dir=_text(row, "work_dir"),
            gpus=gpus if type(gpus) is int and gpus >= 0 else None,
            distributed=distributed if isinstance(distributed, bool) else None,
            gpu_ids=_text(row, "gpu_ids"),
            python=_text(row, "python"),
            config_path=_text(row, "config"),
        )
        classes = whole(row.get("classes"))
        self.classes = int(classes) if classes is not None and classes > 1 else self.classes
        version = row.get("format")
        if type(version) is int and version > FORMAT:
            self.notes.append(NEWER.fill(file=name, found=version, known=FORMAT))


def _read(sources: Sequence[Source]) -> Run:
    reading = _Reading()
    ordered = sorted(sources, key=lambda source: source.name)
    for file, source in enumerate(ordered):
        reading.go_through(source, file)
    whole_run = chain(reading.ledger, reading.sessions)
    # The names and the units are ours, so a share is in per cent already.
    names = [source.name for source in ordered]
    run = assembled("defib", names, reading.ledger, whole_run, percent=lambda _: True, notes=reading.notes)
    return msgspec.structs.replace(
        run,
        events=tuple(event for row, event in reading.events if row >= whole_run.kept.first),
        launch=reading.launch,
        classes=reading.classes,
        seconds_per_epoch=pace([reading.evaluated]),
    )


def _event(row: Row, place: Place) -> Event:
    kind = next((text for name in ("event", "name") if (text := _text(row, name))), "event")
    text = next((text for name in ("text", "message", "says") if (text := _text(row, name))), "")
    if not text and isinstance(row.get("values"), dict):
        text = ", ".join(f"{name}={value}" for name, value in row["values"].items())
    return Event(kind=kind, at=_point(row), text=text[:400], place=place)


def _point(row: dict[str, Any]) -> Point:
    step, epoch = whole(row.get("step")), whole(row.get("epoch"))
    return Point(step=None if step is None else int(step), epoch=epoch)


def _text(row: Row, name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) and value else None


metrics_jsonl = Format(
    name="metrics_jsonl",
    framework="defib",
    says=Words(en="defib's own log (metrics.jsonl)", zh="defib 自己的日志（metrics.jsonl）"),
    rank=1,
    recognises=_recognises,
    read=_read,
)
