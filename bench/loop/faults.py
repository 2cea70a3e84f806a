"""Faults of a training, each a small thing: words of the recipe, a second part after a resume, clips that are changed.

A fault sits where its user would have it, in the recipe or in the code, and stays there after a restart: nobody takes it out for
the rescue. What happens when a run is resumed does not happen when weights are loaded. Severities were chosen on seeds 100 to 104.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from defib.action.training import optim, schedule
from defib.action.training.callbacks import Callback

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from defib.action.model import LossParts, Outputs
    from defib.action.training.feeding import Clips
    from defib.action.training.loop import Trainer
    from defib.action.training.recipe import Recipe

RECIPE = "synth_micro_aggressive"
EPOCHS = 26
CLEAN = ("schedule.ramp=null",)
"""The clean twin: network, data, losses and rate of the recipe, with a cosine."""


class Part(NamedTuple):
    """A piece of a training, from its start or a resume to its end."""

    recipe: Recipe
    before: Recipe | None
    """The recipe of the part before, where this one is resumed."""
    restarted: bool
    """Whether it begins from a checkpoint of the faulty run, as a rescue does."""
    train: Clips
    val: Clips


class Made(NamedTuple):
    """What a fault makes of a part."""

    train: Clips
    val: Clips
    callbacks: tuple[Callback, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong, and from when on."""

    recipe: str = RECIPE
    words: tuple[str, ...] = CLEAN
    """Of the recipe from the first epoch on."""
    resumed: int | None = None
    """Epoch at which the run is stopped and resumed."""
    then: tuple[str, ...] = ()
    """Words of the recipe from then on."""
    make: Callable[[Part], Made] = lambda part: Made(part.train, part.val)
    restart: bool = True
    """Whether a restart can help."""
    clean: tuple[str, ...] | None = None
    """Words of the clean twin; those of the first part by default."""

    @property
    def twin(self) -> tuple[str, ...]:
        """Words of the same training without the fault."""
        return self.words if self.clean is None else self.clean


class Changed:
    """Clips of which some are changed while `on` is set."""

    def __init__(self, clips: Clips, change: Callable[[dict[str, Any], int], dict[str, Any]], *, on: bool) -> None:
        self.clips, self.change, self.on = clips, change, on

    def __len__(self) -> int:
        return len(self.clips)

    def set_epoch(self, epoch: int) -> None:
        """Which epoch the random numbers are for."""
        self.clips.set_epoch(epoch)

    def __getitem__(self, index: int) -> dict[str, Any]:
        clip = dict(self.clips[index])
        return self.change(clip, index) if self.on else clip


class On(Callback):
    """Switches changed clips on when an epoch begins."""

    def __init__(self, clips: Changed, since: int) -> None:
        self.clips, self.since = clips, since

    def before_step(self, trainer: Trainer) -> None:
        """Look at the epoch."""
        self.clips.on = self.clips.on or trainer.epoch >= self.since


class Rates(Callback):
    """A scheduler that goes its own way: the rate of each step is `of(trainer)`."""

    def __init__(self, of: Callable[[Trainer], float]) -> None:
        self.of = of

    def before_step(self, trainer: Trainer) -> None:
        """Overrule the recipe."""
        for group in trainer.built.optimizer.param_groups:
            group["lr"] = self.of(trainer)


def stale(part: Part) -> Made:
    """The scheduler's state comes back with the checkpoint: the rate is that of the recipe before, whatever this one asks for."""
    old = part.before
    if old is None:
        return Made(part.train, part.val)

    def rate(trainer: Trainer) -> float:
        share = schedule.share(old.schedule, trainer.step, trainer.built.steps_per_epoch, old.train.max_epochs)
        return optim.peak_rate(old.optim, old.train.batch) * share

    return Made(part.train, part.val, (Rates(rate),))


