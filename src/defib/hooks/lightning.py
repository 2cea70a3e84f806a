"""A callback for Lightning's Trainer.

from defib.hooks.lightning import DefibCallback

trainer = Trainer(..., callbacks=[DefibCallback()])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    from lightning.pytorch import Callback
except ImportError:  # the older name of the same package
    from pytorch_lightning import Callback  # type: ignore[assignment]

from defib.hooks.telemetry import Rhythm, Telemetry
from defib.hooks.tongue import said

if TYPE_CHECKING:
    from typing import Any

    from lightning.pytorch import LightningModule, Trainer
    from torch.optim import Optimizer

TWO = (
    "defib: there are several optimizers; gradients and updates are measured at the steps of the first",
    "defib：有多个优化器；在第一个优化器的步上测量梯度和更新量",
)


class DefibCallback(Callback):
    """Measures around each step and hands it to the trainer's own loggers. Nothing of the training changes."""

    def __init__(
        self,
        branches: dict[str, str] | None = None,
        log_every: int | None = None,
        norms: int = 10,
        sample: int = 100,
    ) -> None:
        """branches: branch -> the beginning of its parameters' names; found by their names when not given.

        log_every: steps between two lines, the trainer's own when not given; norms, sample: steps between two
        measurements of the gradients, and of what is looked at now and then.
        """
        super().__init__()
        self._branches, self._log_every = branches, log_every
        self._rhythm = Rhythm(norms=norms, sample=sample)
        self._telemetry: Telemetry | None = None
        self._seen = 0

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Everything is built and loaded.

        Raises ValueError for a branch in which nothing is trained.
        """
        if len(trainer.optimizers) > 1:
            trainer.print(said(*TWO))
        self._seen = self._steps(trainer)
        self._telemetry = Telemetry(pl_module, self._branches, rhythm=self._rhythm, done=self._seen)

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: Any, batch_idx: int) -> None:
        """A forward pass begins."""
        if self._telemetry is not None:
            self._telemetry.before_forward()

    def on_before_optimizer_step(self, trainer: Trainer, pl_module: LightningModule, optimizer: Optimizer) -> None:
        """Gradients are there, without the scale of mixed precision; Lightning clips them next."""
        if self._telemetry is not None and self._first(trainer, optimizer):
            by_norm = str(getattr(trainer, "gradient_clip_algorithm", "norm")).rpartition(".")[2].lower() != "value"
            limit = getattr(trainer, "gradient_clip_val", None) if by_norm else None
            self._telemetry.before_clipping({}, limit=limit)

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Where gradients are accumulated the weights have moved only now and then."""
        telemetry, steps = self._telemetry, self._steps(trainer)
        if telemetry is None or steps == self._seen:
            return
        self._seen = steps
        telemetry.after_step()
        every = self._log_every or getattr(trainer, "log_every_n_steps", None) or 50
        if telemetry.done % every == 0:
            self._write(trainer, telemetry.read())

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Write what is not written yet."""
        if self._telemetry is not None:
            self._write(trainer, self._telemetry.end())
        self._telemetry = None

    def _write(self, trainer: Trainer, values: dict[str, float]) -> None:
        if values:
            for logger in trainer.loggers:  # there are none but on the first process
                logger.log_metrics({**values, "epoch": float(trainer.current_epoch)}, step=self._seen - 1)

    def _first(self, trainer: Trainer, optimizer: Any) -> bool:
        inner = getattr(optimizer, "optimizer", optimizer)
        return inner is getattr(trainer.optimizers[0], "optimizer", trainer.optimizers[0])

    def _steps(self, trainer: Trainer) -> int:
        """Optimizer steps of the first optimizer; Lightning counts those of all."""
        return int(trainer.global_step) // max(1, len(trainer.optimizers))
