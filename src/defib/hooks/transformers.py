"""A callback for Hugging Face's Trainer.

from defib.hooks.transformers import DefibCallback

trainer = Trainer(..., callbacks=[DefibCallback()])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transformers import TrainerCallback

from defib.hooks.telemetry import Rhythm, Telemetry

if TYPE_CHECKING:
    from typing import Any

    from transformers import TrainerControl, TrainerState, TrainingArguments


class DefibCallback(TrainerCallback):
    """Measures around each step and puts it into the trainer's own log, `trainer_state.json`. Nothing of the training changes.

    The Trainer shows gradients after they were clipped; each branch's norm is scaled back by the norm that it logs itself.
    """

    def __init__(self, branches: dict[str, str] | None = None, sample: int = 100) -> None:
        """branches: branch -> the beginning of its parameters' names; found by their names when not given.

        sample: steps between two measurements of what is looked at now and then. Gradients are measured at the steps
        that are logged.
        """
        self._branches, self._sample = branches, sample
        self._telemetry: Telemetry | None = None

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Everything is built and loaded.

        Raises ValueError for a branch in which nothing is trained.
        """
        rhythm = Rhythm(norms=max(1, int(state.logging_steps or args.logging_steps)), sample=self._sample)
        self._telemetry = Telemetry(kwargs["model"], self._branches, rhythm=rhythm, done=state.global_step)

    def on_step_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """A forward pass begins."""
        if self._telemetry is not None:
            self._telemetry.before_forward()

    def on_pre_optimizer_step(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Gradients are there, and clipped."""
        if self._telemetry is not None:
            self._telemetry.before_clipping({})

    def on_optimizer_step(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Weights have moved."""
        if self._telemetry is not None:
            self._telemetry.after_step()

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """A line of the log is written; a line about an evaluation is left as it is."""
        logs = kwargs.get("logs")
        if self._telemetry is None or not logs or "loss" not in logs:
            return
        values = self._telemetry.read()
        clipped, whole = values.pop("train/grad_norm", None), logs.get("grad_norm")
        values.pop("train/grad_norm_max", None)
        for name in [name for name in values if name.startswith("train/grad_norm/")]:
            norm = values.pop(name)
            if clipped and whole is not None:
                values[name] = norm * float(whole) / clipped
        logs.update(values)
        if state.log_history:
            state.log_history[-1].update(values)

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """No look is taken any more."""
        if self._telemetry is not None:
            self._telemetry.end()
        self._telemetry = None
