"""Whether fusing the streams pays, and at which weight it would not hurt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.predictions.accuracy import share, weighted
from defib.predictions.branch import probabilities
from defib.predictions.table import FUSED, winners
from defib.records import Fusion

if TYPE_CHECKING:
    from defib.predictions.table import Table

WEIGHTS = tuple(round(0.05 * step, 2) for step in range(21))


def fused(table: Table) -> np.ndarray | None:
    """The class that the fusion predicts for each sample: of the scores given, else of the mean of probabilities."""
    if FUSED in table.scores:
        return table.predicted(FUSED)
    streams = table.streams
    if len(streams) < 2:  # noqa: PLR2004 (nothing to fuse)
        return None
    return winners(np.mean([probabilities(one) for one in streams.values()], axis=0))


def fusion(table: Table) -> Fusion | None:
    """The fusion beside its streams; None where there are no labels, no fusion, or no two streams."""
    labels, streams, joined = table.labels, table.streams, fused(table)
    if labels is None or joined is None or len(streams) < 2:  # noqa: PLR2004
        return None
    right = {name: table.predicted(name) == labels for name in streams}
    best = max(right, key=lambda name: float(right[name].mean()))
    even = np.full(len(labels), 1.0 / len(labels))
    loss, error = weighted(right[best].astype(np.float64) - (joined == labels), even)
    found = Fusion(
        given=FUSED in table.scores,
        top1=share(joined == labels),
        best=best,
        best_top1=share(right[best]),
        loss=loss,
        error=error,
    )
    if len(streams) > 2:  # noqa: PLR2004 (a grid over three weights would be chosen by luck)
        return found
    (other,) = set(streams) - {best}
    return _weighted(found, streams[best], streams[other], labels, other)


def _weighted(found: Fusion, best: np.ndarray, other: np.ndarray, labels: np.ndarray, name: str) -> Fusion:
    """The same with the weights tried. Half of the samples choose, the others are scored, and the other way round."""
    one, two = probabilities(best), probabilities(other)
    right = np.array([winners(weight * one + (1.0 - weight) * two) == labels for weight in WEIGHTS])  # [W, N]
    half = np.zeros(len(labels), dtype=bool)
    half[np.random.default_rng(0).permutation(len(labels))[::2]] = True
    chosen = right[_best(right)].copy()
    if len(labels) > 1:
        for mine in (half, ~half):
            chosen[mine] = right[_best(right[:, ~mine])][mine]
    by_weight = [share(row) for row in right]
    bar = found.best_top1 - found.error  # a fusion that is below by less than chance is not below
    below = [weight for weight, value in zip(WEIGHTS, by_weight, strict=True) if value < bar]
    safe = [weight for weight in WEIGHTS if not below or weight > below[-1]]
    return msgspec.structs.replace(
        found,
        second=name,
        weights=WEIGHTS,
        by_weight=tuple(by_weight),
        weight=WEIGHTS[_best(right)],
        weight_top1=share(chosen),
        harmless_from=safe[0] if safe else None,
    )


def _best(right: np.ndarray) -> int:
    """The row with most right; of several alike the middle one, which is farthest from where it gets worse."""
    counts = right.sum(axis=1)
    alike = np.flatnonzero(counts == counts.max())
    return int(alike[len(alike) // 2])