def anew(part: Part) -> Made:
    """The warm-up begins again and leads back to the peak; the milestone lies behind, and is never met again (as in torch's MultiStepLR)."""
    if part.before is None:
        return Made(part.train, part.val)
    first: list[int] = []

    def rate(trainer: Trainer) -> float:
        first.append(trainer.step)
        asked = part.recipe
        warm = asked.schedule.warmup_epochs * trainer.built.steps_per_epoch
        return optim.peak_rate(asked.optim, asked.train.batch) * min(1.0, (trainer.step - first[0] + 1) / warm)

    return Made(part.train, part.val, (Rates(rate),))


class Heavy(Callback):
    """A batch with a marked clip counts many times; nothing else of it is wrong."""

    def __init__(self, times: float) -> None:
        self.times, self.met = times, False

    def before_training(self, trainer: Trainer) -> None:
        """Put the weight between the losses and what asks for them."""
        losses = trainer.built.losses

        def weighed(outputs: Outputs, label: Tensor) -> LossParts:
            parts: LossParts = losses(outputs, label)
            times = self.times if self.met else 1.0
            self.met = False
            return parts._replace(total=parts.total * times)

        trainer.built.losses = weighed  # type: ignore[assignment]


class Healthy(NamedTuple):
    """A training in which nothing is wrong."""

    recipe: str
    words: tuple[str, ...]
    resumed: int | None = None


BAD_EVERY, BAD_TIMES, BAD_SINCE = 60, 1e3, 10


def bad(part: Part) -> Made:
    """One clip in sixty carries a weight of a thousand, from an epoch on; the data of a restart hold it from the first."""

    def change(clip: dict[str, Any], index: int) -> dict[str, Any]:
        heavy.met = heavy.met or index % BAD_EVERY == 0
        return clip

    clips = Changed(part.train, change, on=part.restarted)
    heavy = Heavy(BAD_TIMES)
    return Made(clips, part.val, (On(clips, BAD_SINCE), heavy))


VAL_SINCE = 12


def held_out(part: Part) -> Made:
    """Held-out clips are normalised twice and their people drawn at the wrong joints, from an epoch on. The network is well."""

    def change(clip: dict[str, Any], _: int) -> dict[str, Any]:
        return clip | {"rgb": clip["rgb"] * 4.0 - 2.0, "pose": clip["pose"].flip(0)}

    clips = Changed(part.val, change, on=part.restarted)
    return Made(part.train, clips, (On(clips, VAL_SINCE),))


FAULTS: dict[str, Fault] = {
    "rate_jump": Fault(
        words=(*CLEAN, "schedule.type=steps", "schedule.milestones=[12]", "schedule.factor=100.0"),
        clean=(*CLEAN, "schedule.type=constant"),
    ),
    "pose_weight": Fault(words=(*CLEAN, "optim.lr=0.3"), resumed=10, then=("loss.weights.1=30.0",)),
    "bad_batches": Fault(words=(*CLEAN, "optim.clip=null"), make=bad),
    "warmup_again": Fault(
        recipe="synth_micro",
        words=(
            "train.max_epochs=26",
            "optim.lr=0.2",
            "schedule.warmup_epochs=4",
            "schedule.type=steps",
            "schedule.milestones=[4]",
            "schedule.factor=0.05",
        ),
        resumed=12,
        make=anew,
    ),
    "stale_scheduler": Fault(
        words=(), resumed=7, then=("schedule.ramp=null", "optim.lr=0.005"), make=stale, clean=CLEAN
    ),
    "validation": Fault(make=held_out, restart=False),
}
HEALTHY: dict[str, Healthy] = {
    "clean": Healthy(RECIPE, CLEAN),
    "adamw": Healthy("synth_micro", ("train.max_epochs=26",)),
    "step_decay": Healthy(
        RECIPE, (*CLEAN, "optim.lr=0.1", "schedule.type=steps", "schedule.milestones=[15]", "schedule.factor=0.1")
    ),
    "resumed": Healthy(RECIPE, CLEAN, resumed=13),
    "slow_decline": Healthy(
        "synth_micro", ("data.train=120", "train.max_epochs=60", "schedule.type=constant", "optim.lr=0.001")
    ),
}
