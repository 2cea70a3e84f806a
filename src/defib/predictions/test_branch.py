import numpy as np
import pytest

from defib.predictions.branch import are_probabilities, branch_of, probabilities
from defib.predictions.table import Table
from defib.predictions.test_made_up_tables import answers_of, labels_of, scores_of, table

LABELS = labels_of(1200, 12)


def test_a_branch_is_described_by_numbers_that_can_be_counted_again():
    said = answers_of(LABELS, 12, 0.6)
    found = branch_of(table(LABELS, 12, rgb=said), "rgb")
    recalls = [100 * (said[np.equal(LABELS, one)] == one).mean() for one in range(12)]
    assert found.top1 == pytest.approx(100 * (said == LABELS).mean())
    assert found.mean_class == pytest.approx(np.mean(recalls))
    assert found.predicted == len(set(said.tolist()))
    shares = np.bincount(said, minlength=12) / 1200
    assert found.entropy == pytest.approx(-(shares * np.log(shares)).sum())
    assert found.effective == pytest.approx(np.exp(found.entropy))
    assert (found.most_predicted, found.most_share) == (shares.argmax(), pytest.approx(100 * shares.max()))
    assert found.confidence == pytest.approx(90, abs=0.01)
    assert found.best[0].label == np.argmax(recalls)
    assert found.worst[0].label == np.argmin(recalls)
    assert not found.never


def test_classes_that_are_never_recognised_are_counted_and_the_most_frequent_named():
    said = np.where(LABELS < 11, 11, LABELS)
    found = branch_of(table(LABELS, 12, rgb=said), "rgb")
    assert (found.never_count, len(found.never)) == (11, 10)
    counts = [one.count for one in found.never]
    assert counts == sorted(counts, reverse=True)
    assert found.predicted == 1
    assert found.effective == 1
    assert found.most_share == 100


def test_scores_that_are_not_finite_count_as_wrong_and_are_counted():
    scores = scores_of(LABELS, 12)
    scores[:300] = np.nan
    found = branch_of(Table(file="a", form="npz", scores={"rgb": scores}, labels=LABELS), "rgb")
    assert (found.not_finite, found.top1) == (300, 75)
    assert found.confidence == pytest.approx(90, abs=0.01)


def test_scores_that_are_all_nan_say_nothing():
    scores = np.full((40, 12), np.nan, dtype=np.float32)
    found = branch_of(Table(file="a", form="npz", scores={"rgb": scores}, labels=LABELS[:40]), "rgb")
    assert (found.not_finite, found.predicted, found.effective, found.most_predicted) == (40, 0, 0, None)
    assert (found.top1, found.confidence) == (0, None)


def test_without_labels_only_what_is_predicted_is_told():
    found = branch_of(table(None, 12, rgb=LABELS), "rgb")
    assert (found.top1, found.mean_class, found.relabelled, found.best) == (None, None, (), ())
    assert found.predicted == 12


def test_a_coarse_head_is_not_held_against_the_labels():
    both = Table(file="a", form="npz", scores={"rgb": scores_of(LABELS, 12), "coarse": scores_of(LABELS % 3, 3)},
                 labels=LABELS)  # fmt: skip
    assert branch_of(both, "coarse").top1 is None
    assert branch_of(both, "coarse").predicted == 3


def test_logits_and_probabilities_are_told_apart():
    assert are_probabilities(scores_of(LABELS, 12))
    assert are_probabilities(scores_of(LABELS, 12).astype(np.float16).astype(np.float32))
    assert not are_probabilities(scores_of(LABELS, 12) * 5)
    assert not are_probabilities(scores_of(LABELS, 12) - 0.1)
    assert not are_probabilities(np.full((3, 2), np.nan))


def test_logits_go_through_softmax_and_rows_that_are_not_finite_are_all_alike():
    logits = np.array([[1000.0, 1001.0], [np.nan, 1.0]], dtype=np.float32)
    found = probabilities(logits)
    assert found[0] == pytest.approx([1 / (1 + np.e), np.e / (1 + np.e)])
    assert found[1].tolist() == [0.5, 0.5]


def test_probabilities_stay_as_they_are():
    assert probabilities(scores_of(LABELS, 12)) == pytest.approx(scores_of(LABELS, 12))
