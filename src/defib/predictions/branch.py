"""What one branch predicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.predictions.accuracy import error_of, in_top, mean_class, recalls, share, spread_of
from defib.predictions.relabelling import exchanged, relabelled
from defib.predictions.table import winners
from defib.records import Branch, ClassScore

if TYPE_CHECKING:
    from defib.predictions.table import Table

SUM = 0.01  # by how much the sum of a row of probabilities may miss 1 (float16 misses it by 0.002). Assumed
MOST_SHOWN = 10
FEW_SHOWN = 5


def branch_of(table: Table, name: str) -> Branch:
    """Everything that can be said of one branch alone; without labels only what it predicts."""
    scores, predicted = table.scores[name], table.predicted(name)
    finite = predicted[predicted >= 0]
    entropy = spread_of(finite)
    counts = np.bincount(finite, minlength=1)
    highest = probabilities(scores)[predicted >= 0].max(axis=1)
    found = Branch(
        branch=name,
        classes=scores.shape[1],
        scores="probabilities" if are_probabilities(scores) else "logits",
        not_finite=len(predicted) - len(finite),
        predicted=int((counts > 0).sum()),
        effective=float(np.exp(entropy)) if len(finite) else 0.0,
        entropy=entropy,
        most_predicted=int(counts.argmax()) if len(finite) else None,
        most_share=100.0 * float(counts.max()) / len(predicted),
        confidence=share(highest) if len(finite) else None,
    )
    if table.labels is None or scores.shape[1] != table.classes:
        return found
    return _labelled(found, scores, predicted, table.labels)


def _labelled(found: Branch, scores: np.ndarray, predicted: np.ndarray, labels: np.ndarray) -> Branch:
    right, top = predicted == labels, in_top(scores, labels)
    fair, fair_error = mean_class(right, labels)
    held = classes_of(predicted, labels, found.classes)
    never = sorted((one for one in held if one.value == 0), key=lambda one: (-one.count, one.label))
    return msgspec.structs.replace(
        found,
        top1=share(right),
        error=error_of(right),
        top5=None if top is None else share(top),
        mean_class=fair,
        mean_class_error=fair_error,
        relabelled=tuple(relabelled(predicted, labels, found.classes)),
        exchanged=exchanged(predicted, labels, found.classes),
        best=tuple(held[:FEW_SHOWN]),
        worst=tuple(reversed(held[-FEW_SHOWN:])),
        never=tuple(never[:MOST_SHOWN]),
        never_count=len(never),
    )


def classes_of(predicted: np.ndarray, labels: np.ndarray, classes: int) -> list[ClassScore]:
    """How well each class that has samples is recognised, the best first."""
    values, counts = recalls(predicted, labels, classes)
    held = [
        ClassScore(label=int(one), count=int(counts[one]), value=float(values[one])) for one in np.nonzero(counts)[0]
    ]
    return sorted(held, key=lambda one: (-one.value, -one.count, one.label))


def are_probabilities(scores: np.ndarray) -> bool:
    """Whether every finite row lies between 0 and 1 and adds up to 1."""
    rows = scores[np.isfinite(scores).all(axis=1)]
    if not len(rows):
        return False
    return bool((rows >= 0).all() and (np.abs(rows.sum(axis=1, dtype=np.float64) - 1.0) <= SUM).all())


def probabilities(scores: np.ndarray) -> np.ndarray:
    """The scores as probabilities: as they are, or by softmax. A row that is not finite says nothing: all alike."""
    if are_probabilities(scores):
        found = scores.astype(np.float64)
    else:
        with np.errstate(invalid="ignore", over="ignore"):
            powers = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
            found = powers / powers.sum(axis=1, keepdims=True)
    found[winners(scores) < 0] = 1.0 / scores.shape[1]
    return found
