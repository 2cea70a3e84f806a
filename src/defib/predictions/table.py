"""Scores, labels and names of the same samples, as arrays.

N: samples. K: classes of a branch. C: classes of the labels, those of the fused scores or else of most streams.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

FUSED = "fused"
"""The branch of scores that carry no name: the model's one answer."""
NOTHING = -1
"""What a sample without finite scores predicts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """What one file of predictions holds. Its parts have been checked: they are as long as each other."""

    file: str
    form: Literal["pickle", "npz", "jsonl"]
    scores: Mapping[str, np.ndarray]
    """By branch: float32 [N, K]."""
    labels: np.ndarray | None
    """int64 [N], counted from 0; those outside 0..C-1 are kept as they are."""
    names: tuple[str, ...] | None = None

    @property
    def samples(self) -> int:
        """N."""
        return len(next(iter(self.scores.values())))

    @property
    def classes(self) -> int:
        """C: a coarse head has fewer columns than the labels have classes, so that the most of any branch count."""
        widths: dict[str, int] = {name: scores.shape[1] for name, scores in self.scores.items()}
        return widths.get(FUSED) or max(widths.values())

    @property
    def streams(self) -> dict[str, np.ndarray]:
        """The branches that are one stream each and speak of the labels' classes."""
        return {name: one for name, one in self.scores.items() if name != FUSED and one.shape[1] == self.classes}

    def predicted(self, branch: str) -> np.ndarray:
        """The class that a branch predicts for each sample; NOTHING where its scores are not finite."""
        return winners(self.scores[branch])


def winners(scores: np.ndarray) -> np.ndarray:
    """The column with the highest score of each row; NOTHING for a row with NaN or infinities.

    >>> winners(np.array([[0.1, 0.9], [np.nan, 1.0]])).tolist()
    [1, -1]
    """
    finite = np.isfinite(scores).all(axis=1)
    return np.where(finite, np.where(finite[:, None], scores, 0.0).argmax(axis=1), NOTHING)
