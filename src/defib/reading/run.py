"""A work directory, a log, a table or a document in, a Run out."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from defib import catalogue, metrics
from defib.errors import NoPoints, NoSuchPath, NotACase, NothingReadable
from defib.reading import formats
from defib.reading.format import Format
from defib.reading.named import SUFFIXES, checkpoints
from defib.reading.rows import Pieces, at_file, series_of
from defib.reading.segments import joined
from defib.reading.source import Source, source_of
from defib.records import Case, Launch, Run, from_json
from defib.words import Words, same

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOKED = Words(
    en="an mmengine work directory (vis_data/scalars.json, a console log), defib's metrics.jsonl, or a table with an epoch column",
    zh="mmengine 工作目录（vis_data/scalars.json 或控制台日志）、defib 的 metrics.jsonl，或带有轮次列的表格",
)
EMPTY = Words(en="an empty directory", zh="空目录")
EMPTY_FILE = Words(en="an empty file", zh="空文件")
FILES = Words(en="{count} files ({names})", zh="{count} 个文件（{names}）")
TEXT = Words(en="{size} bytes that begin with {start!s}", zh="{size} 字节，开头为 {start!s}")
DENIED = Words(en="something that cannot be opened ({reason})", zh="无法打开的内容（{reason}）")
LOGS = (".json", ".jsonl", ".log", ".txt", ".md", ".csv", ".tsv")
LARGEST = 4 << 30  # bytes; assumed: no text log is larger
DEPTH = ("*", "*/*", "*/*/*")
MOST = 5000
STAMP = re.compile(r"^\d{8}_\d{6}$")


@cache
def all_formats() -> dict[str, Format]:
    """Every log format, by name."""
    return catalogue.entries(formats, Format)


def read(
    path: Path | None, *, text: str | None = None, name: str = "-", observed_at: float | None = None
) -> Run:
    """Read a run.

    path: a work directory, one log, a table or document, a saved Case; None with `text` for standard input.
    observed_at: the time of reading, Unix seconds.

    Raises NoSuchPath, NothingReadable, NoPoints or NotACase.
    """
    if path is None:
        return _from_sources([Source(name, text or "")], name, None, observed_at)
    try:
        if path.is_dir():
            return _from_directory(path, observed_at)
        if not path.exists():
            raise NoSuchPath(path=path)
        case = read_case(path)
        if case is not None:
            return case.run
        return _from_sources([source_of(path)], str(path), path.parent, observed_at)
    except OSError as error:
        reason = DENIED.fill(reason=error.strerror or str(error))
        raise NothingReadable(path=path, looked=LOOKED, found=reason) from None


def read_case(path: Path) -> Case | None:
    """A saved Case, or None when the file is something else.

    Raises NotACase when it looks like one but does not fit.
    """
    with path.open("rb") as file:
        head = file.read(256).lstrip()
    if not head.startswith(b'{"run":') and b'"verdict"' not in head:
        return None
    try:
        case: Case = from_json(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotACase(path=path, reason=same(str(error))) from None
    return case


def find_config(folder: Path) -> Path | None:
    """The config of a work directory: the copy at its top, else the newest dump in vis_data."""
    top = sorted(path for path in folder.glob("*.py") if path.is_file() and "_rescue" not in path.stem)
    if top:
        return max(top, key=lambda path: path.stat().st_mtime)
    dumped = [path for pattern in ("vis_data/config.py", "*/vis_data/config.py", "config.py") for path in folder.glob(pattern)]
    return max(dumped, key=lambda path: path.parent.parent.name, default=None)


def runs_below(folder: Path) -> list[Path]:
    """The work directories right below a folder that is none itself; empty when it is one, or has none."""
    if not folder.is_dir() or _logs(folder):
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir() and _logs(path))


def _from_directory(folder: Path, observed_at: float | None) -> Run:
    files = _logs(folder)
    if not files:
        raise NothingReadable(path=folder, looked=LOOKED, found=_inventory(folder))
    sources = [source_of(path, path.relative_to(folder).as_posix()) for path in files]
    return _from_sources(sources, str(folder), folder, observed_at)


def _logs(folder: Path) -> list[Path]:
    """The logs of a work directory in order of time: of mmengine's duplicates one each, otherwise defib's own."""
    own = folder / "metrics.jsonl"
    if own.is_file():
        return [own]
    stamps = [folder, *sorted(path for path in folder.iterdir() if path.is_dir() and STAMP.match(path.name))]
    found: list[Path] = []
    for stamp in stamps:
        vis = stamp if stamp.name == "vis_data" else stamp / "vis_data"
        scalars = [path for path in (vis / "scalars.json", *sorted(vis.glob("*.json"))) if path.is_file()]
        found += scalars[:1]
        found += sorted(path for path in stamp.glob("*.log") if path.is_file())
    return [path for path in found if path.stat().st_size <= LARGEST]


def _from_sources(sources: Sequence[Source], path: str, folder: Path | None, observed_at: float | None) -> Run:
    taken = [(source, form, form.read(source)) for source in sources if (form := _format(source)) is not None]
    if not taken:
        raise NothingReadable(path=path, looked=LOOKED, found=_described(sources))
    numbers = [one for one in taken if one[1].name != "mm_console"] or taken
    stretches = [
        (source.name, [at_file(row, _index(taken, source)) for row in pieces.rows]) for source, _, pieces in numbers
    ]
    rows, segments, notes = joined(stretches) if numbers[0][1].framework == "mmengine" else (stretches[0][1], (), [])
    merged = _merged([pieces for *_, pieces in numbers], [pieces for *_, pieces in taken])
    series, unknown = series_of(rows, merged)
    if not series:
        lines = sum(pieces.lines for *_, pieces in taken)
        raise NoPoints(path=path, format=taken[0][1].says, lines=lines)
    console = [pieces for *_, pieces in taken if pieces.launch is not None]
    events = tuple(event for *_, pieces in taken for event in pieces.events)
    return Run(
        framework=taken[0][1].framework,
        path=path,
        files=tuple(source.name for source, *_ in taken),
        series=series,
        records=len(rows),
        observed_at=observed_at,
        segments=segments,
        events=events,
        checkpoints=() if folder is None or not Path(path).is_dir() else checkpoints(folder, events),
        launch=(console[-1].launch if console else None) or Launch(),
        tracked=next((pieces.tracked for *_, pieces in reversed(taken) if pieces.tracked), None),
        deciding=metrics.deciding([one.key for one in series]),
        seconds_per_epoch=next((p.seconds_per_epoch for *_, p in reversed(taken) if p.seconds_per_epoch), None),
        not_understood=unknown,
        notes=(*(note for *_, pieces in taken for note in pieces.notes), *notes),
    )


def _format(source: Source) -> Format | None:
    return next((form for form in all_formats().values() if form.recognises(source)), None)


def _index(taken: list[tuple[Source, Format, Pieces]], source: Source) -> int:
    return next(index for index, (one, *_) in enumerate(taken) if one is source)


def _merged(numbers: list[Pieces], everything: list[Pieces]) -> Pieces:
    return Pieces(
        percent=frozenset().union(*(pieces.percent for pieces in numbers)),
        known={name: key for pieces in numbers for name, key in pieces.known.items()},
        ignored=frozenset().union(*(pieces.ignored for pieces in everything)),
        single_batch=any(pieces.single_batch for pieces in numbers),
    )


def _described(sources: Sequence[Source]) -> Words:
    first = sources[0]
    if not first.text.strip():
        return EMPTY_FILE
    return TEXT.fill(size=len(first.text), start=repr(first.text[:40]))


def _inventory(folder: Path) -> Words:
    found: list[str] = []
    for pattern in DEPTH:
        found += [path.relative_to(folder).as_posix() for path in folder.glob(pattern) if path.is_file()]
        if len(found) > MOST:
            break
    if not found:
        return EMPTY
    names = ", ".join(sorted(found)[:3]) + (", ..." if len(found) > 3 else "")  # noqa: PLR2004 (three names will do)
    return FILES.fill(count=len(found), names=names)


__all__ = ["LOGS", "SUFFIXES", "all_formats", "find_config", "read", "read_case", "runs_below"]
