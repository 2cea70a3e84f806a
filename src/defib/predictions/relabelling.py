"""What the accuracy would be, were the labels shifted by one, in another order, or two of them exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.predictions.accuracy import share, weighted, weights_of
from defib.records import Exchanged, Relabelled

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIFTS = (-1, 1)
MOST_CLASSES = 2000  # of a permutation: the assignment costs their cube, one second for so many (measured)
TINY = 1e-9  # what keeps a label where it is when nothing speaks for another place
LEAST = 20  # samples of a class, before it is called exchanged. Assumed
SURE = 4.0  # standard errors
HALF = 0.5
MOST_SHOWN = 10


def relabelled(predicted: np.ndarray, labels: np.ndarray, classes: int) -> Iterator[Relabelled]:
    """Each shift, then the best permutation."""
    weights, plain = weights_of(labels), predicted == labels
    for shift in SHIFTS:
        # C counts as 0 here: labels that count from 1 hold it in the place of the last column
        found = _compared(predicted == _shifted(labels, shift, classes), plain, weights)
        yield msgspec.structs.replace(found, shift=shift)
    if classes > MOST_CLASSES or len(labels) < 2:  # noqa: PLR2004 (there are no halves)
        return
    right, moved = _permuted(predicted, labels, classes)
    yield msgspec.structs.replace(_compared(right, plain, weights), kind="permutation", moved=moved)


def _shifted(labels: np.ndarray, shift: int, classes: int) -> np.ndarray:
    inside = (labels >= 0) & (labels <= classes)
    return np.where(inside, (labels + shift) % classes, labels)


def _compared(right: np.ndarray, plain: np.ndarray, weights: np.ndarray) -> Relabelled:
    gain, error = weighted(right.astype(np.float64) - plain, weights)
    fair, _ = weighted(right.astype(np.float64), weights)
    return Relabelled(kind="shift", top1=share(right), mean_class=fair, gain=gain, error=error)


def _permuted(predicted: np.ndarray, labels: np.ndarray, classes: int) -> tuple[np.ndarray, int]:
    """(whether each sample is right under the permutation that the other half chose, labels that the whole moves)."""
    half = _halves(labels)
    right = np.zeros(len(labels), dtype=bool)
    for mine in (half, ~half):
        right[mine] = predicted[mine] == _mapped(labels[mine], best_order(predicted[~mine], labels[~mine], classes))
    order = best_order(predicted, labels, classes)
    return right, int((order != np.arange(classes)).sum())


def _halves(labels: np.ndarray) -> np.ndarray:
    """Every other sample of each class, in a fixed mixed order: files are often sorted by something. bool [N]."""
    mixed = np.random.default_rng(0).permutation(len(labels))
    ordered = mixed[np.argsort(labels[mixed], kind="stable")]
    half = np.zeros(len(labels), dtype=bool)
    half[ordered[::2]] = True
    return half


def best_order(predicted: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """For each label the class that it is most often predicted as, each class once (the Hungarian method). int64 [C]."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 (half a second, and needed only here)

    counts = confusion(predicted, labels, classes)
    samples = counts.sum(axis=1, keepdims=True)
    value = counts / np.where(samples, samples, 1) + TINY * np.eye(classes)
    order: np.ndarray = linear_sum_assignment(value, maximize=True)[1]
    return order


def _mapped(labels: np.ndarray, order: np.ndarray) -> np.ndarray:
    inside = (labels >= 0) & (labels < len(order))
    return np.where(inside, order[np.where(inside, labels, 0)], labels)


def confusion(predicted: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """How often each label (row) is predicted as each class (column). int64 [C, C]."""
    known = (labels >= 0) & (labels < classes) & (predicted >= 0)
    cells = labels[known] * classes + predicted[known]
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def exchanged(predicted: np.ndarray, labels: np.ndarray, classes: int) -> tuple[Exchanged, ...]:
    """Pairs of classes, far more than half of each of which are predicted as the other.

    A model that confuses two classes prefers one of them; none can prefer the wrong one both times.
    """
    if classes > MOST_CLASSES:
        return ()
    counts = confusion(predicted, labels, classes)
    samples = np.bincount(labels[(labels >= 0) & (labels < classes)], minlength=classes)
    expected = (counts + 1) / (samples[:, None] + 2)
    sure = expected - SURE * np.sqrt(expected * (1 - expected) / (samples[:, None] + 2)) > HALF
    sure &= (samples[:, None] >= LEAST) & ~np.eye(classes, dtype=bool)
    firsts, seconds = np.nonzero(np.triu(sure & sure.T))
    return tuple(
        Exchanged(
            first=int(one),
            second=int(two),
            first_as_second=100.0 * float(counts[one, two]) / float(samples[one]),
            second_as_first=100.0 * float(counts[two, one]) / float(samples[two]),
            samples=int(min(samples[one], samples[two])),
        )
        for one, two in list(zip(firsts, seconds, strict=True))[:MOST_SHOWN]
    )
