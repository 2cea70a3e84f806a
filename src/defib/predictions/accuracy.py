"""Accuracies, and how sure they are.

Shares are in per cent. `right` is bool [N]; `labels` int64 [N]. The mean class accuracy weighs each class alike, so
that a model which always says the most frequent class gains nothing by it.
"""

from __future__ import annotations

import numpy as np

TOP = 5


def share(right: np.ndarray) -> float:
    """How many are right, in per cent."""
    return 100.0 * float(right.mean())


def error_of(right: np.ndarray) -> float:
    """The standard error of that share, in points; never 0, since no sample settles it for good.

    One right and one wrong sample are thought beside those that there are (Agresti and Coull).

    >>> round(error_of(np.array([True] * 100)), 2)
    0.98
    """
    count = len(right) + 2
    expected = (right.sum() + 1) / count
    return 100.0 * float(np.sqrt(expected * (1 - expected) / count))


def weights_of(labels: np.ndarray) -> np.ndarray:
    """The weight of each sample when every class that there is weighs alike: float64 [N], of sum 1."""
    _, classes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return 1.0 / (len(counts) * counts[classes])


def mean_class(right: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """(the mean class accuracy in per cent, its standard error in points)."""
    return weighted(right.astype(np.float64), weights_of(labels))


def weighted(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """(a weighted mean in per cent, its standard error in points).

    values: float64 [N] in -1..1. The error takes the spread of all samples, since one class alone may be a single
    sample; that is rather too large than too small.
    """
    mean = float(values @ weights)
    spread = float(np.sqrt(np.square(weights) @ np.square(values - mean)))
    floor = float(np.square(weights).sum())  # as of one sample, where all are alike
    return 100.0 * mean, 100.0 * max(spread, floor)


def in_top(scores: np.ndarray, labels: np.ndarray) -> np.ndarray | None:
    """Whether the label is among the five highest scores; None with five classes or fewer."""
    if scores.shape[1] <= TOP:
        return None
    finite = np.isfinite(scores).all(axis=1)
    held = (labels >= 0) & (labels < scores.shape[1]) & finite
    own = scores[np.arange(len(labels)), np.where(held, labels, 0)]
    with np.errstate(invalid="ignore"):
        above = (scores > own[:, None]).sum(axis=1)
    found: np.ndarray = held & (above < TOP)
    return found


def recalls(predicted: np.ndarray, labels: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """(share of each class that is right, in per cent, NaN without samples; samples of each class)."""
    inside = (labels >= 0) & (labels < classes)
    counts = np.bincount(labels[inside], minlength=classes)
    hits = np.bincount(labels[inside & (predicted == labels)], minlength=classes)
    with np.errstate(invalid="ignore"):
        return 100.0 * hits / np.where(counts, counts, np.nan), counts


def spread_of(values: np.ndarray) -> float:
    """The entropy of a distribution over classes, in nats; values: the class of each sample.

    >>> round(float(np.exp(spread_of(np.array([0, 0, 1, 1])))), 2)
    2.0
    """
    if not len(values):
        return 0.0
    _, counts = np.unique(values, return_counts=True)
    shares = counts / counts.sum()
    return abs(float(-(shares * np.log(shares)).sum()))
