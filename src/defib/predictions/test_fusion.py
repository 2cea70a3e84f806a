import numpy as np
import pytest

from defib.predictions.fusion import WEIGHTS, fused, fusion
from defib.predictions.table import Table
from defib.predictions.test_made_up_tables import answers_of, labels_of, scores_of, table

LABELS = labels_of(2000, 12)


def weighted_table(weak=0.95):
    """RGB is right and hardly sure of it, pose is wrong and sure: the plain mean follows pose."""
    rgb, pose = answers_of(LABELS, 12, 0.7, 1), answers_of(LABELS, 12, 0.05, 2)
    scores = {"rgb": scores_of(rgb, 12, 0.5), "pose": scores_of(pose, 12, weak)}
    return Table(file="a", form="npz", scores=scores, labels=LABELS)


def test_the_accuracy_at_each_weight_is_that_of_the_weighted_mean():
    one = weighted_table()
    found = fusion(one)
    assert (found.best, found.second, found.weights) == ("rgb", "pose", WEIGHTS)
    for weight, value in zip(found.weights, found.by_weight, strict=True):
        mean = weight * one.scores["rgb"].astype(np.float64) + (1 - weight) * one.scores["pose"].astype(np.float64)
        assert value == pytest.approx(100 * (mean.argmax(axis=1) == LABELS).mean())


def test_a_fusion_that_hurts_is_told_with_the_weight_at_which_it_would_not():
    found = fusion(weighted_table())
    assert found.top1 < found.best_top1 - 30
    assert found.loss == pytest.approx(found.best_top1 - found.top1)
    assert found.loss > 10 * found.error
    assert 0.5 < found.harmless_from <= found.weight
    below = found.by_weight[found.weights.index(found.harmless_from) - 1]
    assert below < found.best_top1 - 1
    assert found.weight_top1 > found.best_top1 - 1


def test_streams_that_know_different_samples_gain_by_being_fused():
    sure, draw = np.random.default_rng(0).random(2000) < 0.5, np.random.default_rng(1)
    rgb = np.where(sure, LABELS, draw.integers(0, 12, 2000))
    pose = np.where(sure, draw.integers(0, 12, 2000), LABELS)
    one, two = scores_of(rgb, 12, 0.9), scores_of(pose, 12, 0.9)
    one[~sure], two[sure] = scores_of(rgb, 12, 0.3)[~sure], scores_of(pose, 12, 0.3)[sure]
    found = fusion(Table(file="a", form="npz", scores={"rgb": one, "pose": two}, labels=LABELS))
    assert found.loss < -30
    assert 0.3 < found.weight < 0.7


def test_fused_scores_that_are_given_are_taken_as_they_are():
    one = weighted_table()
    given = Table(file="a", form="npz", scores={**one.scores, "fused": scores_of(LABELS, 12)}, labels=LABELS)
    found = fusion(given)
    assert (found.given, found.top1) == (True, 100)
    assert fusion(one).given is False


def test_the_error_of_the_loss_is_that_of_paired_samples():
    one = weighted_table()
    lost = (one.predicted("rgb") == LABELS).astype(float) - (fused(one) == LABELS)
    assert fusion(one).error == pytest.approx(100 * lost.std() / np.sqrt(2000), rel=0.01)


def test_the_weight_is_scored_on_what_did_not_choose_it():
    gains = []
    for seed in range(60):
        labels = labels_of(40, 12, seed)
        found = fusion(table(labels, 12, rgb=labels_of(40, 12, 100 + seed), pose=labels_of(40, 12, 300 + seed)))
        gains.append((max(found.by_weight) - found.by_weight[10], found.weight_top1 - found.by_weight[10]))
    optimistic, honest = np.mean(gains, axis=0)
    assert optimistic > 1
    assert honest < optimistic / 2


def test_three_streams_are_fused_and_no_weights_tried():
    found = fusion(table(LABELS, 12, rgb=LABELS, pose=LABELS, flow=LABELS))
    assert (found.top1, found.weights, found.weight) == (100, (), None)


def test_there_is_no_fusion_of_one_stream_or_without_labels():
    assert fusion(table(LABELS, 12, rgb=LABELS)) is None
    assert fusion(table(LABELS, 12, rgb=LABELS, fused=LABELS)) is None
    assert fusion(table(None, 12, rgb=LABELS, pose=LABELS)) is None
    assert fused(table(LABELS, 12, rgb=LABELS)) is None


def test_logits_are_fused_as_probabilities():
    logits = {"rgb": 3 * np.eye(12, dtype=np.float32)[LABELS], "pose": 300 * np.eye(12, dtype=np.float32)[LABELS[::-1]]}
    one = Table(file="a", form="npz", scores=logits, labels=LABELS)
    soft = [np.exp(each.astype(np.float64) - each.max()) for each in logits.values()]
    mean = sum(each / each.sum(axis=1, keepdims=True) for each in soft)
    assert (fused(one) == mean.argmax(axis=1)).all()


def test_one_sample_is_fused_without_halves():
    found = fusion(table([3], 12, rgb=np.array([3]), pose=np.array([3])))
    assert (found.top1, found.weight_top1) == (100, 100)
