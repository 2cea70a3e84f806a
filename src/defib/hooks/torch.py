"""A loop written by hand, or by way of accelerate, with a guard in it.

from defib.hooks.torch import Guard

guard = Guard(model, optimizer, log="work_dirs/my_run")
for images, labels in loader:
loss = criterion(model(images), labels)
loss.backward()
guard.step(loss)          # after backward, before clipping
optimizer.step()
optimizer.zero_grad()
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from defib.hooks.lines import Lines
from defib.hooks.telemetry import Telemetry, rates

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, Callable, Mapping

    from torch import Tensor, nn

    from defib.hooks.branches import Given
    from defib.hooks.canary import Look
    from defib.hooks.telemetry import Rhythm

LOG_EVERY = 50  # optimizer steps, as mmengine and others log by default


class Guard:
    """Watches a training from inside and writes what it sees to a log that `defib diagnose` and `defib watch` read."""

    def __init__(  # noqa: PLR0913 (what may be told, by name)
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        branches: Mapping[str, Given] | None = None,
        *,
        log: str | Path | Callable[[dict[str, float], int], Any] = ".",
        log_every: int = LOG_EVERY,
        scaler: torch.amp.GradScaler | None = None,
        canary: Look | None = None,
        rhythm: Rhythm | None = None,
        done: int = 0,
        steps_per_epoch: int | None = None,
    ) -> None:
        """Attach to the optimizer; nothing of the training changes.

        branches: branch -> its module, the beginning of its parameters' names, or its parameters; found by their names
        when not given. log: the folder of the run, a `.jsonl` file, or a function that is given metric names with
        values and the step. scaler: where one scales the loss. canary: computes named numbers on held-out batches of
        its own, `lambda: {"loss": ..., "top1": ...}`. rhythm: how often what is measured. steps_per_epoch: optimizer steps,
        so that the log tells epochs as well. done: optimizer steps that were done before a resume.

        Raises ValueError for a branch in which nothing is trained.
        """
        self.telemetry = Telemetry(model, branches, look=canary, rhythm=rhythm, done=done)
        self._steps_per_epoch = steps_per_epoch
        self._optimizer = getattr(optimizer, "optimizer", optimizer)  # accelerate wraps it
        self._scaler, self._log_every = scaler, log_every
        self._log = log if callable(log) else None
        first = not torch.distributed.is_available() or not torch.distributed.is_initialized()
        processes = 1 if first else torch.distributed.get_world_size()
        self._writes = first or torch.distributed.get_rank() == 0
        self._lines = Lines(log, processes=processes) if self._writes and not callable(log) else None
        self._hook = self._optimizer.register_step_post_hook(self._stepped)
        self.telemetry.before_forward()

    def step(
        self, loss: Tensor | float, parts: Mapping[str, Tensor] | None = None, *, clip: float | None = None
    ) -> None:
        """Gradients are there. To be called once for each step of the optimizer: after backward, before clipping.

        loss: that was differentiated; parts: branch or name -> its part of it; clip: clip all gradients to this norm,
        in place of `torch.nn.utils.clip_grad_norm_`, whose measurement is then used.
        """
        losses: dict[str, Tensor | float] = {"train/loss": loss}
        losses.update({"train/loss/" + name: value for name, value in (parts or {}).items()})
        scale = None if self._scaler is None or not self._scaler.is_enabled() else _scale(self._scaler)
        self.telemetry.before_clipping(losses, clip=clip, scale=scale)

    def evaluated(self, values: Mapping[str, float]) -> None:
        """Held-out scores of a whole evaluation: `{"val/top1": 57.4, "val/top1/pose": 41.0}`, shares in per cent."""
        self._write("val", dict(values))

    def close(self) -> None:
        """Let go of the optimizer, and write what is not written yet."""
        self._hook.remove()
        self._write("train", {**self.telemetry.end(), **rates(self._optimizer)})

    def _stepped(self, *_: Any) -> None:
        self.telemetry.after_step()
        if self.telemetry.done % self._log_every == 0:
            self._write("train", {**self.telemetry.read(), **rates(self._optimizer)})
        self.telemetry.before_forward()

    @property
    def epoch(self) -> float | None:
        """Epochs done, with the fraction of the one that is not; None where their length is not known."""
        return None if self._steps_per_epoch is None else self.telemetry.done / self._steps_per_epoch

    def _write(self, kind: str, values: dict[str, float]) -> None:
        if self._log is not None and self._writes:
            self._log(values, self.telemetry.done)
        elif self._lines is not None:
            self._lines.values(kind, self.telemetry.done, self.epoch, values)


def _scale(scaler: Any) -> Tensor | None:
    """The scale as a tensor where the gradients still carry it; None where `unscale_` took it off already, or before the first step."""
    states = scaler._per_optimizer_states.values()
    if any(state["stage"].name == "UNSCALED" for state in states):
        return None
    scale: Tensor | None = scaler._scale
    return scale
