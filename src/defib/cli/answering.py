"""Hands the answer over: to the terminal, as Markdown, HTML or JSON, to a file."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from defib.cli.phrases import SAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from defib.records import Case
    from defib.words import Language

WIDE = 120  # columns of a text that goes to a file
DRAWN = ("md", "html", "png", "svg")
SUFFIXES = {
    ".png": "png",
    ".svg": "svg",
    ".md": "md",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".jsonl": "json",
}


def answer(cases: Sequence[Case], language: Language, *, form: str | None, output: Path | None) -> None:
    """Print or write the answer for one run or several.

    Several runs: JSON gives one Case a line; text ends with an overview.

    Raises CannotWrite when the file cannot be written.
    """
    chosen = form or (SUFFIXES.get(output.suffix, "text") if output is not None else "text")
    if output is None and chosen == "text":
        _show(cases, language, sys.stdout)
        return
    if output is None:
        with _working(language, long=chosen in DRAWN):
            text = _content(cases, language, chosen)
        assert isinstance(text, str)  # a picture is asked for by the name of its file only
        sys.stdout.write(text)
        return
    from defib import rewriting

    kept = [path for case in cases for path in _read(case)]
    with _working(language, long=chosen in DRAWN):
        illustrated = chosen == "md"
        content = _illustrated(cases, language, output, kept) if illustrated else _content(cases, language, chosen)
    rewriting.overwrite(output, content, kept=kept)
    sys.stderr.write(SAYS["written"].fill(path=output).said(language) + "\n")


def expanded(names: Sequence[str]) -> list[str]:
    """The runs that the arguments name; a folder that holds runs but is none itself stands for all of them."""
    from defib import reading

    found: list[str] = []
    for name in names:
        inside = [] if name == "-" else reading.runs_below(Path(name))
        found += [str(path) for path in inside] or [name]
    return found


@contextmanager
def copying(language: Language) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar for the copy of the weights, where somebody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(SAYS["copying"].said(language), start=True, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def _working(language: Language, *, long: bool) -> Iterator[None]:
    """A sign of life while the pictures are drawn, where somebody watches."""
    if not long or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(SAYS["drawing"].said(language)):
        yield


def _read(case: Case) -> list[Path]:
    """What a Case was made from: the folder or file of the run, and its config."""
    return [Path(case.run.path), *([Path(case.run.config.path)] if case.run.config else [])]


def _show(cases: Sequence[Case], language: Language, stream: object) -> None:
    from rich.console import Console

    from defib import reports

    width = None if stream is sys.stdout else WIDE
    console = Console(file=stream, width=width)  # type: ignore[arg-type]  # any text stream
    for case in cases:
        console.print(reports.terminal(case, language))
    if len(cases) > 1:
        console.print(reports.overview(cases, language))


def _illustrated(cases: Sequence[Case], language: Language, output: Path, kept: Sequence[Path]) -> str:
    """The Markdown document, after its pictures were put beside it.

    Raises CannotWrite.
    """
    from defib import rewriting
    from defib.errors import CannotWrite
    from defib.reports.illustrated import document
    from defib.words import same

    folder = output.with_name(f"{output.stem}.pictures")
    text, pictures = document(cases, language, folder.name)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise CannotWrite(path=folder, reason=same(error.strerror or str(error))) from None
    for file, svg in pictures.items():
        rewriting.overwrite(folder / file, svg, kept=kept)
    return text


def _content(cases: Sequence[Case], language: Language, form: str) -> str | bytes:
    """The whole answer in one form.

    Raises NothingToDraw when a picture is wanted of a run without curves.
    """
    if form in ("png", "svg"):
        return _drawn(cases, language, form)
    from defib import reports
    from defib.records import to_json
    from defib.reports.markdown import MARK

    if form == "json":
        return "".join(to_json(case).decode() + "\n" for case in cases)
    if form == "html":
        from defib.livepage import livepage

        return livepage(cases, language)
    if form == "md":
        return "\n".join([MARK, *(reports.markdown(case, language) for case in cases)])
    from io import StringIO

    stream = StringIO()
    _show(cases, language, stream)
    return stream.getvalue()


def _drawn(cases: Sequence[Case], language: Language, form: str) -> str | bytes:
    from defib.errors import NothingToDraw
    from defib.reports.illustrated import first_png, first_svg

    picture = first_svg(cases, language) if form == "svg" else first_png(cases)
    if picture is None:
        raise NothingToDraw(path=cases[0].run.path)
    return picture
