"""The tree loss: the share of the legal states that hold the truth (HRN, Chen et al., CVPR 2022; PCAN's L_HP).

Scores pass through a sigmoid, so each is below one and the loss has a floor far above zero. `floor` says where.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from defib.action.taxonomy import states

if TYPE_CHECKING:
    from collections.abc import Sequence


class TreeLoss(nn.Module):
    """-log of the mass of the states that hold the true node, over all legal states. For any tree."""

    states: Tensor
    holds: Tensor

    def __init__(self, parents: Sequence[int]) -> None:
        """parents: of each node of the tree; the columns of the scores are its nodes in this order.

        Raises TaxonomyRefused.
        """
        super().__init__()
        legal = torch.from_numpy(states(parents))
        self.register_buffer("states", legal, persistent=False)
        self.register_buffer("holds", legal.T.bool(), persistent=False)

    def forward(self, scores: Tensor, node: Tensor) -> Tensor:
        """The mean over a batch.

        scores: [N, nodes], before the sigmoid; node: [N], the true node, a leaf or not.
        """
        dtype = torch.promote_types(scores.dtype, torch.float32)  # a half-precision logsumexp loses the small states
        return self._of(scores.to(dtype).sigmoid(), node).mean()

    def floor(self, node: Tensor) -> Tensor:
        """The least that the loss can be for true nodes, [N]: scores of one above and below the node, of zero elsewhere.

        With the mass of true states T and of all states Z, the slope of the loss along a score is its share in Z minus
        its share in T: never positive for a node on the way to the root or below the true one, positive for every other.
        """
        return self._of(torch.maximum(self.states[node], self.states.T[node]), node)

    def _of(self, chances: Tensor, node: Tensor) -> Tensor:
        energy = chances @ self.states.to(chances.dtype).T
        true = energy.masked_fill(~self.holds[node], -torch.inf)
        return energy.logsumexp(1) - true.logsumexp(1)
