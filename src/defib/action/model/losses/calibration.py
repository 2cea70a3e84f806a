"""Prototype calibration: ambiguous samples are drawn to their class and pushed off the class they were taken for.

PCAN (Li et al., AAAI 2025), L_PCC, after FR-Head (Zhou et al., CVPR 2023). What the paper's printed form and the
published code do differently is said where it happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from defib.action.model.prototypes import sums

if TYPE_CHECKING:
    from collections.abc import Sequence

TAU = 0.125
"""The paper's temperature."""
FINE_WEIGHTS = (1.0, 0.5, 0.1)
"""The paper's alpha for a wrong class in the right group, a wrong class in a wrong group, a right class in a wrong group."""
Form = Literal["divide", "multiply"]


class Judged(NamedTuple):
    """A batch of N samples and what one head says of it."""

    embedded: Tensor
    """[N, C], of length one."""
    label: Tensor
    """[N]."""
    predicted: Tensor
    """[N], what the head takes each sample for."""
    chance: Tensor
    """[N], what the head gives the true class."""


def calibration(
    batch: Judged, centres: Tensor, misses: Sequence[tuple[float, Tensor]], form: Form = "divide"
) -> Tensor:
    """The calibration loss of one head over a batch of N samples.

    centres: [K, C], the prototypes; misses: sets of false negatives as (weight, [N] bool).
    form: `divide` has cosines over tau, as the published code; `multiply` has cosines times tau, as printed: with K = 60
    its cross-entropy moves between 4.09 and 3.85 whatever the features, so it teaches nearly nothing.

    Each sample of a set is scored against all prototypes, the true class minus (1 - chance) * penalty. The penalty of a
    false negative is 1 - cosine to the centre of its set's other samples of the class; that of a false positive is 1 +
    cosine to the centre of the others that were taken for the same class. A sample alone in its set has none: with itself
    in the centre, as published, its penalty would vanish too, but only by accident. No gradient goes through `chance`.
    A set counts by its share of the batch, so that the loss goes to zero with the mistakes.
    """
    scale = 1 / TAU if form == "divide" else TAU
    embedded, label, predicted, chance = batch
    score = scale * embedded @ functional.normalize(centres, dim=1).to(embedded.dtype).T
    doubt = 1 - chance.detach().to(embedded.dtype)
    total = embedded.new_zeros(())
    wrong = predicted != label
    false = [(weight, chosen, 1 - others(embedded, label, chosen, len(centres))) for weight, chosen in misses]
    false.append((1.0, wrong, 1 + others(embedded, predicted, wrong, len(centres))))
    for weight, chosen, penalty in false:
        known = torch.isfinite(penalty)
        less = torch.where(known, penalty, torch.zeros_like(penalty)) * doubt
        lowered = score - less[:, None] * functional.one_hot(label, len(centres)).to(score.dtype)
        each = functional.cross_entropy(lowered, label, reduction="none")
        total = total + weight * torch.where(chosen, each, torch.zeros_like(each)).sum() / len(label)
    return total


def others(embedded: Tensor, index: Tensor, chosen: Tensor, classes: int) -> Tensor:
    """The cosine of each chosen sample to the centre of the other chosen samples of its class, [N]; NaN where it is alone."""
    total, count = sums(embedded, index, chosen, classes)
    rest = total[index] - embedded
    cosine = functional.cosine_similarity(embedded, rest, dim=1)
    return torch.where(chosen & (count[index] > 1), cosine, torch.full_like(cosine, torch.nan).detach())


def fine_misses(label: Tensor, predicted: Tensor, group_right: Tensor) -> tuple[tuple[float, Tensor], ...]:
    """The three sets of false negatives of the fine head, with the paper's weights."""
    wrong = predicted != label
    sets = (group_right & wrong, ~group_right & wrong, ~group_right & ~wrong)
    return tuple(zip(FINE_WEIGHTS, sets, strict=True))
