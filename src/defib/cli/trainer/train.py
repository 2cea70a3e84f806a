"""`defib train`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from defib.cli.trainer.bars import bar
from defib.cli.trainer.needed import trainer as needs_trainer
from defib.cli.trainer.phrases import SAYS

if TYPE_CHECKING:
    from pathlib import Path

    from defib.action.training.loop import Trainer
    from defib.cli.trainer.showing import Showing
    from defib.words import Language

SIGNALLED = 128
"""A shell's exit code of a process that a signal ended is this plus the signal's number."""


def train(recipe: str, changes: list[str], tongue: Language) -> int:
    """Train to the end, or until a signal; returns the exit code."""
    with needs_trainer():
        from defib.action.data.sets import train_and_val
        from defib.action.naming import taxonomy_of
        from defib.action.training import recipe as recipes
        from defib.action.training.loop import Trainer
        from defib.cli.trainer.inside import Inside
        from defib.cli.trainer.showing import Showing

        asked = recipes.read(recipe, changes)
        with bar(SAYS["drawing"].said(tongue)) as progress:
            clips, held_out = train_and_val(
                asked.data,
                taxonomy_of(asked.taxonomy),
                seed=asked.seed,
                test_clips=asked.evaluate.clips,
                progress=progress,
            )
        showing = Showing(tongue)
        trainer = Trainer(asked, clips, held_out, [showing, Inside()])
        ending = trainer.run()
    if trainer.built.main:
        _told(trainer, showing, ending, tongue)
    return 0 if trainer.signal is None else SIGNALLED + trainer.signal


def _told(trainer: Trainer, showing: Showing, ending: str, tongue: Language) -> None:
    """What became of it."""
    if ending != "finished":
        showing.said(ending, epoch=f"{trainer.position:.2f}")
    showing.curves()
    showing.best(trainer)
    if showing.rows:
        _drawn(trainer.folder, showing, tongue)


def _drawn(folder: Path, showing: Showing, tongue: Language) -> None:
    """The curves as a picture in the work directory, drawn by what will judge the run."""
    from defib import pipeline
    from defib.reports.illustrated import first_svg
    from defib.rewriting import overwrite

    picture = first_svg([pipeline.diagnose(pipeline.open_run(folder, pipeline.Asked(), text=None))], tongue)
    if picture is None:
        return
    path = folder / "scores.svg"
    overwrite(path, picture, kept=[])
    showing.said("curves", picture=path, work_dir=folder)
    sys.stdout.flush()
