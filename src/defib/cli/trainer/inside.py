"""What the hooks look at, in the trainer: its rhythm, its log, and nothing twice that it measures itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.action.training.callbacks import Callback
from defib.hooks.arriving import Arriving
from defib.hooks.batchnorms import BatchNorms
from defib.hooks.branches import Branch, branches_of
from defib.hooks.features import Features
from defib.hooks.guesses import Guesses

if TYPE_CHECKING:
    from defib.action.model import LossParts
    from defib.action.training.loop import Trainer
    from defib.action.training.optim import Norms


class Inside(Callback):
    """Features, predictions and BatchNorm of each stream at the steps at which the trainer samples how far weights move.

    Gradients, losses, rates, clipping and updates are the trainer's own. Nothing of the training changes.
    """

    def __init__(self) -> None:
        """Nothing is looked at before training begins."""
        self._looks: tuple[Features | Guesses | BatchNorms, ...] = ()
        self._arriving = Arriving()
        self._looking = False

    def before_training(self, trainer: Trainer) -> None:
        """Find where to look."""
        recognizer = trainer.built.recognizer
        given = {stream: [one for _, one in members] for stream, members in trainer.built.branches.items()}
        branches = branches_of(recognizer, given)
        heads = dict(recognizer.cls_head.named_modules())
        fine = [Branch(stream, (), (heads[f"fc_{stream}"],)) for stream in given if f"fc_{stream}" in heads]
        self._looks = (Features(branches), Guesses(fine), BatchNorms(branches))

    def before_step(self, trainer: Trainer) -> None:
        """Look on from here, where this step is one to be sampled."""
        self._looking = trainer.step % trainer.recipe.train.sample_every == 0
        if self._looking:
            for look in self._looks:
                look.begin()

    def after_backward(self, trainer: Trainer, parts: LossParts, norms: Norms) -> None:  # noqa: ARG002 (as `Callback` has it)
        """What was seen is on its way."""
        if self._looking:
            found = {name: value for look in self._looks for name, value in look.end().items()}
            self._arriving.send(trainer.step, list(found), list(found.values()))

    def after_step(self, trainer: Trainer) -> None:
        """What has arrived goes into the next line of the log."""
        for _, values in self._arriving.arrived():
            trainer.measured.update(values)
