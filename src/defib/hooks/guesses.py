"""How sure a classifier is, and how many classes it still names: one that collapses says the same for every sample."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn

from defib.hooks.seen import Last

if TYPE_CHECKING:
    from typing import Sequence

    from torch import Tensor

    from defib.hooks.branches import Branch

FEWEST = 2
"""Classes; a layer with one output is a regression."""


class Guesses:
    """Entropy and classes at the last linear layer of every branch, in the forward passes between `begin` and `end`."""

    def __init__(self, branches: Sequence[Branch]) -> None:
        """branches: of which the linear layer that runs last is taken for the classifier."""
        self._last = Last(
            [
                (branch.suffix, module)
                for branch in branches
                for module in branch.modules
                if isinstance(module, nn.Linear) and module.out_features >= FEWEST
            ]
        )

    def begin(self) -> None:
        """Look from now on."""
        self._last.begin()

    def end(self) -> dict[str, Tensor]:
        """Metric name -> scalar in per cent; no look is taken any more."""
        found = {}
        for suffix, seen in self._last.end().items():
            with torch.no_grad(), torch.autocast(seen.device.type, enabled=False):
                found["train/entropy" + suffix] = entropy(seen)
                found["train/classes_named" + suffix] = classes_named(seen)
        return found


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
