"""A hook for mmengine, and with it for mmaction2, mmdet, mmpretrain and the others that it runs.

custom_imports = dict(imports=["defib.hooks.mmengine"])
custom_hooks = [dict(type="DefibHook")]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.registry import HOOKS

from defib.hooks.telemetry import Rhythm, Telemetry
from defib.hooks.tongue import said

if TYPE_CHECKING:
    from typing import Any

    from mmengine.runner import Runner
    from torch import Tensor

EUCLIDEAN = 2
"""The kind of norm that is measured anyway."""
SEVERAL = (
    "defib: there are several optimizers: gradients and updates are not measured",
    "defib：有多个优化器：不测量梯度和更新量",
)
OLD_TORCH = (
    "defib: gradients are not measured: before torch 2.0 that needs clipping by norm",
    "defib：不测量梯度：torch 2.0 之前需要按范数裁剪才能测量",
)


@HOOKS.register_module()
class DefibHook(Hook):
    """Measures around each step and writes it to the run's own `scalars.json`, and to whatever else its visualizer writes.

    Nothing of the training changes: where mmengine clips by norm, its measurement is made with this hook's, bit for bit
    the same; else the norms are measured every tenth step. Losses, rates and scores are logged by mmengine as ever.
    """

    priority = "LOW"  # after mmengine's own hooks, before the logger and the checkpoints

    def __init__(
        self,
        branches: dict[str, str] | None = None,
        log_every: int = 50,
        norms: int = 10,
        sample: int = 100,
    ) -> None:
        """branches: branch -> the beginning of its parameters' names; found by their names when not given.

        log_every: steps between two lines; norms, sample: steps between two measurements of what no clipping measures
        anyway, and of what is looked at now and then.
        """
        self._branches, self._log_every = branches, log_every
        self._rhythm = Rhythm(norms=norms, sample=sample)
        self._telemetry: Telemetry | None = None
        self._several = False
        self._clip: Any = None
        self._hook: Any = None

    def before_train(self, runner: Runner) -> None:
        """Everything is built and loaded.

        Raises ValueError for a branch in which nothing is trained.
        """
        wrapper = runner.optim_wrapper
        self._telemetry = Telemetry(runner.model, self._branches, rhythm=self._rhythm, done=runner.iter)
        optimizer: Any = getattr(wrapper, "optimizer", None)
        self._several = not isinstance(optimizer, torch.optim.Optimizer)
        if self._several:
            runner.logger.warning(said(*SEVERAL))
        elif getattr(wrapper, "clip_func", None) is torch.nn.utils.clip_grad_norm_:
            self._clip = wrapper.clip_func
            wrapper.clip_func = self._clipping
        elif hasattr(optimizer, "register_step_pre_hook"):
            self._hook = optimizer.register_step_pre_hook(self._measuring)
        else:
            runner.logger.warning(said(*OLD_TORCH))

    def before_train_iter(self, runner: Runner, batch_idx: int, data_batch: Any = None) -> None:
        """A forward pass begins."""
        if self._telemetry is not None:
            self._telemetry.before_forward()

    def after_train_iter(self, runner: Runner, batch_idx: int, data_batch: Any = None, outputs: Any = None) -> None:
        """Where gradients were accumulated the weights have moved only now and then."""
        telemetry = self._telemetry
        if telemetry is None or not (self._several or runner.optim_wrapper.should_update()):
            return
        telemetry.after_step()
        if telemetry.done % self._log_every == 0:
            self._write(runner, telemetry.read())

    def after_train(self, runner: Runner) -> None:
        """Give the optimizer back as it was, and write what is not written yet."""
        if self._telemetry is not None:
            self._write(runner, self._telemetry.end())
        if self._clip is not None:
            runner.optim_wrapper.clip_func = self._clip
        if self._hook is not None:
            self._hook.remove()
        self._telemetry = self._clip = self._hook = None

    def _write(self, runner: Runner, values: dict[str, float]) -> None:
        # `train/grad_norm` is mmengine's own where it clips; the split would not be there to tell the two apart.
        own = {name: value for name, value in values.items() if not (self._clip and name == "train/grad_norm")}
        if own and is_main_process():
            place = {"iter": runner.iter + 1, **({"epoch": runner.epoch + 1} if runner.log_processor.by_epoch else {})}
            # The logger's second file has to stay a copy of the first, or whoever reads both takes one for a restart.
            copy = next((hook.json_log_path for hook in runner.hooks if hasattr(hook, "json_log_path")), None)
            runner.visualizer.add_scalars({**own, **place}, step=runner.iter + 1, file_path=copy)

    def _clipping(self, parameters: Any, max_norm: float, **kwargs: Any) -> Tensor:
        """In place of `clip_grad_norm_`: the same result, with the norm of each branch measured on the way."""
        parameters = list(parameters)
        telemetry = self._telemetry
        plain = not kwargs.get("error_if_nonfinite") and kwargs.get("norm_type", EUCLIDEAN) == EUCLIDEAN
        if telemetry is not None and plain and telemetry.all_of(parameters):
            total = telemetry.before_clipping({}, clip=float(max_norm))
            return torch.zeros(()) if total is None else total
        clipped: Tensor = self._clip(parameters, max_norm, **kwargs)
        return clipped

    def _measuring(self, *_: Any) -> None:
        if self._telemetry is not None:
            self._telemetry.before_clipping({})
