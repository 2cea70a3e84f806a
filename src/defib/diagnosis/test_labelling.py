import numpy as np
import pytest

from defib.diagnosis.labelling import clues_of, misnamed
from defib.predictions import Table, summarise
from defib.predictions.test_made_up_tables import answers_of, labels_of, scores_of, table

LABELS = labels_of(1200, 12)
GOOD = answers_of(LABELS, 12, 0.6, 1)
ORDER = np.random.default_rng(5).permutation(12)


def clues(labels, classes, **answers):
    return clues_of(summarise(table(labels, classes, **answers)))


def kinds(found):
    return {(one.side, one.strength) for one in found}


def whole(found):
    """Every sentence is whole, and there in both languages."""
    for one in found:
        for words in (one.measured, one.means, one.detail):
            assert words is None or words.en != words.zh
            assert words is None or "{" not in words.en + words.zh
    return found


# ------------------------------------------------------------------------------------------------ fires


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_shift_is_a_strong_clue_with_both_figures(shift):
    (one,) = whole(clues(LABELS, 12, rgb=(GOOD + shift) % 12))
    assert (one.side, one.strength) == ("for", "strong")
    assert "shifted by one" in one.detail.en
    assert "错开了一位" in one.detail.zh
    right = 100 * (GOOD == LABELS).mean()
    assert f"{right:.1f}".rstrip("0").rstrip(".") in one.measured.en
    assert f"by {shift:+d}" in one.measured.en
    assert one.facts[0].metric == "predictions/top1/rgb"
    assert one.facts[0].place.file == "made-up.npz"


def test_another_order_is_a_strong_clue():
    (one,) = whole(clues(LABELS, 12, rgb=ORDER[GOOD]))
    assert (one.side, one.strength) == ("for", "strong")
    assert "in another order" in one.detail.en
    assert f"{np.not_equal(ORDER, np.arange(12)).sum()} of 12 labels" in one.measured.en


def test_labels_that_count_from_one_are_a_shift_and_outside():
    shift, outside = whole(clues(LABELS + 1, 12, rgb=GOOD))
    assert "by -1" in shift.measured.en
    assert "count from 1" in outside.means.en
    assert outside.strength == "strong"


def test_one_branch_of_two_is_named_and_said_to_count_otherwise():
    (one,) = whole(clues(LABELS, 12, rgb=GOOD, pose=(GOOD + 1) % 12))
    assert one.measured.en.startswith("branch Pose: ")
    assert one.measured.zh.startswith("Pose 分支：")
    assert "differently from the others" in one.means.en


def test_both_branches_are_the_labels_and_the_better_one_is_told_first():
    found = whole(clues(LABELS, 12, rgb=(answers_of(LABELS, 12, 0.4, 2) + 1) % 12, pose=(GOOD + 1) % 12))
    assert [one.facts[0].metric for one in found] == ["predictions/top1/pose", "predictions/top1/rgb"]
    assert "by other labels than the file has" in found[0].means.en


def test_two_exchanged_classes_of_a_good_model_are_a_strong_clue():
    swapped = np.arange(60)
    swapped[[3, 8]] = [8, 3]
    labels = labels_of(6000, 60)
    (one,) = whole(clues(labels, 60, rgb=swapped[answers_of(labels, 60, 0.8)]))
    assert one.strength == "strong"
    assert "classes 3 and 8 are exchanged" in one.detail.en


def test_a_shift_of_the_frequent_classes_alone_is_told_by_accuracy():
    rare = labels_of(2000, 12, 3) % 3
    found = whole(clues(rare, 12, rgb=(answers_of(rare, 12, 0.6) + 1) % 12))
    assert found[0].strength == "strong"


# ------------------------------------------------------------------------------------------------ stays quiet


@pytest.mark.parametrize("right", [0.2, 0.4, 0.6, 0.9, 1.0])
def test_an_honest_model_speaks_against_a_fault(right):
    for seed in range(8):
        (one,) = whole(clues(LABELS, 12, rgb=answers_of(LABELS, 12, right, seed)))
        assert one.side == "against"
        assert "left-right" in one.means.en


def test_an_honest_model_that_confuses_classes_at_random_is_not_accused():
    for seed in range(40):
        draw = np.random.default_rng(seed)
        classes = int(draw.choice([5, 12, 60]))
        labels = labels_of(int(draw.choice([200, 1000, 3000])), classes, seed)
        chances = 0.5 * draw.dirichlet(np.full(classes, 0.3), size=classes) + 0.5 * np.eye(classes)
        said = np.array([draw.choice(classes, p=chances[one]) for one in labels])
        assert ("for", "strong") not in kinds(clues(labels, classes, rgb=said))


