"""The training loop: every turn of it on one screen. What it uses is built in `building.py`, saved by `saving.py`."""

from __future__ import annotations

import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from accelerate.utils.memory import should_reduce_batch_size

from defib.action.errors.training import NotFinite
from defib.action.training import evaluation, feeding, leaner, optim, saving, tracking
from defib.action.training.building import Built, build
from defib.action.training.callbacks import Stop
from defib.action.training.leaving import Leaving, Left
from defib.action.training.schedule import share
from defib.action.training.tally import Accuracy, Movement, Window, memory
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from torch import Tensor

    from defib.action.model import LossParts, Outputs
    from defib.action.training.callbacks import Callback
    from defib.action.training.feeding import Batch, Clips
    from defib.action.training.recipe import Recipe

GRADIENT = Words(en="gradient", zh="梯度")
Ending = str
"""`finished`, `stopped` by a callback, or `interrupted` by a signal."""


class Trainer:
    """One training run on this process. Everything that a callback may look at is an attribute."""

    def __init__(self, recipe: Recipe, train: Clips, val: Clips, callbacks: Sequence[Callback] = ()) -> None:
        """Build everything, fill the weights, take up what was interrupted.

        Raises ActionRefused of many kinds, before anything was written.
        """
        saving.refuse_taken(recipe)
        self.recipe, self.callbacks = recipe, tuple(callbacks)
        self.built: Built = build(recipe, train, val)
        self.folder = Path(recipe.work_dir)
        self.log = self.built.log
        self.step, self.epoch, self.batch_in_epoch = 0, 0, 0
        """Optimizer steps and whole epochs done; forward passes done in the epoch that is not."""
        self.best: float | None = None
        self.values: dict[str, float] = {}
        """Of the newest evaluation."""
        self.logged: dict[str, float] = {}
        """Of the newest line of training."""
        self.accuracy, self.window, self.movement = Accuracy(), Window(), Movement(self.built.branches)
        self.measured: dict[str, float] = {}
        """Metric name -> value for the next line of training, in which callbacks may put what they measure."""
        self._not_finite = 0
        self._leaving = Leaving()
        self._stopped = self._evaluating = False

    @property
    def signal(self) -> int | None:
        """The signal that asked this process to leave."""
        return self._leaving.asked

    @property
    def position(self) -> float:
        """Epochs done, with the fraction of the one that is not."""
        return self.epoch + self.batch_in_epoch / max(self.built.batches.whole, 1)

    def run(self) -> Ending:
        """Train to the end, or until a callback or a signal ends it. Saved whichever way.

        Raises NotFinite, DeviceFull, WorkDirUnwritable.
        """
        saving.resume(self)
        self.tell("before_training")
        try:
            with self._leaving.heard():
                return self._epochs()
        except RuntimeError as error:  # torch.OutOfMemoryError is one; what a CPU lacks is told in a plain one
            if not should_reduce_batch_size(error):
                raise
            raise leaner.than(self.recipe, evaluating=self._evaluating) from None
        finally:
            self.tell("after_training")
            self._lost(tracking.end(self.built.accelerator))

    def _epochs(self) -> Ending:
        evaluate = self.recipe.evaluate
        if self.step == 0 and evaluate.first and not self._first_evaluation():
            return self._left()
        while self.epoch < self.recipe.train.max_epochs:
            ending = self._steps()
            if ending is not None:
                saving.last(self)
                return ending
            self.epoch, self.batch_in_epoch = self.epoch + 1, 0
            last = self.epoch == self.recipe.train.max_epochs
            if last or self.epoch % evaluate.every == 0:
                values = self.evaluate()
                if values is None:  # resumed, the epoch has no step left, and is evaluated
                    self.epoch, self.batch_in_epoch = self.epoch - 1, self.built.batches.whole
                    return self._left()
                self.log.values("val", self.step, self.epoch, values)
                self._track(values)
            self.accuracy = Accuracy()
            saving.after_epoch(self)
        return "finished"

    def _left(self) -> Ending:
        saving.last(self)
        return "interrupted"

    def _steps(self) -> Ending | None:
        """The rest of an epoch; None when it was done to its end."""
        built, train = self.built, self.recipe.train
        built.batches.set(self.epoch, self.batch_in_epoch)
        built.model.train()
        micro: list[Batch] = []
        begin, waited = time.perf_counter(), 0.0
        for given in built.feed:
            waited += time.perf_counter() - begin
            micro.append(feeding.moved(given, built.device, channels_last=train.channels_last))
            if len(micro) == train.accumulate:
                self._step(micro, waited)
                micro, waited = [], 0.0
                if self._leaving.agreed(built.device):
                    return "interrupted"
                if self._stopped:
                    return "stopped"
            begin = time.perf_counter()
        return None

    def _step(self, micro: list[Batch], waited: float) -> None:
        """One optimizer step over `accumulate` forward passes."""
        built, train = self.built, self.recipe.train
        begin = time.perf_counter()
        rate = share(self.recipe.schedule, self.step, built.steps_per_epoch, train.max_epochs)
        optim.set_rate(built.optimizer, rate)
        self.tell("before_step")
        built.optimizer.zero_grad(set_to_none=True)
        built.statistics.keep()
        seen: list[tuple[Outputs, Tensor, dict[str, Tensor]]] = []
        for number, batch in enumerate(micro, 1):
            final = number == len(micro)
            with nullcontext() if final else built.accelerator.no_sync(built.model):
                outputs, parts = self._forward(batch, train.accumulate)
            seen.append((outputs, batch["label"], parts.right))
        built.precision.unscale(built.optimizer)
        norms = optim.clip(self.recipe.optim, built.branches)
        self.tell("after_backward", parts, norms)
        sampled = self.step % train.sample_every == 0
        if sampled:
            self.movement.before()
        built.precision.step(built.optimizer, finite=norms.finite)
        if norms.finite:
            self._not_finite = 0
            for outputs, label, right in seen:
                built.recognizer.observe(outputs, label, right)
        self.step += 1
        if not norms.finite:
            self._skipped()
        self.batch_in_epoch += train.accumulate
        self.window.add(parts, norms, time.perf_counter() - begin + waited, waited)
        if built.averaged is not None and norms.finite:
            built.averaged.update_parameters(built.recognizer)
        self.tell("after_step")
        self.measured |= self.movement.after()  # a step that is sampled is seldom one that is logged
        if self.step % train.log_every == 0 or self.batch_in_epoch + train.accumulate > built.batches.whole:
            self._log()

    def _forward(self, batch: Batch, accumulate: int) -> tuple[Outputs, LossParts]:
        built = self.built
        with built.precision.forward():
            outputs: Outputs = built.model(batch.get("rgb"), batch.get("pose"))
        parts: LossParts = built.losses(outputs, batch["label"])
        built.precision.scaled(parts.total / accumulate).backward()  # type: ignore[no-untyped-call]
        self.accuracy.add(parts.right)
        return outputs, parts

    def _skipped(self) -> None:
        """A step without a finite gradient leaves nothing behind; too many of them in a row end the training."""
        built, train = self.built, self.recipe.train
        built.statistics.restore()
        if built.precision.scaler is not None:  # it looks for a scale that fits, which begins with steps like this
            return
        self._not_finite += 1
        self.log.event("skipped", self.step, self.position, f"gradient not finite, {self._not_finite} in a row")
        if self._not_finite >= train.most_not_finite:
            raise NotFinite(
                step=self.step,
                what=GRADIENT,
                count=self._not_finite,
                last=self.folder / "last",
                work_dir=self.recipe.work_dir,
            )

    def _log(self) -> None:
        values = self.window.read() | self.accuracy.read() | self.measured
        self.measured = {}
        for group in self.built.optimizer.param_groups:
            values.setdefault(f"train/lr/{group['branch']}", group["lr"])
        values["train/lr"] = max(group["lr"] for group in self.built.optimizer.param_groups)
        values["train/memory"] = memory(self.built.device)
        self.logged = values
        self.log.values("train", self.step, self.position, values)
        self._track(values)

    def _track(self, values: dict[str, float]) -> None:
        self._lost(tracking.tell(self.built.accelerator, values, self.step))

    def _lost(self, trackers: Iterable[str]) -> None:
        """The log says which trackers failed; the training goes on."""
        for text in trackers:
            self.log.event("tracker-lost", self.step, self.position, text)

    def _first_evaluation(self) -> bool:
        """Before the first step: a network that was filled wrongly shows at once, not after a night. False when it was left."""
        values = self.evaluate()
        if values is None:
            return False
        metric, expected = self.recipe.evaluate.metric, self.recipe.evaluate.expected
        value = values.get(metric, float("nan"))
        text = f"{metric} {value:.2f} before the first step"
        if expected is not None:
            text += f", expected {expected:.2f}"
        self.log.event("first-evaluation", self.step, self.position, text)
        return True

    def evaluate(self) -> dict[str, float] | None:
        """Held-out scores of the averaged weights where there are any, else of the weights.

        None when one process alone was asked to leave meanwhile; several finish what they have begun together.
        """
        built = self.built
        self._evaluating = True
        try:
            scores, loss = evaluation.scores_of(
                built.evaluated,
                built.held_out,
                built.device,
                built.precision,
                losses=built.losses,
                channels_last=self.recipe.train.channels_last,
                seen=self._leaving.out if built.accelerator.num_processes == 1 else None,
            )
        except Left:
            return None
        self._evaluating = False
        values = evaluation.measured(scores, built.recognizer.taxonomy)
        values[evaluation.LOSS] = loss
        self.values = values
        evaluation.save_confusions(self.folder, scores, self.epoch, writes=built.main)
        self.tell("after_evaluation", values)
        return values

    def tell(self, moment: str, *given: object) -> None:
        """Tell every callback of a moment."""
        for callback in self.callbacks:
            try:
                getattr(callback, moment)(self, *given)
            except Stop:
                self._stopped = True
