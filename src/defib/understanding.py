"""Names that people give their metrics, in any order and spelling: `val_acc`, `Train Loss`, `acc_val`, `dev_f1`.

A name is taken apart into words: a split, a measure, and perhaps a branch that is known to be one. Whatever is left over
makes the name unknown, so that the row of one class in a table of classes, a weight of a loss or a best value so far is
never taken for the metric itself. The patterns of the frameworks (`metrics.recognise`) come before guesses at branches.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from defib import metrics
from defib.measures import MEASURES, Measure
from defib.metrics import Meaning
from defib.spellings import SPELLED, words_of

MOST_WORDS = 8  # assumed: a longer name is a sentence

_SPLITS = {
    **dict.fromkeys(("train", "training", "trn", "tr", "训练", "训练集"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "vali", "dev", "eval", "evaluation", "evaluate"), "val"),
    **dict.fromkeys(("heldout", "holdout", "验证", "验证集"), "val"),
    **dict.fromkeys(("test", "testing", "tst", "测试", "测试集"), "test"),
}
_PHRASES = (("held out", "heldout"), ("cross validation", "validation"))
_LEADING = frozenset(
    {
        *(
            "mean",
            "avg",
            "average",
            "averaged",
            "running",
            "epoch",
            "epochs",
            "batch",
            "total",
            "current",
            "cur",
            "final",
        ),
        *("global", "smoothed", "overall", "metrics", "metric", "perf", "performance", "trainer", "log", "logs", "set"),
        *(
            "scores",
            "misc",
            "stats",
            "rollout",
            "charts",
            "objective",
            "平均",
            "raw",
            "history",
            "summary",
            "results",
            "main",
        ),
    }
)
_TRAILING = frozenset(
    {
        "mean",
        "avg",
        "average",
        "epoch",
        "step",
        "score",
        "total",
        "all",
        "overall",
        "after",
        "meter",
        "value",
        "ave",
        "set",
    }
)
_NEVER = frozenset(
    {
        *(
            "best",
            "max",
            "min",
            "std",
            "var",
            "weight",
            "weights",
            "scale",
            "scaler",
            "coef",
            "coeff",
            "ratio",
            "type",
            "fn",
        ),
        *(
            "gap",
            "target",
            "improved",
            "improvement",
            "threshold",
            "before",
            "diff",
            "delta",
            "unscaled",
            "highest",
            "lowest",
        ),
        *(
            "previous",
            "prev",
            "last",
            "initial",
            "baseline",
            "bonus",
            "factor",
            "lambda",
            "decay",
            "warmup",
            "max_",
            "最佳",
        ),
    }
)
_EXTRA_BRANCHES = frozenset({"ema", "teacher", "student"})
OF_TRAINING = frozenset(
    {
        *(
            "loss",
            "lr",
            "grad_norm",
            "momentum",
            "weight_decay",
            "time",
            "data_time",
            "memory",
            "loss_part",
            "nll",
            "kl",
        ),
        *metrics.HOOKED,
        *("elbo", "log_likelihood", "explained_variance"),
        *("mse", "mae", "rmse", "mape", "nmse", "perplexity", "bits", "error"),
    }
)

"""Measures that are the training's where nobody says of which set they are."""


class Parts(NamedTuple):
    """What a name is made of; the split is empty where it does not say."""

    split: str
    measure: Measure
    branch: str | None


def understand(raw: str, split: str = "") -> Meaning | None:
    """What a logged name means, or None when it is not known.

    split: which set the row is about, when the log says so. A name that says it itself is believed; where nobody does,
    a loss is the training's and a score held out.

    >>> understand("Validation Accuracy").key, understand("loss_train").key, understand("dev_f1").key
    ('val/top1', 'train/loss', 'val/fscore')
    >>> understand("test_acc1_ema").key, understand("TrainLoss").key, understand("mean_loss", "val").key
    ('test/top1/ema', 'train/loss', 'val/loss')
    >>> understand("best_acc"), understand("bbox/AP-car"), understand("IoU.sky"), understand("loss_weight")
    (None, None, None, None)
    """
    parts = _parts(raw, branches=False)
    if parts is None:
        meaning = metrics.recognise(raw, split)
        if meaning is not None and (meaning.measure.name != "loss_part" or "." in raw):
            return meaning
        parts = _parts(raw, branches=True)
    return None if parts is None else meaning_of(parts, split)


def parts_of(raw: str) -> Parts | None:
    """Split, measure and branch of a name, the split empty where the name does not say; None when it is not known."""
    found = _parts(raw, branches=True)
    if found is None and (meaning := metrics.recognise(raw)) is not None and meaning.measure.name != "loss_part":
        said = bool(_SPLITS.keys() & set((words_of(raw) or ("",))[0].split()))
        found = Parts(meaning.metric.partition("/")[0] if said else "", meaning.measure, meaning.branch)
    return found


def meaning_of(parts: Parts, split: str = "") -> Meaning:
    """The meaning of what a name is made of, in a row of this split."""
    of = parts.split or split or ("train" if parts.measure.name in OF_TRAINING else "val")
    if parts.measure.name in ("lr", "grad_norm", "momentum"):  # there is one optimiser, whichever row it stands in
        of = "train"
    metric = f"{of}/{parts.measure.name}"
    return Meaning(f"{metric}/{parts.branch}" if parts.branch else metric, metric, parts.branch, parts.measure)


def split_of(text: str) -> str:
    """The split that the last word of a text names, or an empty text.

    >>> split_of("Test set: Average"), split_of("Training epoch"), split_of("restful")
    ('test', 'train', '')
    """
    found = [_SPLITS[word] for written in words_of(text)[:1] for word in written.split() if word in _SPLITS]
    return found[-1] if found else ""


@lru_cache(maxsize=4096)
def _parts(raw: str, *, branches: bool) -> Parts | None:
    """The first way of writing the name in words that is understood."""
    for written in words_of(raw):
        found = _of_words(written, branches=branches)
        if found is not None:
            return found
    return None


def _of_words(written: str, *, branches: bool) -> Parts | None:
    for phrase, word in _PHRASES:
        written = written.replace(phrase, word)
    words = written.split()
    if not words or len(words) > MOST_WORDS:
        return None
    splits = [_SPLITS[word] for word in words if word in _SPLITS]
    rest = [word for word in words if word not in _SPLITS]
    split = splits[0] if splits else ""
    if not _NEVER.isdisjoint(words) and " ".join(rest) not in SPELLED:
        return None
    while rest:
        measure = SPELLED.get(" ".join(rest))
        if measure is not None:
            return Parts(split, measure, None)
        if rest[0] in _LEADING:
            rest = rest[1:]
        elif rest[-1] in _TRAILING and (split or rest[-1] == "after" or rest[-2:-1] == ["loss"]):
            rest = rest[:-1]
        else:
            break
    return _of_a_part(split, rest) if branches else None


def _of_a_part(split: str, words: list[str]) -> Parts | None:
    """A measure of a branch that is known to be one, or a part of a loss."""
    for size in range(len(words) - 1, 0, -1):
        for measure, others in (
            (SPELLED.get(" ".join(words[:size])), words[size:]),
            (SPELLED.get(" ".join(words[-size:])), words[:-size]),
        ):
            other = "_".join(others)
            if measure is not None and (metrics.known_branch(other) or other in _EXTRA_BRANCHES):
                return Parts(split, measure, metrics.branch_name(other))
    if len(words) > 1 and "loss" in (words[0], words[-1]):
        part = "_".join(word for word in words if word != "loss") or "loss"
        return Parts(split, MEASURES["loss_part"], part)
    return None
