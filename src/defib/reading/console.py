"""What mmengine's console log says in words: how the run was started, and what happened to its checkpoints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defib.records import Event, Launch, Place, Point, Tracked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from defib.metrics import Meaning

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("loaded", re.compile(r"Load checkpoint from (?P<path>.+)$")),
    ("resumed", re.compile(r"resumed epoch: (?P<epoch>\d+), iter: (?P<step>\d+)")),
    ("best", re.compile(
        r"The best checkpoint with (?P<value>[\d.naife+-]+) (?P<metric>.+) at (?P<epoch>\d+) (?:epoch|iter) is saved to (?P<path>\S+?)\.?$"
    )),
    ("removed", re.compile(r"The previous best checkpoint (?P<path>.+) is removed")),
    ("saved", re.compile(r"Saving checkpoint at (?P<epoch>\d+) epochs")),
    ("saved", re.compile(r"Saving checkpoint at (?P<step>\d+) iterations")),
    ("not-matched", re.compile(r"The model and loaded state dict do not match exactly")),
    ("not-matched", re.compile(r"(?:unexpected key in source state_dict|missing keys in source state_dict)")),
    ("out-of-memory", re.compile(r"(?:CUDA out of memory|OutOfMemoryError)")),
)  # fmt: skip
TRACEBACK = "Traceback (most recent call last)"
PREFIX = re.compile(r"^\d{4}[/-]\d\d[/-]\d\d \d\d:\d\d:\d\d - mmengine - \w+ - ")


def events(file: str, lines: Iterable[str]) -> list[Event]:
    """Everything that the log says about loading, saving and failing, in order."""
    found: list[Event] = []
    in_traceback = False
    for number, line in enumerate(lines, start=1):
        place = Place(file=file, line=number)
        if TRACEBACK in line:
            in_traceback = True
            found.append(Event(kind="traceback", text=TRACEBACK, place=place))
        elif in_traceback and line and not line.startswith((" ", "\t")):
            found[-1] = Event(kind="traceback", text=line.strip(), place=found[-1].place)
            in_traceback = False
        for kind, pattern in KINDS:
            match = pattern.search(line)
            if match is None:
                continue
            groups = match.groupdict()
            at = Point(
                step=int(groups["step"]) if groups.get("step") else None,
                epoch=float(groups["epoch"]) if groups.get("epoch") else None,
            )
            found.append(Event(kind=kind, at=at, text=PREFIX.sub("", line).strip(), place=place))
            break
    return found


def detail(event: Event) -> dict[str, str]:
    """The named parts of an event's sentence: path, metric, value, epoch, step."""
    for kind, pattern in KINDS:
        match = pattern.search(event.text) if kind == event.kind else None
        if match is not None:
            return {name: value for name, value in match.groupdict().items() if value}
    return {}


def launch(lines: list[str]) -> Launch:
    """How the run was started: processes, and the directories if they can be told apart."""
    text = "\n".join(lines[:3000])  # the environment and the config stand at the top
    gpus = re.search(r"^\s*GPU number: (\d+)", text, re.MULTILINE)
    distributed = re.search(r"^\s*Distributed training: (True|False)", text, re.MULTILINE)
    saved = re.search(r"Checkpoints will be saved to (.+?)\.?\s*$", text, re.MULTILINE)
    named = re.search(r"^work_dir = ['\"](.+)['\"]", text, re.MULTILINE)
    work_dir = saved[1] if saved else (named[1] if named else None)
    cwd = None
    if saved and named and saved[1].endswith("/" + named[1].removeprefix("./").rstrip("/")):
        cwd = saved[1].removesuffix("/" + named[1].removeprefix("./").rstrip("/"))
    return Launch(
        cwd=cwd,
        work_dir=work_dir,
        gpus=int(gpus[1]) if gpus else None,
        distributed=distributed[1] == "True" if distributed else None,
    )


def tracked(
    found: list[Event], lines: list[str], recognise: Callable[[str, str], Meaning | None]
) -> Tracked | None:
    """What keep-the-best followed, from the last best that was announced."""
    best = [event for event in found if event.kind == "best"]
    if not best:
        return None
    parts = detail(best[-1])
    text = "\n".join(lines[:3000])
    option = re.search(r"save_best=['\"](\w[^'\"]*)['\"]", text)
    meaning = recognise(parts.get("metric", ""), "val")
    try:
        value = float(parts.get("value", ""))
    except ValueError:
        value = float("nan")
    share = meaning is not None and meaning.measure.share and value <= 1.0
    return Tracked(
        setting=option[1] if option else "?",
        raw=parts.get("metric"),
        key=None if meaning is None else meaning.key,
        epoch=best[-1].at.epoch,
        value=100.0 * value if share else value,
        place=best[-1].place,
    )
