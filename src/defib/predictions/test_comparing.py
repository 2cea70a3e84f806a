import numpy as np
import pytest

from defib.predictions.comparing import lost, pairs
from defib.predictions.test_made_up_tables import answers_of, labels_of, table

LABELS = labels_of(2400, 12)


def forgets(said, classes, seed=7):
    """The same answers, with guesses for the samples of some classes."""
    guesses = np.random.default_rng(seed).integers(0, 12, len(LABELS))
    return np.where(np.isin(LABELS, classes), guesses, said)


def test_what_two_branches_share_is_counted_sample_by_sample():
    rgb, pose = answers_of(LABELS, 12, 0.7, 1), answers_of(LABELS, 12, 0.3, 2)
    (pair,) = pairs(table(LABELS, 12, rgb=rgb, pose=pose))
    one, two = rgb == LABELS, pose == LABELS
    assert (pair.first, pair.second) == ("rgb", "pose")
    assert pair.agreement == pytest.approx(100 * (rgb == pose).mean())
    assert pair.first_only == pytest.approx(100 * (one & ~two).mean())
    assert pair.second_only == pytest.approx(100 * (two & ~one).mean())
    assert pair.either == pytest.approx(100 * (one | two).mean())
    assert pair.first_only + pair.second_only + 100 * (one & two).mean() == pytest.approx(pair.either)


def test_each_branch_knows_the_classes_that_the_other_has_lost():
    known = answers_of(LABELS, 12, 0.9)
    (pair,) = pairs(table(LABELS, 12, rgb=forgets(known, [2, 5]), pose=forgets(known, [9])))
    assert {one.label for one in pair.first_knows} == {9}
    assert {one.label for one in pair.second_knows} == {2, 5}
    assert pair.first_knows[0].value > 80
    assert pair.first_knows[0].other < 30


def test_two_branches_that_are_equally_good_know_nothing_that_the_other_does_not():
    for seed in range(30):
        one, two = answers_of(LABELS, 12, 0.6, seed), answers_of(LABELS, 12, 0.6, 100 + seed)
        (pair,) = pairs(table(LABELS, 12, rgb=one, pose=two))
        assert pair.first_knows == pair.second_knows == ()


def test_a_few_samples_of_each_class_prove_no_knowledge():
    for seed in range(30):
        labels = labels_of(120, 60, seed)
        one, two = answers_of(labels, 60, 0.5, seed), answers_of(labels, 60, 0.5, 100 + seed)
        (pair,) = pairs(table(labels, 60, rgb=one, pose=two))
        assert pair.first_knows == pair.second_knows == ()


def test_without_labels_two_branches_only_agree():
    (pair,) = pairs(table(None, 12, rgb=LABELS, pose=LABELS))
    assert (pair.agreement, pair.either, pair.first_knows) == (100, None, ())


def test_samples_without_scores_agree_on_nothing():
    both = table(LABELS, 12, rgb=LABELS, pose=LABELS)
    for scores in both.scores.values():
        scores[:600] = np.nan
    (pair,) = pairs(both)
    assert pair.agreement == 75


def test_three_branches_are_three_pairs():
    three = table(LABELS, 12, rgb=LABELS, pose=LABELS, flow=LABELS)
    assert [(one.first, one.second) for one in pairs(three)] == [("rgb", "pose"), ("rgb", "flow"), ("pose", "flow")]


def test_the_classes_that_went_first_are_named_with_what_they_were():
    known = answers_of(LABELS, 12, 0.9)
    branch, fallen = lost(table(LABELS, 12, fused=known), table(LABELS, 12, fused=forgets(known, [1, 4])))
    assert branch == "fused"
    assert {one.label for one in fallen} == {1, 4}
    assert all(one.value < 30 and one.other > 80 for one in fallen)


def test_without_fused_scores_two_streams_are_compared_by_their_mean():
    known = answers_of(LABELS, 12, 0.9)
    late = table(LABELS, 12, rgb=forgets(known, [1]), pose=forgets(known, [1]))
    branch, fallen = lost(table(LABELS, 12, rgb=known, pose=known), late)
    assert (branch, [one.label for one in fallen]) == ("fused", [1])


def test_the_branch_that_lost_most_is_told_where_nothing_is_fused():
    known = answers_of(LABELS, 12, 0.9)
    early, late = table(LABELS, 12, rgb=known), table(LABELS, 12, rgb=forgets(known, [1]))
    assert lost(early, late)[0] == "rgb"


def test_two_checkpoints_that_are_equally_good_have_lost_nothing():
    for seed in range(20):
        early = table(LABELS, 12, fused=answers_of(LABELS, 12, 0.6, seed))
        late = table(LABELS, 12, fused=answers_of(LABELS, 12, 0.6, 100 + seed))
        assert lost(early, late) == ("fused", ())


def test_files_that_cannot_be_compared_are_not():
    one = table(LABELS, 12, fused=LABELS)
    assert lost(one, table(None, 12, fused=LABELS)) is None
    assert lost(table(LABELS, 13, fused=LABELS), one) is None
    assert lost(table(LABELS, 12, rgb=LABELS), table(LABELS, 12, pose=LABELS)) is None
