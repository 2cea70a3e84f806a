"""Goes along with a text line by line and keeps what its words say: events, and facts about the start."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from defib.reading.misfit import LISTED, LISTS, unfit
from defib.reading.saying import said
from defib.records import Event, Place, Point

if TYPE_CHECKING:
    from defib.reading.saying import Saying

LONGEST_TEXT = 400  # characters of an event; missing keys of a state dict fill pages
MOST = 2_000  # events of one text; a run that complains at every step says nothing new

_PREFIX = re.compile(r"^.*? - (?:\S+) - (?:DEBUG|INFO|WARNING|ERROR|CRITICAL) - ")
MOST_NAMES = 1_000  # of one list; a network has as many parameters

_BOX = "│╭╰┃┏┗|"  # how `rich` frames a traceback
_HARMLESS = ("Exception ignored in", "--- Logging error ---")
"""What Python prints above a traceback that ended nothing."""
_RANK = re.compile(r"^\[(?:default|rank)?\d{1,5}\]:\s?|^\d{1,5}: (?=Traceback|  File|\w+Error)")


@dataclass(slots=True)
class Listener:
    """What one text has said so far."""

    name: str
    events: list[Event] = field(default_factory=list)
    facts: dict[str, tuple[str, int]] = field(default_factory=dict)
    """About the start, e.g. `gpus`: the text and its line; the last statement wins."""
    seconds: list[str] = field(default_factory=list)
    """Lengths of epochs, as they are written."""
    _told: bool = False
    """A traceback is being printed."""
    _harmless: bool = False
    """It is one that ended nothing."""
    _list: tuple[str, int, Point, int] | None = None
    """A list of names that did not fit is being printed: its heading, and where that stands."""
    _names: list[str] = field(default_factory=list)

    def line(self, line: str, number: int, at: Point, record: int) -> tuple[Saying, Point] | None:
        """One line that holds no numbers of the run, without colours; what it said and when, where it said something.

        at: the moment before it. record: how many records of the text were logged before it.
        """
        line = _RANK.sub("", line) if line[:1] in "[0123456789" else line
        if self._told and line.strip():
            if line[0].isspace() or line[0] in _BOX:
                return None
            self._told = False
            if self._harmless:
                self._harmless = False
                return None
            self._add("traceback", line, number, at, record)
        if self._list is not None and self._listed(line):
            return None
        saying = said(line)
        if saying is None:
            self._without_saying(line, number, at, record)
            return None
        if saying.kind == "traceback":
            self._told = True
        elif saying.kind == "seconds":
            self.seconds.append(saying.text)
        elif saying.fact:
            self.facts[saying.kind] = (saying.text, number)
        else:
            moment = Point(
                step=at.step if saying.step is None else saying.step,
                epoch=at.epoch if saying.epoch is None else saying.epoch,
            )
            self._add(saying.kind, _PREFIX.sub("", line), number, moment, record)
            return saying, moment
        return None

    def _without_saying(self, line: str, number: int, at: Point, record: int) -> None:
        """Headings that tell how to take what comes below them."""
        if line.strip():
            self._harmless = line.startswith(_HARMLESS)
        if line.rstrip().endswith(":") and LISTS.search(line) is not None:
            self._list, self._names = (_PREFIX.sub("", line).strip(), number, at, record), []

    def _listed(self, line: str) -> bool:
        """Whether a line goes on with the list; the list is told when it is over."""
        if LISTED.fullmatch(line) is not None and len(self._names) < MOST_NAMES:
            self._names.append(line.strip())
            return True
        if self._list is not None:
            heading, number, at, record = self._list
            kind = unfit(" ".join(self._names))
            if kind is not None:
                self._add(kind, f"{heading} {', '.join(self._names)}", number, at, record)
        self._list = None
        return False

    def _add(self, kind: str, text: str, number: int, at: Point, record: int) -> None:
        if len(self.events) < MOST:
            place = Place(file=self.name, line=number)
            self.events.append(Event(kind=kind, at=at, text=text.strip()[:LONGEST_TEXT], place=place, record=record))
