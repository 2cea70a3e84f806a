"""`defib train` with a fault in it: `python -m bench.loop.train FAULT RECIPE [key=value ...]`.

With `--home DIR` it is a restart of the run `DIR/alone`, and gets the epochs that are left of what every arm may spend.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bench.loop.faults import EPOCHS, FAULTS, HEALTHY, Fault, Part
from defib import pipeline
from defib.action.data.sets import train_and_val
from defib.action.naming import taxonomy_of
from defib.action.training import recipe as recipes
from defib.action.training.callbacks import Callback, Stop
from defib.action.training.loop import Trainer
from defib.errors import DefibError
from defib.launching.journal import Journal
from defib.supervision.orders import epochs

if TYPE_CHECKING:
    from defib.action.training.recipe import Recipe

SEEN = "seen.json"


class Until(Callback):
    """Stop where the user does, to change something and resume."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def after_checkpoint(self, trainer: Trainer, folder: Path) -> None:
        """The checkpoint of the epoch is on the disk."""
        if trainer.epoch >= self.epoch and folder.name == "last":
            raise Stop


def main() -> None:
    """Train; a fault that begins at a resume trains in two parts."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("fault", choices=(*FAULTS, *HEALTHY))
    asked.add_argument("recipe")
    asked.add_argument("words", nargs="*")
    asked.add_argument("--home", type=Path)
    given = asked.parse_intermixed_args()
    healthy = HEALTHY.get(given.fault)
    fault = FAULTS[given.fault] if healthy is None else Fault(words=healthy.words, resumed=healthy.resumed)
    if given.home is not None:
        words = (*given.words, *_left(given.home, recipes.read(given.recipe, given.words)))
        _train(fault, recipes.read(given.recipe, words), None, restarted=True)
        return
    first = recipes.read(given.recipe, (*fault.words, *given.words))
    if fault.resumed is None:
        _train(fault, first, None)
        return
    _train(fault, first, None, Until(fault.resumed))
    then = recipes.read(given.recipe, (*fault.words, *given.words, *fault.then, "resume=true"))
    _train(fault, then, first)


def _train(fault: Fault, recipe: Recipe, before: Recipe | None, *callbacks: Callback, restarted: bool = False) -> None:
    clips = train_and_val(recipe.data, taxonomy_of(recipe.taxonomy), seed=recipe.seed)
    made = fault.make(Part(recipe, before, restarted, *clips))
    ending = Trainer(recipe, made.train, made.val, (*made.callbacks, *callbacks)).run()
    sys.stderr.write(f"{ending}\n")


def _left(home: Path, recipe: Recipe) -> tuple[str, ...]:
    """As many epochs as are left, unless the plan asks for another number than the run had."""
    if recipe.train.max_epochs != EPOCHS:
        return ()
    seen = json.loads((home / SEEN).read_text(encoding="utf-8"))
    spent = 0.0
    for entry in Journal(home / "alone").entries():
        if entry.kind == "end" and entry.work_dir is not None:
            try:
                spent += epochs(pipeline.open_run(Path(entry.work_dir)))
            except DefibError:  # it logged nothing
                continue
    return (f"train.max_epochs={max(EPOCHS - int(seen) - int(spent), 1)}",)


if __name__ == "__main__":
    main()
