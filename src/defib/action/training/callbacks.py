"""What may watch a training, and act on it, at every turn. A callback overrides what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from defib.action.model import LossParts
    from defib.action.training.loop import Trainer
    from defib.action.training.optim import Norms


class Callback:
    """Called by the trainer on every process, always in this order. Raising `Stop` ends the training cleanly."""

    def before_training(self, trainer: Trainer) -> None:
        """Everything is built and filled; nothing was evaluated yet."""

    def before_step(self, trainer: Trainer) -> None:
        """The rate of the step is set."""

    def after_backward(self, trainer: Trainer, parts: LossParts, norms: Norms) -> None:
        """Gradients are there and clipped; weights have not moved."""

    def after_step(self, trainer: Trainer) -> None:
        """Weights have moved."""

    def after_evaluation(self, trainer: Trainer, values: dict[str, float]) -> None:
        """Held-out values by metric name, in per cent where they are shares."""

    def after_checkpoint(self, trainer: Trainer, folder: Path) -> None:
        """A checkpoint is safely on the disk."""

    def after_training(self, trainer: Trainer) -> None:
        """The last thing that is called, however training ended."""


class Stop(Exception):
    """Raised by a callback: save, and leave."""
