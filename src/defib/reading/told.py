"""What a text says line by line: values, the moments they belong to, and the headings above them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from defib.reading.copypaste import Copypaste
from defib.reading.moments import Moment, moment_of, without_stamps
from defib.reading.pairs import meaning_of, pairs
from defib.understanding import split_of, understand

if TYPE_CHECKING:
    from defib.metrics import Meaning
    from defib.reading.pairs import Pair

MOST_UNKNOWN = 100  # names that are not understood and are told of
LONGEST_HEADING = 200  # characters; assumed

_PROGRESS = re.compile(r"\[\s{0,6}\d{1,9}\s{0,6}/\s{0,6}\d{1,9}\s{0,6}\]")
_STARRED = re.compile(r"(?:^|[|\]])\s*\*\s")
_BARE = re.compile(
    r"\s*(?P<at>\d{1,12})\s+(?P<split>train|val|valid|test|eval|hella)\s+(?P<value>[-+.\deE]{1,30}|nan|inf)\s*"
)
_TOLD = re.compile(r"(?i)improved|did not improve|early.?stop|saving|no improvement")
SILENT = frozenset({"lr", "grad_norm", "momentum", "time", "weight_decay"})
_ASIDE = frozenset(
    {*("time", "data", "eta", "speed", "mem", "memory", "max mem", "max_mem", "data_time", "epoch", "step", "iter")}
)


class Row(NamedTuple):
    """What one line says about one split."""

    line: int
    split: str
    values: list[tuple[str, float]]
    moment: Moment


@dataclass(slots=True)
class Told:
    """One pass over a text."""

    rows: list[Row] = field(default_factory=list)
    meanings: dict[tuple[str, str], Meaning | None] = field(default_factory=dict)
    percent: set[str] = field(default_factory=set)
    lines: int = 0
    _epoch: float | None = None
    _step: float | None = None
    _split: str = ""
    _pending: Row | None = None
    _unknown: set[str] = field(default_factory=set)
    _copied: Copypaste = field(default_factory=Copypaste)

    def line(self, number: int, written: str) -> None:
        """Take in one line."""
        self.lines += 1
        if written.lstrip().startswith('{"'):
            return  # JSON has formats of its own
        copied = self._copied.line(written)
        bare = _BARE.fullmatch(written) if copied is None else None
        if copied:
            for name, _ in copied:
                self.meanings.setdefault(("val", name), understand(name, "val"))
                self.percent.add(name)
            self._add(number, "val", copied, Moment(self._epoch, self._step))
        elif bare is not None:
            self._bare(number, bare)
        elif copied is None and not _TOLD.search(written):
            self._free(number, without_stamps(written))

    def _free(self, number: int, text: str) -> None:
        """A line in words."""
        moment = moment_of(text)
        found = self._understood(text)
        if not any(meaning.measure.name not in SILENT for *_, meaning in found if meaning is not None):
            self._heading(text, moment)
            if not self.rows and moment == Moment():
                return  # a rate without a moment, before anything was measured, is a setting
        if any(meaning is not None for *_, meaning in found):
            self._values(number, text, moment, found)

    def _heading(self, text: str, moment: Moment) -> None:
        """A line without a metric tells what the lines below it are about."""
        split = split_of(text) if len(text) <= LONGEST_HEADING else ""
        if moment.epoch is not None:
            self._flush()
            self._epoch, self._step, self._split = moment.epoch, moment.at, split
        elif moment.at is not None:
            self._step, self._split = moment.at, split or self._split
        elif split and not any(character.isdigit() for character in text):
            self._split = split

    def _understood(self, text: str) -> list[tuple[Pair, str, str, Meaning | None]]:
        """(pair, name, split, meaning) of each pair of a line."""
        found: list[tuple[Pair, str, str, Meaning | None]] = []
        default = self._split or "train"
        if _STARRED.search(text):  # the summary of an evaluation
            default = self._split or (self._pending.split if self._pending is not None else "val")
        for pair in pairs(text):
            split = pair.split or default
            meant = meaning_of(pair.name, split)
            if meant is not None:
                name, meaning = meant
                found.append((pair, name, meaning.metric.partition("/")[0], meaning))
            elif pair.said and self._may_be_shown(pair.name):
                found.append((pair, pair.name, split, None))
        return found

    def _may_be_shown(self, name: str) -> bool:
        """Whether a name that is not understood is kept: a text may hold any number of them."""
        if len(self._unknown) < MOST_UNKNOWN:
            self._unknown.add(name)
        return name in self._unknown

    def _values(
        self, number: int, text: str, moment: Moment, found: list[tuple[Pair, str, str, Meaning | None]]
    ) -> None:
        """Write down the values of a line, one row a split."""
        own = moment.epoch is not None or moment.at is not None
        if moment.epoch is not None:
            if moment.epoch != self._epoch:
                self._flush()
                self._step = None
            self._epoch = moment.epoch
            self._split = ""
        at = moment.at if own else (self._step if self._epoch is None else None)
        here = Moment(self._epoch if moment.epoch is None else moment.epoch, at, moment.of)
        if moment.at is not None and self._epoch is None:
            self._step = moment.at
        rows: dict[str, list[tuple[str, float]]] = {}
        for pair, name, split, meaning in found:
            if name.lower() in _ASIDE:
                continue
            value = pair.mean if split != "train" and pair.mean is not None else pair.value
            self.meanings.setdefault((split, name), meaning)
            if pair.percent:
                self.percent.add(name)
            rows.setdefault(split, []).append((name, value))
        progress = not own and _PROGRESS.search(text) is not None
        for split in sorted(rows, key=lambda one: one != "train"):
            self._add(
                number,
                split,
                rows[split],
                here if split == "train" or moment.of is None else here._replace(of=None),
                progress=progress,
            )

    def _bare(self, number: int, match: re.Match[str]) -> None:
        """`250 val 6.5`, as build-nanogpt writes."""
        word, value = match["split"], _float(match["value"])
        if value is not None:
            name, split = ("hella acc", "val") if word == "hella" else (f"{word} loss", split_of(word))
            measure = "val acc" if word == "hella" else name
            self.meanings.setdefault((split, name), (meaning_of(measure, split) or (None, None))[1])
            self._add(number, split, [(name, value)], Moment(None, float(match["at"])))

    def _add(
        self, number: int, split: str, values: list[tuple[str, float]], moment: Moment, *, progress: bool = False
    ) -> None:
        row = Row(number, split, values, moment)
        if progress and split != "train":
            self._pending = row  # an evaluation on its way: the next line may know better
            return
        if split == "train" or (self._pending is not None and self._pending.split != split):
            self._flush()
        if self._pending is not None:
            names = {self.meanings.get((split, name)) for name, _ in values}
            more = [
                (name, value) for name, value in self._pending.values if self.meanings.get((split, name)) not in names
            ]
            row = row._replace(values=[*values, *more])
            self._pending = None
        self.rows.append(row)

    def _flush(self) -> None:
        if self._pending is not None:
            self.rows.append(self._pending)
            self._pending = None

    def done(self) -> list[Row]:
        """The rows that have a moment; an evaluation that may still be on its way is left for next time."""
        return [row for row in self.rows if row.moment.epoch is not None or row.moment.at is not None]


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
