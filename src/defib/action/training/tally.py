"""Sums over steps and over an epoch, kept where the tensors are, so that reading them waits for the device only now and then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psutil
import torch

from defib.action.model.across import summed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from defib.action.model import LossParts
    from defib.action.training.optim import Norms


def memory(device: torch.device) -> float:
    """MiB: on a GPU the most that tensors had at once, on a CPU what this process has now."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**20
    return float(psutil.Process().memory_info().rss) / 2**20


class Window:
    """Means over the steps since the last line of the log."""

    def __init__(self) -> None:
        """Nothing seen."""
        self._sums: dict[str, Any] = {}
        self._count = 0
        self._largest = 0.0

    def add(self, parts: LossParts, norms: Norms, seconds: float, waited: float) -> None:
        """One step.

        seconds: of the whole step; waited: of them, for data.
        """
        named: dict[str, Any] = {}
        named["train/loss"] = parts.total.detach()
        named["train/loss_above_floor"] = (parts.total - parts.floor).detach()
        for name, value in parts.raw.items():
            kind, _, branch = name.partition("_")
            named[f"train/loss/{branch}" if kind == "ce" else f"train/loss_part/{name}"] = value
        for name, value in parts.weighted.items():
            named[f"train/weighted_loss/{name}"] = value
        named["train/grad_norm"] = norms.total
        named |= {f"train/grad_norm/{branch}": value for branch, value in norms.branches.items()}
        named["train/clipped"] = 100.0 * norms.clipped
        named |= {"train/time": seconds, "train/data_time": waited}
        for name, value in named.items():
            before = self._sums.get(name, 0.0)
            self._sums[name] = before + value
        self._count += 1
        self._largest = max(self._largest, norms.total) if norms.finite else float("inf")

    def read(self) -> dict[str, float]:
        """The means, and the largest gradient; the window begins anew. Empty when nothing was added."""
        if not self._count:
            return {}
        found = {name: float(value) / self._count for name, value in self._sums.items()}
        found["train/grad_norm_max"] = self._largest
        self._sums, self._count, self._largest = {}, 0, 0.0
        return found


class Accuracy:
    """How often each branch was right over the epoch so far, on every process together."""

    def __init__(self) -> None:
        """Nothing seen."""
        self.right: dict[str, Tensor] = {}
        self.count = 0

    def add(self, right: Mapping[str, Tensor]) -> None:
        """A batch: branch -> [N] bool."""
        for branch, chosen in right.items():
            total = chosen.sum()
            self.right[branch] = self.right[branch] + total if branch in self.right else total
        self.count += len(next(iter(right.values())))

    def read(self) -> dict[str, float]:
        """Metric name -> per cent of the epoch so far; empty before the first batch. Every process has to call it."""
        if not self.count:
            return {}
        device = next(iter(self.right.values())).device
        stacked = torch.stack(
            [*(value.double() for value in self.right.values()), torch.tensor(self.count, device=device).double()]
        )
        *right, count = summed(stacked).tolist()
        return {f"train/top1/{branch}": 100 * value / count for branch, value in zip(self.right, right, strict=True)}

    def state(self) -> dict[str, float]:
        """For a checkpoint in the middle of an epoch."""
        return {"count": float(self.count), **{branch: float(value) for branch, value in self.right.items()}}

    def restore(self, state: Mapping[str, float], device: torch.device) -> None:
        """What `state` gave."""
        self.count = int(state["count"])
        self.right = {name: torch.tensor(int(value), device=device) for name, value in state.items() if name != "count"}


class Movement:
    """How far weights move in a step, as a share of their size, for each branch. Costs a copy, so it is sampled."""

    def __init__(self, branches: Mapping[str, list[tuple[str, torch.nn.Parameter]]]) -> None:
        """branches: of the network."""
        self._branches = {branch: [one for _, one in members] for branch, members in branches.items()}
        self._before: dict[str, list[Tensor]] = {}

    @torch.no_grad()
    def before(self) -> None:
        """Remember the weights."""
        self._before = {branch: [one.clone() for one in members] for branch, members in self._branches.items()}

    @torch.no_grad()
    def after(self) -> dict[str, float]:
        """Metric name -> norm of the step over norm of the weights; empty unless `before` was called."""
        found = {}
        for branch, old in self._before.items():
            now = self._branches[branch]
            moved = torch.nn.utils.get_total_norm([new - was for new, was in zip(now, old, strict=True)])
            size = torch.nn.utils.get_total_norm(old)
            found[f"train/update_ratio/{branch}"] = float(moved / size.clamp(min=1e-12))
        self._before = {}
        return found
