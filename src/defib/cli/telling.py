"""`defib demo --live`: the story as it goes, then one table and one picture."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from defib.cli.telling_phrases import SAYS
from defib.demo.story import EPOCHS, NAMES, live
from defib.errors import CannotWrite
from defib.reports.inert import clean
from defib.words import in_unit, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from defib.demo.story import Story
    from defib.words import Language, Words

RELAPSED = 1


def tell(out: Path, seed: int, language: Language, changes: tuple[str, ...] = ()) -> int:
    """Live through the story in a folder; returns 0 where the run was rescued or never collapsed, 1 else.

    Raises CannotWrite, LaunchRefused.
    """
    from defib import rewriting
    from defib.demo.drawn import png

    home = out / f"live-{seed}"
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(path=home, reason=same(error.strerror or str(error))) from None
    with _progress(language) as (told, went):
        story = live(home, seed, told, went, changes)
    _table(story, language)
    picture = home / "story.png"
    rewriting.overwrite(picture, png(story), kept=[])
    typer.echo(SAYS["picture"].fill(path=picture).said(language))
    if story.case is not None and "page" in story.case.written:
        typer.echo(SAYS["report"].fill(path=story.case.written["page"]).said(language))
    return RELAPSED if story.outcome not in (None, "recovered") else 0


def _table(story: Story, language: Language) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    grid = Table(box=box.SIMPLE_HEAD)
    for number, head in enumerate(("arm", "spent", "best", "final")):
        grid.add_column(SAYS[head].said(language), justify="right" if number else "left")
    for arm in story.arms:
        cells = (str(arm.first + len(arm.scores)), in_unit(arm.best, "%"), in_unit(arm.final, "%"))
        grid.add_row(NAMES[arm.name].said(language), *cells, style="bold" if arm.name == "rescued" else "")
    Console().print(grid)
    typer.echo(SAYS["held-out"].fill(epochs=EPOCHS).said(language))


@contextmanager
def _progress(language: Language) -> Iterator[tuple[Callable[[Words], None], Callable[[Mapping[str, int]], None]]]:
    """What happens as lines; where somebody watches, a bar for each training below them."""
    if not sys.stdout.isatty():
        yield (lambda words: typer.echo(clean(words.said(language)))), (lambda _: None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.text import Text

    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=Console(), transient=True
    ) as bars:
        tasks: dict[str, object] = {}

        def went(done: Mapping[str, int]) -> None:
            for name, epochs in done.items():
                if name not in tasks:
                    tasks[name] = bars.add_task(NAMES[name].said(language), total=EPOCHS)
                bars.update(tasks[name], completed=epochs)  # type: ignore[arg-type]

        yield (lambda words: bars.console.print(Text(clean(words.said(language))))), went
