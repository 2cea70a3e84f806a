"""Made-up predictions for the tests of every room: labels, what a model answers, and the scores that say so."""

import numpy as np

from defib.predictions import Table


def labels_of(count, classes, seed=0):
    """Labels, each class about as often as any other."""
    return np.random.default_rng(seed).integers(0, classes, count)


def answers_of(labels, classes, right, seed=1):
    """The answers of a model that knows a share of the samples and guesses at the others."""
    draw = np.random.default_rng(seed)
    return np.where(draw.random(len(labels)) < right, labels, draw.integers(0, classes, len(labels)))


def scores_of(answers, classes, sure=0.9):
    """Probabilities with one highest in each row: `sure` for the answer, the rest for all the others alike."""
    scores = np.full((len(answers), classes), (1.0 - sure) / (classes - 1), dtype=np.float32)
    scores[np.arange(len(answers)), answers] = sure
    return scores


def table(labels, classes, *, file="made-up.npz", names=None, sure=0.9, **answers):
    """A table of branches, from what each answers."""
    scores = {branch: scores_of(one, classes, sure) for branch, one in answers.items()}
    held = None if labels is None else np.asarray(labels, dtype=np.int64)
    return Table(file=file, form="npz", scores=scores, labels=held, names=names)


def test_the_made_up_model_knows_the_share_that_it_is_asked_to_know():
    labels = labels_of(4000, 10)
    right = (answers_of(labels, 10, 0.6) == labels).mean()
    assert abs(right - (0.6 + 0.4 / 10)) < 0.03
    assert (scores_of(answers_of(labels, 10, 0.6), 10).argmax(axis=1) == answers_of(labels, 10, 0.6)).all()
