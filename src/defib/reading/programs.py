"""What the logs that programs write have in common: a CSV with one heading, the words for measures, one run a file."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from defib.errors import NothingReadable
from defib.metrics import Meaning
from defib.reading import found
from defib.reading.jsonlines import HALF
from defib.reading.segments import Session, chain
from defib.records import Run
from defib.spellings import SPELLED, words_of
from defib.understanding import understand
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from defib.reading.ledger import Ledger
    from defib.reading.segments import Chain
    from defib.reading.source import Source

LONGEST = 100_000  # characters; no heading is longer
LONGEST_CELL = 60  # characters; no program writes a longer number
LONGEST_NAME = 200  # characters; the patterns are slow on long names

ODD = Words(
    en="{file}: {count} lines do not have the columns of the heading and were skipped, the first at line {line}",
    zh="{file}：有 {count} 行与表头的列不符，已跳过，首次出现在第 {line} 行",
)

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:nan|inf(?:inity)?)", re.IGNORECASE | re.ASCII)


class Sheet(NamedTuple):
    """One CSV: the names of its columns and its rows, each with its line number."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]
    notes: tuple[Words, ...]


def headings(source: Source) -> list[str]:
    """The names of the columns, from the beginning of the text; empty when the first line is not whole."""
    line, ending, _ = source.head.partition(b"\n")
    if not ending or len(line) > LONGEST or b"," not in line:
        return []
    return _cells(line.decode("utf-8", "replace"))


def first_row(source: Source) -> list[str]:
    """The cells of the first row below the heading, as far as the beginning of the text shows them."""
    lines = source.head.split(b"\n", 2)
    return _cells(lines[1].decode("utf-8", "replace")) if len(lines) > 2 else []  # noqa: PLR2004 (heading, row, rest)


def sheet(source: Source) -> Sheet:
    """Every row that is whole and has the columns of the heading; a heading that occurs again is passed over."""
    lines = source.text.split("\n")
    names = _cells(lines[0])
    rows, odd, notes = [], [], []
    if source.unfinished:
        notes.append(HALF.fill(file=source.name))  # even a last number may go on
    for line, text in enumerate(lines[1:-1], start=2):
        cells = _cells(text) if len(text) <= LONGEST else []
        if len(cells) == len(names):
            if cells != names:
                rows.append((line, cells))
        elif text.strip():
            odd.append(line)
    if odd:
        notes.append(ODD.fill(file=source.name, count=len(odd), line=odd[0]))
    return Sheet(names, rows, tuple(notes))


def number(cell: str) -> float | None:
    """The number in a cell; None when it is empty or holds anything else.

    >>> number("0.5"), number("nan"), number(""), number("1_000"), number("[1, 2]")
    (0.5, nan, None, None, None)
    """
    return float(cell) if len(cell) <= LONGEST_CELL and _NUMBER.fullmatch(cell) else None


def meant(split: str, word: str, branch: str | None = None) -> Meaning | None:
    """What a measure's usual name means in a split, or None when it is not known.

    >>> meant("val", "accuracy").key, meant("train", "loss", "aux").key, meant("val", "vibes")
    ('val/top1', 'train/loss/aux', None)
    """
    measure = next((SPELLED[one] for one in words_of(word) if one in SPELLED), None)
    if measure is None:
        return None
    metric = f"{split}/{measure.name}"
    return Meaning(f"{metric}/{branch}" if branch else metric, metric, branch, measure)


def wholes_first(meanings: Mapping[str, Meaning | None]) -> list[str]:
    """The names in the order in which they are written down: what is of the whole model before its parts."""
    return sorted(meanings, key=lambda name: (meaning := meanings[name]) is not None and meaning.branch is not None)


def only(sources: Sequence[Source]) -> Source:
    """The one log among the files of a folder; copies of it do not count.

    Raises NothingReadable when the files differ: several runs would be mixed.
    """
    ordered = sorted(sources, key=lambda source: (source.name.count("/"), source.name))
    first = ordered[0]
    if all(other.data == first.data for other in ordered[1:]):
        return first
    raise several(ordered)


def in_one_folder(sources: Sequence[Source]) -> list[Source]:
    """The logs of one run, whose processes each left a file, by name.

    Raises NothingReadable when they stand in different folders: several runs would be mixed.
    """
    ordered = sorted(sources, key=lambda source: source.name)
    if len({source.name.rpartition("/")[0] for source in ordered}) > 1:
        raise several(ordered)
    return ordered


def several(sources: Sequence[Source]) -> NothingReadable:
    """What to say of several runs in one place."""
    path = sources[0].path or Path(sources[0].name)
    place = path.parents[min(sources[0].name.count("/"), len(path.parents) - 1)]
    return NothingReadable(path=place, looked=found.ONE_RUN, found=found.several([one.name for one in sources]))


def run_of(
    framework: str,
    source: Source,
    ledger: Ledger,
    meanings: Mapping[str, Meaning | None],
    *,
    notes: Sequence[Words] = (),
) -> Run:
    """The run that one table holds; where the epoch goes back, the last start is judged."""
    return run_from(framework, source, ledger, meaning=lambda raw, _split: meanings.get(raw), notes=notes, tabular=True)


def run_from(  # noqa: PLR0913 (what a run is made of, by name)
    framework: str,
    source: Source,
    ledger: Ledger,
    *,
    meaning: Callable[[str, str], Meaning | None] = understand,
    percent: Callable[[str], bool] = lambda raw: False,  # noqa: ARG005 (as in Ledger.series)
    notes: Sequence[Words] = (),
    tabular: bool = False,
) -> Run:
    """The run that one file holds; where its clock goes back, the last start is judged.

    meaning: what a name means in a split. percent: whether a name's shares are in per cent already. tabular: a row of
    the file is an epoch, as in a table.
    """
    whole = chain(ledger, [Session(0, source.name)] if len(ledger) else [], tabular=tabular)
    return assembled(framework, [source.name], ledger, whole, meaning=meaning, percent=percent, notes=notes)


def assembled(  # noqa: PLR0913 (what a run is made of, by name)
    framework: str,
    files: Sequence[str],
    ledger: Ledger,
    whole: Chain,
    *,
    meaning: Callable[[str, str], Meaning | None] = understand,
    percent: Callable[[str], bool] = lambda raw: False,  # noqa: ARG005 (as in Ledger.series)
    single_batch: frozenset[str] = frozenset(),
    notes: Sequence[Words] = (),
) -> Run:
    """The run that a ledger and its starts come to; what else a format knows is put in by the format.

    files: the names that the places of the ledger count. notes: what was said while reading; it comes first.
    """
    series, unknown, doubled = ledger.series(whole.kept, meaning=meaning, percent=percent, single_batch=single_batch)
    return Run(
        framework=framework,
        path="",
        files=tuple(files),
        records=whole.records,
        series=series,
        segments=whole.segments,
        not_understood=unknown,
        notes=(*notes, *whole.notes, *doubled),
    )


def _cells(line: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line.rstrip("\r")]), [])]
    except csv.Error:
        return []
