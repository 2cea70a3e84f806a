"""Norms of gradients, in total and of each branch, before anything is clipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from typing import Mapping, Sequence

    from torch import Tensor, nn

    from defib.hooks.branches import Branch

SMALL = 1e-6
"""Added to the norm that a limit is divided by, as in `torch.nn.utils.clip_grad_norm_`."""


class Gradients:
    """The gradients of a network, measured once for the log and for clipping."""

    def __init__(self, model: nn.Module, branches: Sequence[Branch]) -> None:
        """branches: of the network."""
        owner = {id(one): branch.name for branch in branches for one in branch.parameters}
        self._parameters = [(one, owner[id(one)]) for one in model.parameters()]
        self._names = [branch.name for branch in branches if branch.name]

    @torch.no_grad()
    def norms(self) -> tuple[Tensor, dict[str, Tensor]] | None:
        """The L2 norm of all gradients, and that of each branch that has any, as scalars on the device; None where there are none.

        What has no gradient (frozen, or not used in this step) does not count. The total is bit for bit that of
        `torch.nn.utils.get_total_norm`. Nothing waits for the device.
        """
        with_gradient = [(one.grad, branch) for one, branch in self._parameters if one.grad is not None]
        if not with_gradient:
            return None
        each: list[Tensor] = []
        owners: list[str] = []
        for group in _alike(with_gradient):
            each += torch._foreach_norm([gradient for gradient, _ in group])
            owners += [branch for _, branch in group]
        first = each[0].device
        each = [one.to(first) for one in each]
        found = {}
        for name in self._names:
            mine = [one for one, branch in zip(each, owners) if branch == name]
            if mine:
                found[name] = torch.linalg.vector_norm(torch.stack([one.float() for one in mine]))
        return torch.linalg.vector_norm(torch.stack(each)), found

    @torch.no_grad()
    def clip_branches(self, norms: Mapping[str, Tensor], limits: Mapping[str, float], scale: Tensor | None) -> None:
        """Scale the gradients of each branch so that their norm is at most its limit.

        norms: of the branches as they are, times `scale` where there is one.
        """
        for name, limit in limits.items():
            if name in norms:
                factor = torch.clamp((limit if scale is None else limit * scale) / (norms[name] + SMALL), max=1.0)
                _multiply(
                    [one.grad for one, branch in self._parameters if branch == name and one.grad is not None], factor
                )

    def all_of(self, parameters: Sequence[Tensor]) -> bool:
        """Whether these are all parameters that have a gradient, in the order in which their norms are summed up here."""
        mine = [one for one, _ in self._parameters if one.grad is not None]
        return len(mine) == len(parameters) and all(one is other for one, other in zip(mine, parameters))

    @torch.no_grad()
    def clip(self, total: Tensor, limit: Tensor | float) -> None:
        """Scale every gradient so that their norm is at most the limit, as `torch.nn.utils.clip_grad_norm_` does.

        total: the norm of them as they are.
        """
        factor = torch.clamp(limit / (total + SMALL), max=1.0)
        _multiply([one.grad for one, _ in self._parameters if one.grad is not None], factor)


def _multiply(gradients: Sequence[Tensor], factor: Tensor) -> None:
    for group in _alike([(one, "") for one in gradients]):
        torch._foreach_mul_([gradient for gradient, _ in group], factor.to(group[0][0].device))


def _alike(found: Sequence[tuple[Tensor, str]]) -> list[list[tuple[Tensor, str]]]:
    """Gradients together by device and type, as the kernels for many tensors at once want them; sparse ones as their values."""
    grouped: dict[tuple[torch.device, torch.dtype], list[tuple[Tensor, str]]] = {}
    for gradient, branch in found:
        dense = gradient.coalesce()._values() if gradient.is_sparse else gradient
        grouped.setdefault((dense.device, dense.dtype), []).append((dense, branch))
    return list(grouped.values())
