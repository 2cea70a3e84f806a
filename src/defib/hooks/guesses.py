"""How sure a classifier is, and how many classes it still names: one that collapses says the same for every sample."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn

from defib.hooks.seen import first_tensor, rows

if TYPE_CHECKING:
    from typing import Any, Sequence

    from torch import Tensor

    from defib.hooks.branches import Branch

FEWEST = 2
"""Classes; a layer with one output is a regression."""


class Guesses:
    """Entropy and classes at the last linear layer of every branch, in the forward passes between `begin` and `end`."""

    def __init__(self, branches: Sequence[Branch]) -> None:
        """branches: of which the linear layer that runs last is taken for the classifier."""
        self._places = [
            (branch.suffix, module)
            for branch in branches
            for module in branch.modules
            if isinstance(module, nn.Linear) and module.out_features >= FEWEST
        ]
        self._hooks: list[Any] = []
        self._last: dict[str, Tensor] = {}
        self._ran: set[int] = set()

    def begin(self) -> None:
        """Look from now on."""
        for suffix, module in self._places:
            self._hooks.append(module.register_forward_hook(self._looking(suffix)))

    def end(self) -> dict[str, Tensor]:
        """Metric name -> scalar in per cent; no look is taken any more."""
        for hook in self._hooks:
            hook.remove()
        found = {}
        for suffix, tensor in self._last.items():
            with torch.no_grad(), torch.autocast(tensor.device.type, enabled=False):
                seen = rows(tensor)
                found["train/entropy" + suffix] = entropy(seen)
                found["train/classes_named" + suffix] = classes_named(seen)
        self._hooks, self._last, self._ran = [], {}, set()
        return found

    def _looking(self, suffix: str) -> Any:
        def look(module: nn.Module, _: object, given: object) -> None:
            tensor = first_tensor(given)
            # Once each: the second time is another part of the batch, or a checkpointed layer on the way back.
            if tensor is not None and module.training and id(module) not in self._ran:
                self._ran.add(id(module))
                self._last[suffix] = tensor.detach()

        return look


def entropy(logits: Tensor) -> Tensor:
    """The mean entropy of the predictions of [n, K], in per cent of ln K, that of a guess among all classes.

    >>> round(float(entropy(torch.zeros(4, 10))), 3), round(float(entropy(torch.tensor([[9.0, 0.0]]))), 3)
    (100.0, 0.178)
    """
    logs = torch.log_softmax(logits, 1)
    return -100 * (logs.exp() * logs).sum(1).mean() / math.log(logits.shape[1])


def classes_named(logits: Tensor) -> Tensor:
    """How many classes are the answer for at least one of [n, K], in per cent of as many as could be.

    >>> float(classes_named(torch.eye(4))), float(classes_named(torch.ones(4, 10)))
    (100.0, 25.0)
    """
    count, classes = logits.shape
    named = torch.zeros(classes, device=logits.device).index_fill_(0, logits.argmax(1), 1.0)
    return 100 * named.sum() / min(count, classes)
