"""What is measured around one optimizer step, whatever framework takes the step."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch

from defib.hooks.arriving import Arriving
from defib.hooks.batchnorms import BatchNorms
from defib.hooks.branches import WHOLE, branches_of
from defib.hooks.features import Features
from defib.hooks.gradients import Gradients
from defib.hooks.guesses import Guesses
from defib.hooks.updates import Updates
from defib.hooks.window import Window

if TYPE_CHECKING:
    from typing import Any, Callable, Mapping, Sequence

    from torch import Tensor, nn

    from defib.hooks.branches import Given


class Rhythm(NamedTuple):
    """How often what is measured, in optimizer steps. The defaults were chosen so that nobody notices the cost (bench/hooks)."""

    norms: int = 10
    """Norms of the gradients, where no clipping computes them at every step anyway."""
    sample: int = 100
    """Update ratio, features, predictions, BatchNorm."""
    canary: int = 200
    """The held-out handful."""


class Telemetry:
    """Measures around each step; nothing in it waits for the device or changes what is trained."""

    def __init__(
        self,
        model: nn.Module,
        branches: Mapping[str, Given] | None = None,
        *,
        rhythm: Rhythm | None = None,
        done: int = 0,
        heard: Callable[[str, float], None] | None = None,
    ) -> None:
        """rhythm: how often what is measured. done: optimizer steps that were done before. heard: is given each value that arrives.

        Raises ValueError for a branch in which nothing is trained.
        """
        self.branches = branches_of(model, branches)
        self.done = done
        self.rhythm = Rhythm() if rhythm is None else rhythm
        self._arriving, self._window = Arriving(), Window()
        self._gradients = Gradients(model, self.branches)
        self._updates = Updates(self.branches)
        self._looks = (Features(self.branches), Guesses(self.branches), BatchNorms(self.branches))
        self._looking, self._heard = False, heard
        self.closely = False
        """Whether to measure the gradients of every step."""
        self.clips: Mapping[str, float] = {}
        """Branch -> norm to which its gradient is clipped, before anything else is."""

    def before_forward(self) -> None:
        """The forward pass of the coming step begins."""
        if not self._looking and self._due(self.rhythm.sample):
            self._looking = True
            for look in self._looks:
                look.begin()

    def before_clipping(
        self,
        losses: Mapping[str, Tensor | float],
        *,
        clip: float | None = None,
        limit: float | None = None,
        scale: Tensor | None = None,
    ) -> Tensor | None:
        """Gradients are there; weights have not moved. The norm of all gradients, where it was measured.

        losses: metric name -> scalar; clip: to which norm everything is clipped here; limit: to which
        the framework will clip it; scale: that of a gradient scaler,
        where the gradients still carry it.
        """
        found = {name: value for name, value in losses.items() if isinstance(value, torch.Tensor)}
        for name in losses.keys() - found.keys():
            self._arrived(name, float(losses[name]))
        total = None
        if clip is not None or self.closely or self.clips or self._due(self.rhythm.norms):
            total = self._norms(found, limit if clip is None else clip, scale)
            if clip is not None and total is not None:
                self._gradients.clip(total, clip if scale is None else clip * scale)
        if self._looking:
            found.update(self._seen())
            self._updates.before()
        self._send(found)
        return total

    def _seen(self) -> dict[str, Tensor]:
        self._looking = False
        return {name: value for look in self._looks for name, value in look.end().items()}

    def _norms(self, found: dict[str, Tensor], limit: float | None, scale: Tensor | None) -> Tensor | None:
        norms = self._gradients.norms()
        if norms is None:
            return None
        total, each = norms
        named = {"train/grad_norm": total}
        named.update({"train/grad_norm/" + name: value for name, value in each.items()})
        found.update(named if scale is None else {name: value / scale for name, value in named.items()})
        if limit is not None:
            found["train/clipped"] = 100.0 * (total > (limit if scale is None else limit * scale))
        if self.clips:
            self._gradients.clip_branches(each or {WHOLE: total}, self.clips, scale)
            norms = self._gradients.norms()  # what is clipped next is what is left
        return None if norms is None else norms[0]

    def all_of(self, parameters: Sequence[Tensor]) -> bool:
        """Whether these are all parameters that have a gradient, in the order in which their norms are summed up here."""
        return self._gradients.all_of(parameters)

    def after_step(self) -> None:
        """Weights have moved."""
        self.done += 1
        found = self._updates.after()
        if self._looking:  # nobody showed the gradients of this step
            found.update(self._seen())
        self._send(found)

    def note(self, found: Mapping[str, Tensor]) -> None:
        """Something that was measured elsewhere goes into the log with the rest."""
        self._send(found)

    def read(self) -> dict[str, float]:
        """Metric name -> mean since the last reading, of what has arrived; a window of the log begins anew."""
        self._take()
        return self._window.read()

    def end(self) -> dict[str, float]:
        """The rest, waited for; no look is taken any more."""
        self._seen()
        self._take(wait=True)
        return self._window.read()

    def _due(self, every: int) -> bool:
        return (self.done + 1) % every == 0

    def _send(self, found: Mapping[str, Tensor]) -> None:
        if found:
            self._arriving.send(self.done, list(found), list(found.values()))
        self._take()

    def _take(self, *, wait: bool = False) -> None:
        for _, values in self._arriving.arrived(wait=wait):
            for name, value in values:
                self._arrived(name, value)

    def _arrived(self, name: str, value: float) -> None:
        self._window.add(name, value)
        if self._heard is not None:
            self._heard(name, value)


def rates(optimizer: Any) -> dict[str, float]:
    """Metric name -> learning rate: the largest as `train/lr`, and that of each group where they differ."""
    found = [float(group["lr"]) for group in optimizer.param_groups]
    named = [str(group.get("name", group.get("branch", number))) for number, group in enumerate(optimizer.param_groups)]
    each = {"train/lr/" + name: rate for name, rate in zip(named, found)} if len(set(found)) > 1 else {}
    return {"train/lr": max(found), **each}
