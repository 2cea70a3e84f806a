"""Messages with which a run may have ended, in groups: what one crash prints belongs together.

Whether a run ended there is known only later. Each group is therefore told when its first message is seen, and cleared
when records that came after it show that training went on.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from defib.words import Words

if TYPE_CHECKING:
    from defib.records import Event, Point, Run

LATER = 5  # records; while one process dies another may still write a few. Assumed
OFTEN = 3  # times; assumed
LONGEST = 160  # characters of a message in a sentence; all of it is in the facts. Assumed
NO_CONSOLE = Words(
    en="no console log with messages was read, so it is not known what the run printed at its end",
    zh="没有读到带有消息的控制台日志，因此不知道训练结束时输出了什么",
)

_KINDS = ("out-of-memory", "killed", "nan-stop", "traceback")
_MEMORY = re.compile(r"oom|out.of.memory", re.IGNORECASE)


class Ending(NamedTuple):
    """What was printed around one possible end."""

    first: Event
    memory: Event | None
    """The message that says that memory ran out, when one came with the first."""
    record: int
    """How many records had been logged before the last message."""
    cleared: Point | None
    finished: bool
    """The planned number of epochs had been reached before it."""


def no_console(run: Run) -> Words | None:
    """Why nothing can be said about the end of a run, or None."""
    return None if run.events else NO_CONSOLE


def endings(run: Run) -> list[Ending]:
    """Every group of messages of a failure, in the order in which they were printed.

    What kind of failure it was is read from the messages that came with the first: a later one may not change it. One
    that training survived three times is not told again: it is part of how this run works.
    """
    groups: list[list[Event]] = []
    for event in sorted((one for one in run.events if one.kind in _KINDS), key=lambda one: one.record):
        if groups and event.record - groups[-1][-1].record < LATER:
            groups[-1].append(event)
        else:
            groups.append([event])
    seen = Counter[str]()
    found: list[Ending] = []
    for group in groups:
        name = group[0].text.partition(":")[0]
        seen[name] += 1
        if seen[name] <= OFTEN:
            found.append(_ending(run, group))
    return found


def short(event: Event) -> str:
    """A message as it fits into a sentence.

    >>> from defib.records import Event
    >>> short(Event(kind="traceback", text="ValueError: no label"))
    'ValueError: no label'
    """
    text = " ".join(event.text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _ending(run: Run, group: list[Event]) -> Ending:
    first, last = group[0], group[-1]
    told = [event for event in group if event.record == first.record]
    memory = next((event for event in told if _of_memory(event)), None)
    shown = last.record + LATER
    length = run.setting("max_epochs")
    epoch = run.moment(first.record - 1).epoch or first.at.epoch
    return Ending(
        first=first,
        memory=memory,
        record=last.record,
        cleared=run.moment(shown - 1) if run.records >= shown else None,
        finished=isinstance(length, int | float) and epoch is not None and epoch >= length,
    )


def _of_memory(event: Event) -> bool:
    return event.kind == "out-of-memory" or (event.kind == "killed" and _MEMORY.search(event.text) is not None)