def test_imbalanced_classes_are_no_fault():
    for seed in range(40):
        draw = np.random.default_rng(seed)
        labels = draw.choice(12, size=800, p=draw.dirichlet(np.full(12, 0.3)))
        said = np.where(draw.random(800) < 0.4, labels, np.bincount(labels).argmax())
        assert {one.side for one in clues(labels, 12, rgb=said)} <= {"against", "missing"}


def test_classes_in_an_order_that_are_mistaken_for_their_neighbours_are_no_shift():
    for seed in range(40):
        draw = np.random.default_rng(seed)
        said = np.clip(LABELS + np.rint(draw.normal(0.3, 0.9, len(LABELS))).astype(int), 0, 11)
        assert kinds(clues(LABELS, 12, rgb=said)) == {("against", "weak")}


@pytest.mark.parametrize(("samples", "classes"), [(40, 2), (40, 12), (300, 60), (2000, 60), (2000, 3)])
def test_guesses_speak_neither_for_a_fault_nor_against_one(samples, classes):
    for seed in range(20):
        (one,) = whole(clues(labels_of(samples, classes, seed), classes, rgb=labels_of(samples, classes, 99 + seed)))
        assert one.side == "missing"
        assert "better checkpoint" in one.measured.en


def test_a_collapsed_model_says_nothing_about_the_labels():
    for said in (np.zeros_like(LABELS), np.where(LABELS % 2, 3, 7)):
        (one,) = whole(clues(LABELS, 12, rgb=said))
        assert one.side == "missing"


def test_a_head_that_was_never_trained_is_no_fault_of_the_labels():
    unsure = 0
    for seed in range(30):
        draw = np.random.default_rng(seed)
        classes = int(draw.choice([2, 3, 5, 12]))
        labels = labels_of(600, classes, seed)
        centres = 12 * draw.normal(size=(classes, 128)) / np.sqrt(128)
        features = np.maximum(centres[labels] + 0.7 * draw.normal(size=(600, 128)), 0)
        logits = (features @ (0.01 * draw.normal(size=(128, classes)))).astype(np.float32)
        found = whole(clues_of(summarise(Table(file="a", form="npz", scores={"rgb": logits}, labels=labels))))
        assert ("for", "strong") not in kinds(found)
        unsure += any(one.means is not None and "never trained" in one.means.en for one in found)
    assert unsure > 3  # by labels alone they would have been accused


def test_a_model_that_has_hardly_learned_is_possible_and_what_would_settle_it_is_said():
    found = whole(clues(LABELS, 12, rgb=(answers_of(LABELS, 12, 0.2, 3) + 1) % 12))
    assert kinds(found) == {("for", "weak"), ("missing", "weak")}
    assert "training samples" in found[-1].measured.en


def test_exchanged_classes_of_a_model_that_knows_little_are_weak():
    said = np.where(LABELS == 3, 8, np.where(LABELS == 8, 3, labels_of(1200, 12, 50)))
    assert ("for", "strong") not in kinds(whole(clues(LABELS, 12, rgb=said)))


def test_few_samples_prove_nothing():
    (one,) = whole(clues(LABELS[:29], 12, rgb=(LABELS[:29] + 1) % 12))
    assert one.side == "missing"
    assert "29 samples are too few" in one.measured.en


def test_a_slip_of_one_label_is_a_weak_clue():
    labels = LABELS.copy()
    labels[0] = 12
    (one,) = whole(clues(labels, 12, rgb=GOOD))
    assert (one.side, one.strength) == ("for", "weak")


def test_without_labels_they_are_what_is_missing():
    (one,) = whole(clues(None, 12, rgb=GOOD))
    assert (one.side, "made-up.npz" in one.measured.zh) == ("missing", True)


def test_a_coarse_head_is_not_held_against_the_labels():
    both = {"rgb": scores_of(GOOD, 12), "coarse": scores_of(LABELS % 3, 3)}
    (one,) = clues_of(summarise(Table(file="a", form="npz", scores=both, labels=LABELS)))
    assert one.side == "against"


def test_labels_are_called_wrong_only_where_it_is_sure():
    assert misnamed(summarise(table(LABELS, 12, rgb=(GOOD + 1) % 12)))
    assert not misnamed(summarise(table(LABELS, 12, rgb=GOOD)))
    assert not misnamed(summarise(table(LABELS, 12, rgb=(answers_of(LABELS, 12, 0.2, 3) + 1) % 12)))
