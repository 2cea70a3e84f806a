"""Held-out scores, from chances written by hand."""

import pytest
import torch

from defib.action.model.test_rgbpose import THREE
from defib.action.training.evaluation import Scores, confusion, fused, measured


def chances(*rows):
    return torch.tensor(rows, dtype=torch.float32)


RGB = chances([0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.4, 0.5, 0.1], [0.1, 0.2, 0.7])
POSE = chances([0.2, 0.7, 0.1], [0.1, 0.8, 0.1], [0.7, 0.2, 0.1], [0.4, 0.3, 0.3])
LABEL = torch.tensor([0, 1, 0, 2])


def scores(**more):
    return Scores(("a", "b", "c", "d"), LABEL, {"rgb": RGB, "pose": POSE} | more)


def test_top1_of_each_branch_and_of_their_sums():
    found = measured(scores(), THREE)
    assert found["val/top1/rgb"] == 75
    assert found["val/top1/pose"] == 50
    assert found["val/top1/fused"] == 75
    assert found["val/top1/fused_2:1"] == 100
    assert "val/top5/rgb" not in found  # three classes have no top five


def test_the_mean_over_classes_counts_classes_that_are_there():
    found = measured(scores(), THREE)
    assert found["val/mean_class/rgb"] == pytest.approx(100 * (0.5 + 1 + 1) / 3)
    part = Scores(("a", "b"), torch.tensor([0, 0]), {"rgb": RGB[:2]})
    assert measured(part, THREE)["val/mean_class/rgb"] == 50


def test_groups_are_judged_as_groups():
    coarse = {"rgb_coarse": chances([0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.1, 0.9])}
    found = measured(scores(**coarse), THREE)
    assert found["val/top1/rgb_coarse"] == 75
    assert "val/top1/fused_coarse" not in found
    both = measured(scores(**coarse, pose_coarse=coarse["rgb_coarse"]), THREE)
    assert both["val/top1/fused_coarse"] == 75


def test_rectified_scores_are_fused_with_the_plain_ones_of_the_other():
    found = fused(scores(rgb_rectified=POSE).chances)
    assert torch.allclose(found["fused_rectified"], POSE)
    assert "fused_2:1_rectified" not in found


def test_one_stream_is_the_whole():
    found = measured(Scores(("a",), LABEL[:1], {"pose": POSE[:1]}), THREE)
    assert found["val/top1/fused"] == found["val/top1/pose"] == 0


def test_clips_that_two_processes_saw_count_once():
    twice = Scores(("b", "a", "b"), torch.tensor([1, 0, 1]), {"rgb": RGB[[1, 0, 1]]}).ordered()
    assert twice.names == ("a", "b")
    assert twice.label.tolist() == [0, 1]
    assert torch.equal(twice.chances["rgb"], RGB[:2])


def test_confusion_counts_truth_by_row():
    assert confusion(RGB, LABEL).tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 1]]
