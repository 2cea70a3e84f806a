from itertools import permutations

import numpy as np
import pytest

from defib.predictions.relabelling import MOST_CLASSES, best_order, confusion, exchanged, relabelled
from defib.predictions.test_made_up_tables import answers_of, labels_of

LABELS = labels_of(2400, 12)
KNOWN = answers_of(LABELS, 12, 0.6)


def found(predicted, labels=LABELS, classes=12):
    low, high, *order = relabelled(predicted, labels, classes)
    assert [low.shift, high.shift] == [-1, 1]
    return low, high, order[0] if order else None


def test_labels_that_fit_gain_nothing_by_any_shift_or_order():
    low, high, order = found(KNOWN)
    assert low.gain < -40
    assert high.gain < -40
    assert (order.gain, order.moved) == (0, 0)


def test_a_shift_is_found_with_its_sign():
    low, high, order = found((KNOWN + 1) % 12)
    assert high.top1 == pytest.approx(100 * (KNOWN == LABELS).mean())
    assert high.gain > 40 > 5 * high.error
    assert low.gain < 5
    assert order.gain > 40
    low, high, _ = found((KNOWN - 1) % 12)
    assert low.gain > 40 > high.gain


def test_labels_that_count_from_one_are_found_by_the_shift_though_the_last_is_no_class():
    low, _, _ = found(KNOWN, LABELS + 1)
    assert low.top1 == pytest.approx(100 * (KNOWN == LABELS).mean())


def test_another_order_is_found_and_scored_on_what_did_not_choose_it():
    order = np.random.default_rng(5).permutation(12)
    *_, one = found(order[KNOWN])
    assert one.top1 == pytest.approx(100 * (KNOWN == LABELS).mean(), abs=0.5)
    assert one.moved == (order != np.arange(12)).sum()


def test_two_exchanged_labels_are_two_that_moved():
    swapped = np.arange(12)
    swapped[[3, 8]] = [8, 3]
    *_, one = found(swapped[KNOWN])
    assert one.moved == 2
    assert 5 < one.gain < 15


def test_the_best_order_is_the_one_that_trying_all_of_them_gives():
    draw = np.random.default_rng(2)
    for _ in range(10):
        labels, predicted = draw.integers(0, 5, 60), draw.integers(0, 5, 60)
        counts = confusion(predicted, labels, 5)
        shares = counts / counts.sum(axis=1, keepdims=True)
        best = max(permutations(range(5)), key=lambda order: sum(shares[one, order[one]] for one in range(5)))
        mine = best_order(predicted, labels, 5)
        assert sorted(mine) == list(range(5))
        total = sum(shares[one, mine[one]] for one in range(5))
        assert total == pytest.approx(sum(shares[one, best[one]] for one in range(5)))


def test_the_confusion_is_the_one_that_counting_gives():
    labels, predicted = np.array([0, 0, 1, 2, 9, -1]), np.array([0, 1, 1, -1, 0, 0])
    assert confusion(predicted, labels, 3).tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize(("samples", "classes"), [(60, 60), (120, 60), (400, 60), (2000, 60), (50, 5), (500, 12)])
def test_on_noise_a_permutation_gains_nothing_beyond_chance(samples, classes):
    gains = []
    for seed in range(25):
        labels = labels_of(samples, classes, seed)
        *_, one = relabelled(labels_of(samples, classes, 1000 + seed), labels, classes)
        gains.append(one.gain / one.error)
    assert max(gains) < 4
    assert abs(np.mean(gains)) < 1


def test_scored_on_what_chose_it_a_permutation_would_gain_on_noise_which_is_why_it_is_not():
    labels, predicted = labels_of(120, 60, 0), labels_of(120, 60, 1)
    own = best_order(predicted, labels, 60)
    assert (own[labels] == predicted).mean() > 0.3
    *_, honest = relabelled(predicted, labels, 60)
    assert honest.top1 < 10


def test_the_error_of_a_gain_is_that_of_repeated_draws():
    gains, errors = [], []
    for seed in range(100):
        labels = labels_of(600, 6, seed)
        high = list(relabelled((answers_of(labels, 6, 0.5, 500 + seed) + 1) % 6, labels, 6))[1]
        gains.append(high.gain)
        errors.append(high.error)
    assert np.mean(errors) == pytest.approx(np.std(gains), rel=0.35)


def test_predictions_without_scores_are_wrong_by_any_labels():
    *_, one = found(np.full(2400, -1))
    assert (one.top1, one.gain) == (0, 0)


def test_labels_far_outside_the_classes_stay_wrong():
    for one in relabelled(np.zeros(40, dtype=np.int64), np.full(40, 10**9), 12):
        assert one.top1 == 0


def test_one_sample_has_no_halves_and_too_many_classes_no_order():
    assert len(list(relabelled(np.array([0]), np.array([0]), 12))) == 2
    many = MOST_CLASSES + 1
    assert len(list(relabelled(np.arange(40), np.arange(40), many))) == 2
    assert exchanged(np.arange(40), np.arange(40), many) == ()


def test_two_classes_of_which_each_is_seen_as_the_other_are_exchanged():
    swapped = np.arange(12)
    swapped[[3, 8]] = [8, 3]
    (one,) = exchanged(swapped[answers_of(LABELS, 12, 0.9)], LABELS, 12)
    assert (one.first, one.second) == (3, 8)
    assert one.first_as_second > 85
    assert one.samples == min((LABELS == 3).sum(), (LABELS == 8).sum())


def test_a_class_that_swallows_another_is_not_exchanged_with_it():
    assert exchanged(np.where(KNOWN == 3, 8, KNOWN), LABELS, 12) == ()


def test_two_classes_that_are_confused_at_random_are_not_exchanged():
    draw = np.random.default_rng(9)
    for seed in range(20):
        labels = labels_of(2400, 12, seed)
        mixed = np.where(np.isin(labels, [3, 8]), draw.choice([3, 8], 2400), labels)
        assert exchanged(mixed, labels, 12) == ()


def test_a_handful_of_samples_is_never_called_exchanged():
    labels = np.array([3] * 19 + [8] * 400)
    assert exchanged(np.where(labels == 3, 8, 3), labels, 12) == ()
