import numpy as np
import pytest

from defib.predictions.accuracy import error_of, in_top, mean_class, recalls, share, spread_of, weighted, weights_of
from defib.predictions.test_made_up_tables import answers_of, labels_of


def test_the_mean_class_accuracy_is_the_plain_mean_of_the_classes():
    labels = np.array([0, 0, 0, 0, 1, 1, 2])
    right = np.array([True, True, True, False, True, False, True])
    by_hand = 100 * (3 / 4 + 1 / 2 + 1) / 3
    assert mean_class(right, labels)[0] == pytest.approx(by_hand)
    assert share(right) == pytest.approx(100 * 5 / 7)


def test_always_saying_the_most_frequent_class_gains_nothing_by_class():
    labels = np.array([0] * 90 + [1] * 10)
    right = labels == 0
    assert share(right) == 90
    assert mean_class(right, labels)[0] == 50


def test_the_error_of_a_share_is_that_of_repeated_draws():
    draw = np.random.default_rng(3)
    shares = [share(draw.random(400) < 0.7) for _ in range(400)]
    assert error_of(draw.random(400) < 0.7) == pytest.approx(np.std(shares), rel=0.2)


def test_the_error_of_a_mean_over_classes_is_that_of_repeated_draws():
    labels, found, errors = labels_of(600, 12), [], []
    for seed in range(200):
        fair, error = mean_class(answers_of(labels, 12, 0.5, seed) == labels, labels)
        found.append(fair)
        errors.append(error)
    assert np.mean(errors) == pytest.approx(np.std(found), rel=0.2)


def test_no_share_is_ever_certain():
    for right in ([True], [False], [True] * 1000):
        assert error_of(np.array(right)) > 0
    assert weighted(np.ones(1), np.ones(1))[1] > 0
    assert weighted(np.zeros(50), np.full(50, 1 / 50))[1] > 0


def test_the_weights_of_a_class_add_up_to_that_of_any_other():
    labels = np.array([5, 5, 5, 9])
    weights = weights_of(labels)
    assert weights[labels == 5].sum() == pytest.approx(weights[labels == 9].sum()) == pytest.approx(0.5)


def test_the_top_five_are_counted_by_rank():
    scores = np.array([[6, 5, 4, 3, 2, 1, 0], [6, 5, 4, 3, 2, 1, 0], [6, 5, 4, 3, 2, np.nan, 0]], dtype=np.float32)
    assert in_top(scores, np.array([4, 5, 0])).tolist() == [True, False, False]


def test_the_top_five_agree_with_a_sort():
    draw = np.random.default_rng(0)
    scores, labels = draw.normal(size=(500, 20)).astype(np.float32), draw.integers(0, 20, 500)
    best = np.argsort(-scores, axis=1)[:, :5]
    assert (in_top(scores, labels) == (best == labels[:, None]).any(axis=1)).all()


def test_labels_outside_the_classes_are_in_no_top_five():
    scores = np.ones((3, 8), dtype=np.float32)
    assert not in_top(scores, np.array([-1, 8, 99])).any()


def test_five_classes_have_no_top_five():
    assert in_top(np.ones((4, 5), dtype=np.float32), np.zeros(4, dtype=np.int64)) is None


def test_recalls_are_those_counted_by_hand_and_unknown_without_samples():
    values, counts = recalls(np.array([0, 1, 1, -1]), np.array([0, 0, 1, 1]), 3)
    assert values[:2].tolist() == [50, 50]
    assert np.isnan(values[2])
    assert counts.tolist() == [2, 2, 0]


def test_recalls_leave_out_labels_that_are_no_class():
    values, counts = recalls(np.array([0, 0, 0]), np.array([0, -1, 7]), 2)
    assert (values[0], counts.tolist()) == (100, [1, 0])


def test_the_spread_of_one_class_is_nothing_and_of_none_too():
    assert spread_of(np.array([3, 3, 3])) == 0
    assert spread_of(np.array([])) == 0
    assert np.exp(spread_of(np.arange(12))) == pytest.approx(12)
