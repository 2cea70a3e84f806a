"""The small made-up set: the same whenever it is drawn, balanced, nobody on both sides, pictures and joints agree."""

import numpy as np
import pytest
import torch

from defib.action.data.config import MicroData
from defib.action.data.keypoints import COCO17
from defib.action.data.synth import micro


@pytest.fixture(scope="module")
def tensors():
    return micro.draw("train", 20, 0)


def test_a_clip_does_not_depend_on_how_many_are_drawn(tensors):
    few = micro.draw("train", 3, 0)
    assert np.array_equal(few.rgb, tensors.rgb[:3])
    assert np.array_equal(few.points, tensors.points[:3])


def test_another_seed_draws_other_people(tensors):
    assert not np.array_equal(micro.draw("train", 1, 1).rgb, tensors.rgb[:1])


def test_any_multiple_of_ten_is_balanced(tensors):
    assert np.bincount(tensors.label, minlength=10).tolist() == [2] * 10
    assert len(micro.classes().fine) == 10


def test_nobody_is_on_both_sides():
    train, val = (
        {micro.name(split, at, 0).split("R")[0].split("P")[1] for at in range(300)} for split in ("train", "val")
    )
    assert len(train) == len(val) == 30
    assert not train & val


def test_joints_lie_on_the_person_that_is_drawn(tensors):
    """The wall is of one colour, so what differs from it much is the person."""
    on = []
    for clip in range(20):
        wall = np.median(tensors.rgb[clip, :, 0].reshape(3, -1), axis=1)
        for frame in range(micro.RGB_FRAMES):
            # Frames of both streams are middles of equal parts: that of RGB lies between two of pose.
            two = tensors.points[clip, 0, 4 * frame + 1 : 4 * frame + 3]
            x, y = np.round(two.mean(0)[[5, 6, 11, 12]].T - 0.5).astype(int)  # shoulders and hips
            colour = tensors.rgb[clip, :, frame, y, x].astype(float)
            on += (np.abs(colour - wall).max(-1) > 25).tolist()
    assert np.mean(on) > 0.9


def test_a_flipped_sample_is_the_mirror_of_the_plain_one(tensors):
    flipped, plain = (micro.Micro(tensors, "train", seed=0, flip=flip) for flip in (1.0, 0.0))
    for at in (0, 7):
        one, other = flipped[at], plain[at]
        assert torch.equal(one["rgb"], other["rgb"].flip(-1))
        mirrored = other["pose"].flip(-1)[torch.from_numpy(COCO17.mirrored)]
        assert torch.allclose(one["pose"], mirrored, atol=0.05)  # the window of a joint is cut at whole pixels
        assert one["name"] == other["name"] == micro.name("train", at, 0)


def test_training_clips_move_with_the_epoch_and_held_out_ones_do_not(tensors):
    train, val = micro.Micro(tensors, "train"), micro.Micro(tensors, "val")
    before = train[0]["rgb"], val[0]["rgb"]
    train.set_epoch(1)
    val.set_epoch(1)
    assert not torch.equal(train[0]["rgb"], before[0])
    assert torch.equal(val[0]["rgb"], before[1])
    train.set_epoch(0)
    assert torch.equal(train[0]["rgb"], before[0])


def test_a_sample_has_the_shapes_of_the_full_pipeline_in_small(tensors):
    sample = micro.Micro(tensors, "val")[3]
    assert sample["rgb"].shape == (3, 4, 40, 40)
    assert sample["pose"].shape == (17, 16, 10, 10)
    assert sample["label"] == 3


def test_clips_are_drawn_once_and_kept(tmp_path, monkeypatch):
    data = MicroData(cache=str(tmp_path / "micro.npz"), train=10, val=10)
    first = micro.opened(data, "train")
    monkeypatch.setattr(micro, "draw", None)
    again = micro.opened(data, "train")
    assert torch.equal(first[4]["pose"], again[4]["pose"])
    assert [path.name for path in tmp_path.iterdir()] == ["micro-train.npz"]


@pytest.mark.parametrize("found", [b"", b"no archive", b"PK\x03\x04 half"])
def test_a_damaged_file_is_drawn_anew(tmp_path, found):
    path = tmp_path / "micro-val.npz"
    path.write_bytes(found)
    made = micro.opened(MicroData(cache=str(tmp_path / "micro.npz"), train=10, val=10), "val")
    assert len(made) == 10
    assert path.stat().st_size > 10_000


def test_a_file_of_another_seed_or_count_is_not_taken(tmp_path):
    place = str(tmp_path / "micro.npz")
    one = micro.opened(MicroData(cache=place, train=10, val=10), "val")
    other = micro.opened(MicroData(cache=place, train=10, val=10, seed=1), "val")
    assert not torch.equal(one[0]["rgb"], other[0]["rgb"])
    assert len(micro.opened(MicroData(cache=place, train=10, val=20), "val")) == 20
