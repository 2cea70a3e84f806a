"""Faults of a training, each a small thing: words of the recipe, a second part after a resume, a callback, or data that are changed.

A fault sits where its user would have it, in the recipe or in the code, and stays there after a restart: nobody takes it out for
the rescue. What happens "on resume" happens again when a run is resumed, and not when weights are loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defib.action.training import optim, schedule
from defib.action.training.callbacks import Callback

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.action.training.feeding import Clips
    from defib.action.training.loop import Trainer
    from defib.action.training.recipe import Recipe

RECIPE = "synth_micro_aggressive"
EPOCHS = 26
CLEAN = ("schedule.ramp=null",)
"""The recipe's clean twin: network, data, losses and rate of the recipe, with a cosine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong, and from when on."""

    words: tuple[str, ...] = ()
    """Of the recipe from the first epoch on."""
    resumed: int | None = None
    """Epoch at which the run is stopped and resumed."""
    then: tuple[str, ...] = ()
    """Words of the recipe from then on."""
    callback: Callable[[Recipe, Recipe], Callback] | None = None
    """Of the part that is resumed. Given the recipes before and after."""
    data: Callable[[Clips, Clips], tuple[Clips, Clips]] | None = None
    """Wraps training and held-out clips."""
    restart: bool = True
    """Whether a restart can help."""


class Since:
    """Clips that are changed from an epoch on; the dataset of a restart is changed from its first."""

    def __init__(self, clips: Clips, since: int, change: Callable[[dict[str, Any], int], dict[str, Any]]) -> None:
        self.clips, self.since, self.change = clips, since, change
        self.epoch = 0

    def __len__(self) -> int:
        return len(self.clips)

    def set_epoch(self, epoch: int) -> None:
        """Which epoch the random numbers are for."""
        self.epoch = epoch
        self.clips.set_epoch(epoch)

    def __getitem__(self, index: int) -> dict[str, Any]:
        clip = dict(self.clips[index])
        return self.change(clip, index) if self.epoch >= self.since else clip
