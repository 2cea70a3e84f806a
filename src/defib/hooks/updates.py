"""How far one optimizer step moves the weights, and which of them it never moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from defib.hooks.seen import TINY

if TYPE_CHECKING:
    from typing import Sequence

    from torch import Tensor, nn

    from defib.hooks.branches import Branch


class Updates:
    """Compares the weights before a step with those after it. That costs a copy, so it is done now and then."""

    def __init__(self, branches: Sequence[Branch]) -> None:
        """branches: of which the parameters that are trained are compared."""
        self._branches = branches
        self._before: dict[str, list[Tensor]] = {}
        self._moved: dict[str, Tensor] = {}

    @torch.no_grad()
    def before(self) -> None:
        """Remember the weights."""
        self._before = {
            branch.name: [one.detach().clone() for one in _trained(branch.parameters)] for branch in self._branches
        }

    @torch.no_grad()
    def after(self) -> dict[str, Tensor]:
        """Metric name -> scalar: the norm of the step over that of the weights, and the tensors that never moved so far, in per cent.

        Empty unless `before` was called.
        """
        found = {}
        for branch in self._branches:
            old = self._before.get(branch.name)
            now = _trained(branch.parameters)
            if not old or len(old) != len(now):  # a branch was frozen or thawed meanwhile
                continue
            moved = _norms(torch._foreach_sub(now, old))  # type: ignore[arg-type]
            size = torch.linalg.vector_norm(_norms(old))
            found["train/update_ratio" + branch.suffix] = torch.linalg.vector_norm(moved) / size.clamp(min=TINY)
            ever = self._moved.get(branch.name, torch.zeros_like(moved, dtype=torch.bool))
            if len(ever) == len(moved):
                ever = ever | (moved != 0)
            self._moved[branch.name] = ever
            found["train/still" + branch.suffix] = 100 * (~ever).float().mean()
        self._before = {}
        return found


def _trained(parameters: Sequence[nn.Parameter]) -> list[nn.Parameter]:
    return [one for one in parameters if one.requires_grad]


def _norms(tensors: Sequence[Tensor]) -> Tensor:
    """[n] norms of n tensors."""
    each = torch._foreach_norm(list(tensors))
    return torch.stack([one.float().to(each[0].device) for one in each])
