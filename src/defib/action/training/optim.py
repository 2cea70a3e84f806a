"""Optimizer, groups of parameters and clipping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch.nn.utils import clip_grads_with_norm_, get_total_norm

from defib.action.errors.training import BadValue
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor, nn

    from defib.action.model import Recognizer
    from defib.action.training.recipe import OptimConfig

Branches = dict[str, list[tuple[str, "nn.Parameter"]]]
NO_BRANCH = Words(en="there is no branch {branch}; the network has {known}", zh="没有 {branch} 分支；网络具有 {known}")


def peak_rate(config: OptimConfig, batch: int) -> float:
    """The rate for the batch that is really used.

    batch: clips of one optimizer step over all processes.

    >>> from defib.action.training.recipe import OptimConfig
    >>> peak_rate(OptimConfig(lr=0.0075, base_batch=48), 16), peak_rate(OptimConfig(lr=0.1), 16)
    (0.0025, 0.1)
    """
    return config.lr if config.base_batch is None else config.lr * batch / config.base_batch


def optimizer_of(config: OptimConfig, recognizer: Recognizer, rate: float) -> torch.optim.Optimizer:
    """The optimizer; one group for each branch, and one more for what weight decay leaves alone.

    rate: the peak rate, which each group keeps as `initial_lr` beside its branch's factor.

    Raises BadValue for a branch that the network does not have.
    """
    branches = recognizer.branches()
    for key, given in (("branch_lr", config.branch_lr), ("branch_clip", config.branch_clip)):
        for branch in given:
            if branch not in branches:
                reason = NO_BRANCH.fill(branch=branch, known=", ".join(branches))
                raise BadValue(path="recipe", key=f"optim.{key}", reason=reason)
    groups = [group for branch, members in branches.items() for group in _groups(config, branch, members, rate)]
    if config.type == "adamw":
        return torch.optim.AdamW(groups, lr=rate, betas=config.betas)
    return torch.optim.SGD(groups, lr=rate, momentum=config.momentum, nesterov=config.nesterov)


def _groups(
    config: OptimConfig, branch: str, members: Sequence[tuple[str, nn.Parameter]], rate: float
) -> list[dict[str, Any]]:
    trained = [(name, one) for name, one in members if one.requires_grad]
    matrices = [one for _, one in trained if config.decay_norms or one.dim() > 1]
    rest = [one for _, one in trained if not config.decay_norms and one.dim() <= 1]
    own = rate * config.branch_lr.get(branch, 1.0)
    shared = {"branch": branch, "lr": own, "initial_lr": own}
    found = [
        {"params": matrices, "weight_decay": config.weight_decay, **shared},
        {"params": rest, "weight_decay": 0.0, **shared},
    ]
    return [group for group in found if group["params"]]


def set_rate(optimizer: torch.optim.Optimizer, share: float) -> None:
    """The rate of the coming step in every group."""
    for group in optimizer.param_groups:
        group["lr"] = group["initial_lr"] * share


def restore(optimizer: torch.optim.Optimizer, state: dict[str, Any]) -> None:
    """Momenta of a checkpoint; rates, weight decay and the like stay those of the recipe.

    torch restores both, and with them a rate that the recipe no longer asks for.

    Raises ValueError for the state of another optimizer.
    """
    kinds = [sorted(group.keys() - {"params"}) for group in (state["param_groups"][0], optimizer.param_groups[0])]
    if kinds[0] != kinds[1]:
        message = f"the state of another optimizer ({', '.join(kinds[0])})"
        raise ValueError(message)
    asked = [{key: value for key, value in group.items() if key != "params"} for group in optimizer.param_groups]
    optimizer.load_state_dict(state)
    for group, own in zip(optimizer.param_groups, asked, strict=True):
        group.update(own)


class Norms(NamedTuple):
    """Gradient norms before anything was clipped."""

    total: float
    branches: dict[str, float]
    clipped: bool

    @property
    def finite(self) -> bool:
        """Whether every gradient is a number."""
        return self.total < float("inf")  # NaN is not


def clip(config: OptimConfig, branches: Branches) -> Norms:
    """Clip each branch to its own limit, then the whole; the norms are those of before.

    They are computed once for clipping and for the log. One wait for the device.
    """
    owned = {branch: [one for _, one in members if one.grad is not None] for branch, members in branches.items()}
    each = {branch: get_total_norm(_gradients(members)) for branch, members in owned.items() if members}
    if not each:
        return Norms(0.0, {}, clipped=False)
    stacked = torch.stack(list(each.values()))
    total, *values = torch.cat((torch.linalg.vector_norm(stacked)[None], stacked)).tolist()
    found = dict(zip(each, values, strict=True))
    clipped = _clip_branches(config.branch_clip, owned, found)
    if config.clip is not None:
        after = sum(min(value, config.branch_clip.get(branch, value)) ** 2 for branch, value in found.items()) ** 0.5
        if after > config.clip:
            everything = [one for members in owned.values() for one in members]
            clip_grads_with_norm_(everything, config.clip, torch.tensor(after))
            clipped = True
    return Norms(total, found, clipped)


def _clip_branches(limits: Mapping[str, float], owned: dict[str, list[nn.Parameter]], found: dict[str, float]) -> bool:
    clipped = False
    for branch, limit in limits.items():
        if found.get(branch, 0.0) > limit:
            clip_grads_with_norm_(owned[branch], limit, torch.tensor(found[branch]))
            clipped = True
    return clipped


def _gradients(members: Sequence[nn.Parameter]) -> list[Tensor]:
    return [one.grad for one in members if one.grad is not None]
