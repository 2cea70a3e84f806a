import numpy as np
import pytest

from defib.predictions import Table, summarise
from defib.predictions.relabelling import MOST_CLASSES
from defib.predictions.test_made_up_tables import answers_of, labels_of, scores_of, table
from defib.records import Predictions, from_json, to_json

LABELS = labels_of(1200, 12)
RGB, POSE = answers_of(LABELS, 12, 0.7, 1), answers_of(LABELS, 12, 0.3, 2)


def notes(found):
    for one in found.notes:
        assert "{" not in one.en + one.zh
        assert one.en != one.zh
    return " ".join(one.en for one in found.notes)


def test_a_summary_holds_each_branch_the_pair_and_the_fusion():
    found = summarise(table(LABELS, 12, pose=POSE, rgb=RGB))
    assert [one.branch for one in found.branches] == ["rgb", "pose"]
    assert (found.samples, found.classes, found.labelled, found.files) == (1200, 12, True, ("made-up.npz",))
    assert (found.label_low, found.label_high, found.label_classes, found.outside) == (0, 11, 12, 0)
    assert len(found.pairs) == 1
    assert found.fusion.best == "rgb"
    assert found.get("pose").top1 == pytest.approx(100 * (POSE == LABELS).mean())
    assert found.get("flow") is None
    assert "mean of the probabilities of pose, rgb" in notes(found)


def test_the_fused_scores_come_first_however_bad_they_are():
    found = summarise(table(LABELS, 12, rgb=RGB, fused=(RGB + 5) % 12, pose=POSE))
    assert [one.branch for one in found.branches] == ["fused", "rgb", "pose"]
    assert found.notes == ()


def test_a_summary_is_saved_and_read_again():
    found = summarise(table(LABELS, 12, rgb=RGB, pose=POSE), table(LABELS, 12, rgb=LABELS, pose=LABELS))
    assert from_json(to_json(found), Predictions) == found
    assert len(to_json(found)) < 20_000


def test_labels_outside_the_classes_are_counted():
    found = summarise(table(LABELS + 1, 12, rgb=RGB))
    assert found.outside == (LABELS == 11).sum()
    assert (found.label_low, found.label_high) == (1, 12)


def test_the_spread_of_the_labels_is_that_of_equally_frequent_classes():
    assert summarise(table(np.repeat(np.arange(12), 100), 12, rgb=RGB)).label_effective == pytest.approx(12)


def test_an_earlier_file_tells_what_went_first():
    found = summarise(table(LABELS, 12, file="b", rgb=np.where(LABELS == 4, 0, LABELS)),
                      table(LABELS, 12, file="a", rgb=LABELS))  # fmt: skip
    assert (found.files, found.lost_of) == (("a", "b"), "rgb")
    assert [(one.label, one.value, one.other) for one in found.lost] == [(4, 0, 100)]
    assert found.get("rgb").top1 < 100


def test_an_earlier_file_of_other_classes_is_said_to_be_incomparable():
    found = summarise(table(LABELS, 12, file="b", rgb=RGB), table(LABELS, 60, file="a", rgb=RGB))
    assert (found.lost_of, found.lost) == (None, ())
    assert "a and b cannot be compared" in notes(found)


def test_a_file_without_labels_says_what_is_missing_and_how_to_add_it():
    found = summarise(table(None, 12, rgb=RGB))
    assert (found.labelled, found.label_low, found.fusion) == (False, None, None)
    assert ".npz" in notes(found)


def test_a_branch_with_other_classes_is_named_and_left_out():
    both = {"rgb": scores_of(LABELS, 12), "rgb_coarse": scores_of(LABELS % 3, 3)}
    found = summarise(Table(file="a", form="npz", scores=both, labels=LABELS))
    assert "rgb_coarse has 3 classes and the labels have 12" in notes(found)
    assert found.pairs == ()


def test_scores_that_are_not_finite_are_said():
    one = table(LABELS, 12, rgb=RGB)
    one.scores["rgb"][:7, 0] = np.nan
    assert "7 of 1200 samples of branch rgb" in notes(summarise(one))


def test_logits_are_said_to_have_been_normalised():
    both = {"rgb": 7 * scores_of(LABELS, 12), "pose": scores_of(LABELS, 12)}
    assert "logits of rgb" in notes(summarise(Table(file="a", form="npz", scores=both, labels=LABELS)))


def test_names_that_repeat_are_counted():
    assert "2 samples" in notes(summarise(table(LABELS[:4], 12, rgb=RGB[:4], names=("a", "a", "b", "a"))))
    assert summarise(table(LABELS[:2], 12, rgb=RGB[:2], names=("a", "b"))).notes == ()


def test_too_many_classes_for_an_order_are_said():
    many = MOST_CLASSES + 1
    found = summarise(table(np.arange(50), many, rgb=np.arange(50)))
    assert f"with {many} classes" in notes(found)
    assert [one.kind for one in found.get("rgb").relabelled] == ["shift", "shift"]
