"""What the scores of a model on held-out samples say, in summary: the scores themselves are not kept.

All shares are in per cent. A standard error is that of the number before it, in points. Classes are counted from 0,
as the columns of the scores are.
"""

from __future__ import annotations

from typing import Literal

from defib.records.facts import Record
from defib.words import Words


class ClassScore(Record, frozen=True, kw_only=True):
    """How many of one class were recognised."""

    label: int
    count: int
    """Samples with this label."""
    value: float
    other: float | None = None
    """The same of what it is compared with: the other branch, or the earlier checkpoint."""


class Relabelled(Record, frozen=True, kw_only=True):
    """What the accuracy would be, were the labels other ones.

    For a permutation half of the samples choose it and the other half are scored, and the other way round: chosen and
    scored on the same samples it would always gain.
    """

    kind: Literal["shift", "permutation"]
    shift: int = 0
    """What is added to each label, cyclically; 0 for a permutation."""
    top1: float
    mean_class: float
    gain: float
    """By how much `mean_class` is above that of the labels as they stand, in points."""
    error: float
    """The standard error of `gain`."""
    moved: int = 0
    """How many labels a permutation moves."""


class Exchanged(Record, frozen=True, kw_only=True):
    """Two classes, most of each of which are recognised as the other."""

    first: int
    second: int
    first_as_second: float
    second_as_first: float
    samples: int
    """Of the rarer of the two."""


class Branch(Record, frozen=True, kw_only=True):
    """One stream of scores, or the fusion of all (`fused`)."""

    branch: str
    classes: int
    scores: Literal["probabilities", "logits"]
    not_finite: int = 0
    """Samples whose scores hold NaN or infinities; they count as not recognised."""
    top1: float | None = None
    """null without labels, like everything that needs them; and for a branch with other classes than the labels have."""
    error: float | None = None
    top5: float | None = None
    mean_class: float | None = None
    mean_class_error: float | None = None
    predicted: int
    """How many classes are ever predicted."""
    effective: float
    """How many classes predicted equally often would give this spread: the exponential of the entropy."""
    entropy: float
    """Of the predicted classes, in nats."""
    most_predicted: int | None = None
    most_share: float = 0.0
    """Share of the class that is predicted most."""
    confidence: float | None = None
    """The mean of the highest probability of each sample (logits go through softmax); null without finite scores."""
    relabelled: tuple[Relabelled, ...] = ()
    exchanged: tuple[Exchanged, ...] = ()
    best: tuple[ClassScore, ...] = ()
    worst: tuple[ClassScore, ...] = ()
    never: tuple[ClassScore, ...] = ()
    """Classes of which no sample was recognised, the most frequent first; at most ten."""
    never_count: int = 0


class Pair(Record, frozen=True, kw_only=True):
    """Two streams, sample by sample."""

    first: str
    second: str
    agreement: float
    """Share of samples for which both predict the same class."""
    first_only: float | None = None
    """Share that the first alone has right."""
    second_only: float | None = None
    either: float | None = None
    """Share that at least one has right: what a perfect choice between them would reach."""
    first_knows: tuple[ClassScore, ...] = ()
    """Classes that the first recognises far better, beyond chance."""
    second_knows: tuple[ClassScore, ...] = ()


class Fusion(Record, frozen=True, kw_only=True):
    """The fused scores beside the streams that they are made of."""

    given: bool
    """The file holds fused scores; otherwise they are the mean of the streams' probabilities."""
    top1: float
    best: str
    """The stream that is best by itself."""
    best_top1: float
    loss: float
    """By how much the fused scores are below the best stream, in points; negative where fusing helps."""
    error: float
    """The standard error of `loss`, sample by sample."""
    second: str | None = None
    """The other stream, where there are two: then the weights are tried."""
    weights: tuple[float, ...] = ()
    """Weights of `best` that were tried; the other stream has what is left to 1."""
    by_weight: tuple[float, ...] = ()
    """The accuracy at each."""
    weight: float | None = None
    """The best weight."""
    weight_top1: float | None = None
    """What it gives on the half of the samples that did not choose it."""
    harmless_from: float | None = None
    """The smallest weight from which on the fusion is no longer below the best stream."""


class Predictions(Record, frozen=True, kw_only=True):
    """What a model predicts on held-out samples."""

    files: tuple[str, ...]
    """One, or that of an earlier checkpoint and that of a later one, which is what all numbers here are of."""
    form: Literal["pickle", "npz", "jsonl"]
    samples: int
    classes: int
    labelled: bool
    label_low: int | None = None
    label_high: int | None = None
    outside: int = 0
    """Samples whose label is no column of the scores: below 0, or the number of classes and more."""
    label_classes: int | None = None
    """How many classes the labels hold."""
    label_effective: float | None = None
    """How many equally frequent classes would have the spread of the labels."""
    branches: tuple[Branch, ...] = ()
    """The fused scores first, then the others from the best on."""
    pairs: tuple[Pair, ...] = ()
    fusion: Fusion | None = None
    lost_of: str | None = None
    """The branch that `lost` is about; null when there is no earlier file to compare with."""
    lost: tuple[ClassScore, ...] = ()
    """Classes that fell most from the earlier file (`other`) to the later (`value`), beyond chance."""
    notes: tuple[Words, ...] = ()

    def get(self, branch: str) -> Branch | None:
        """One branch by name."""
        return next((one for one in self.branches if one.branch == branch), None)
