"""A loop written by hand, or by way of accelerate, with a guard in it.

    from defib.hooks.torch import Guard

    guard = Guard(model, optimizer, log="work_dirs/my_run")
    for images, labels in loader:
        loss = criterion(model(images), labels)
        loss.backward()
        guard.step(loss)
        optimizer.step()
        optimizer.zero_grad()

`guard.step` comes after backward and before clipping.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from defib.hooks.acting import Acting, RunStopped
from defib.hooks.agreement import processes, rank
from defib.hooks.canary import Canary
from defib.hooks.lines import Lines
from defib.hooks.plan import write
from defib.hooks.ring import Ring
from defib.hooks.telemetry import Telemetry, rates
from defib.hooks.tongue import said

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, Callable, Mapping

    import torch
    from torch import Tensor, nn

    from defib.hooks.branches import Given
    from defib.hooks.canary import Look
    from defib.hooks.telemetry import Rhythm

LOG_EVERY = 50  # optimizer steps, as mmengine and others log by default
MODES = ("observe", "propose", "act")
NO_MODE = ("mode '{mode}' is not one of observe, propose, act", "模式“{mode}”不是 observe、propose、act 之一")
NO_CANARY = (
    "mode '{mode}' needs a canary: without held-out numbers nobody knows which snapshot is good",
    "模式“{mode}”需要哨兵：没有留出数据上的数值，就无法知道哪个快照是好的",
)


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
        mode: str = "observe",
        parts: Mapping[str, Any] | None = None,
        snapshots: str | Path | None = None,
    ) -> None:
        """Attach to the optimizer; while it observes, nothing of the training changes.

        branches: branch -> its module, the beginning of its parameters' names, or its parameters; found by their names
        when not given. log: the folder of the run, a `.jsonl` file, or a function that is given metric names with
        values and the step. scaler: where one scales the loss. canary: computes named numbers on held-out batches of
        its own, `lambda: {"loss": ..., "top1": ...}`. rhythm: how often what is measured. steps_per_epoch: optimizer steps,
        so that the log tells epochs as well. done: optimizer steps that were done before a resume.
        mode: `observe`; `propose` says what it would do; `act` does it. parts: what else a snapshot has to hold, by name:
        `{"scheduler": ..., "ema": ..., "loader": ...}`. snapshots: a folder for them, instead of host memory.

        Raises ValueError for a branch in which nothing is trained, an unknown mode, and acting without a canary.
        """
        if mode not in MODES:
            raise ValueError(said(*NO_MODE, mode=mode))
        if mode != "observe" and canary is None:
            raise ValueError(said(*NO_CANARY, mode=mode))
        self.telemetry = Telemetry(model, branches, rhythm=rhythm, done=done, heard=self._heard)
        self._optimizer = getattr(optimizer, "optimizer", optimizer)  # accelerate wraps it
        self._scaler, self._log_every = scaler, log_every
        self._steps_per_epoch = steps_per_epoch
        self._log = log if callable(log) else None
        self._writes = rank() == 0
        self._lines = Lines(log, processes=processes()) if self._writes and not callable(log) else None
        self._canary = None if canary is None else Canary(model, canary)
        self._events: list[tuple[int, str]] = []
        self._acting: Acting | None = None
        if mode != "observe" and self._canary is not None:
            held: dict[str, Any] = {"model": model, "optimizer": self._optimizer, **(parts or {})}
            if scaler is not None:
                held["scaler"] = scaler
            ring, acts = Ring(held, folder=snapshots), mode == "act"
            self._acting = Acting(ring, self._optimizer, self.telemetry.branches, tell=self._told, acts=acts)
            self._acting.begin(done, _numbers(self._canary.ask()))
        self._hook = self._optimizer.register_step_post_hook(self._stepped)
        self.telemetry.before_forward()

    @property
    def epoch(self) -> float | None:
        """Epochs done, with the fraction of the one that is not; None where their length is not known."""
        return None if self._steps_per_epoch is None else self.telemetry.done / self._steps_per_epoch

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
        if self._acting is not None:
            self.telemetry.closely, self.telemetry.clips = self._acting.suspicious, self._acting.live.clips
        self.telemetry.before_clipping(losses, clip=clip, scale=scale)

    def evaluated(self, values: Mapping[str, float]) -> None:
        """Held-out scores of a whole evaluation: `{"val/top1": 57.4, "val/top1/pose": 41.0}`, shares in per cent.

        Raises RunStopped.
        """
        self._write("val", dict(values))
        if self._acting is not None:
            whole = {name: value for name, value in values.items() if name.replace("/fused", "") in DECIDING}
            if whole:
                self._judged(self._acting, whole)

    def close(self) -> None:
        """Let go of the optimizer, and write what is not written yet."""
        self._hook.remove()
        self._write("train", {**self.telemetry.end(), **rates(self._optimizer)})
        if self._acting is not None:
            self._acting.ring.close()

    def _stepped(self, *_: Any) -> None:
        telemetry = self.telemetry
        telemetry.after_step()
        if self._acting is not None and self._acting.wants_a_look(telemetry.done, telemetry.rhythm.canary):
            self._acted(self._acting)
        elif self._acting is None and self._canary is not None and telemetry.done % telemetry.rhythm.canary == 0:
            telemetry.note(self._canary.ask())
        if telemetry.done % self._log_every == 0:
            self._write("train", {**telemetry.read(), **rates(self._optimizer)})
        telemetry.before_forward()

    def _acted(self, acting: Acting) -> None:
        if self._canary is not None:
            values = self._canary.ask()
            self.telemetry.note(values)
            self._judged(acting, _numbers(values))

    def _judged(self, acting: Acting, values: Mapping[str, float]) -> None:
        try:
            acting.looked(self.telemetry.done, values)
        except RunStopped as stopped:
            if self._lines is not None:
                try:
                    write(self._lines.path.parent, stopped.states, self._events, stopped.verdict)
                except OSError as error:
                    self._lines.lose(error)
            raise

    def _heard(self, name: str, value: float) -> None:
        if self._acting is not None:
            self._acting.heard(name, value)

    def _told(self, kind: str, text: str) -> None:
        """An event: into the log, and where a person looks."""
        self._events.append((self.telemetry.done, text))
        if self._writes:
            sys.stderr.write(text + "\n")
        if self._lines is not None:
            self._lines.event("guard-" + kind, self.telemetry.done, self.epoch, text)

    def _write(self, kind: str, values: dict[str, float]) -> None:
        if self._log is not None and self._writes:
            self._log(values, self.telemetry.done)
        elif self._lines is not None:
            self._lines.values(kind, self.telemetry.done, self.epoch, values)


DECIDING = ("val/top1", "val/loss")


def _numbers(values: Mapping[str, Tensor]) -> dict[str, float]:
    return {name: float(value) for name, value in values.items()}


def _scale(scaler: Any) -> Tensor | None:
    """The scale as a tensor where the gradients still carry it; None where `unscale_` took it off already, or before the first step."""
    states = scaler._per_optimizer_states.values()
    if any(state["stage"].name == "UNSCALED" for state in states):
        return None
    scale: Tensor | None = scaler._scale
    return scale
