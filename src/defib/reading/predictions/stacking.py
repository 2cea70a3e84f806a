"""Rows or columns of scores become a Table, or are refused because they do not fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from defib.predictions import Table
from defib.reading.predictions import problems
from defib.reading.predictions.problems import Unfit
from defib.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Row = tuple[dict[str, np.ndarray], float | None, str | None]
    """The scores of one sample by branch, its label and its name."""

MOST_BRANCHES = 16  # assumed; RGB, pose, two coarse heads and their fusion are five
MOST_SAMPLES = 2_000_000  # assumed; forty times ImageNet's validation set, and each costs some 300 bytes on the way
LEAST_CLASSES = 2
MATRIX = 2
LARGEST = 2.0**53  # beyond it a float holds no longer every whole number


def stacked(file: str, form: Literal["pickle", "jsonl"], rows: Iterable[Row], *, most: int = MOST_SAMPLES) -> Table:
    """A Table of samples that came one by one.

    most: samples; a file with more is refused when the first too many comes.

    Raises Unfit.
    """
    scores: dict[str, list[np.ndarray]] = {}
    labels: list[float | None] = []
    names: list[str | None] = []
    for index, (found, label, name) in enumerate(rows):
        if index == 0:
            scores = {branch: [] for branch in found}
        if index >= most:
            raise Unfit(problems.MANY_SAMPLES.fill(limit=most))
        if found.keys() != scores.keys():
            words = {"found": ", ".join(sorted(found)), "expected": ", ".join(sorted(scores))}
            raise Unfit(problems.BRANCHES_DIFFER.fill(index=index, **words))
        for branch, row in found.items():
            before = scores[branch]
            if before and len(row) != len(before[0]):
                words = {"name": branch, "found": str(len(row)), "expected": str(len(before[0]))}
                raise Unfit(problems.ROWS_DIFFER.fill(index=index, **words))
            before.append(row)
        labels.append(label)
        names.append(name)
    matrices = {branch: np.array(found, dtype=np.float32) for branch, found in scores.items()}
    return checked(file, form, matrices, _labels(labels), names)


def checked(
    file: str,
    form: Literal["pickle", "npz", "jsonl"],
    scores: dict[str, np.ndarray],
    labels: np.ndarray | None,
    names: Sequence[str | None] | None,
) -> Table:
    """A Table, once its parts are as long as each other.

    labels: any numbers; NaN throughout stands for no labels, and so does a number below 0 throughout.

    Raises Unfit.
    """
    if len(scores) > MOST_BRANCHES:
        raise Unfit(problems.MANY_BRANCHES.fill(found=len(scores), limit=MOST_BRANCHES))
    for branch, one in scores.items():
        if one.ndim != MATRIX or not len(one) or one.shape[1] < LEAST_CLASSES:
            raise Unfit(problems.SHAPE.fill(name=branch, found=list(one.shape)))
    first = next(iter(scores))
    lengths = {branch: len(one) for branch, one in scores.items()}
    lengths |= {"label": len(labels)} if labels is not None else {}
    lengths |= {"name": len(names)} if names is not None else {}
    for name, length in lengths.items():
        if length != lengths[first]:
            raise Unfit(problems.COUNTS_DIFFER.fill(name=name, found=length, other=first, expected=lengths[first]))
    known = None if names is None or None in names else tuple(str(name) for name in names)
    held = {branch: one.astype(np.float32, copy=False) for branch, one in scores.items()}
    return Table(file=file, form=form, scores=held, labels=_whole(labels), names=known)


def _labels(labels: list[float | None]) -> np.ndarray | None:
    missing = [index for index, label in enumerate(labels) if label is None]
    if missing and len(missing) < len(labels):
        raise Unfit(problems.SOME_LABELS.fill(index=missing[0]))
    return None if missing or not labels else np.array(labels, dtype=np.float64)


def _whole(labels: np.ndarray | None) -> np.ndarray | None:
    if labels is None or not len(labels) or (labels < 0).all() or np.isnan(labels).all():
        return None
    wrong = np.flatnonzero(~(np.isfinite(labels) & (np.abs(labels) < LARGEST) & (labels == np.floor(labels))))
    if len(wrong):
        raise Unfit(problems.NOT_WHOLE.fill(index=int(wrong[0]), value=number(float(labels[wrong[0]]))))
    return labels.astype(np.int64)
