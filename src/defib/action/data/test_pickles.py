"""Pose pickles: what pyskl writes is read, whatever else is in one is refused and not executed."""

import os
import pickle
import re

import numpy as np
import pytest

from defib.action.data import pickles
from defib.action.errors.data import AnnotationsUnreadable


def one(**changes):
    made = {
        "frame_dir": "S001C001P001R001A001",
        "label": 0,
        "img_shape": (1080, 1920),
        "total_frames": 4,
        "keypoint": np.ones((1, 4, 17, 2), np.float16),
        "keypoint_score": np.ones((1, 4, 17), np.float16),
    }
    made.update(changes)
    return {key: value for key, value in made.items() if value is not None}


def kept(path, found):
    path.write_bytes(pickle.dumps(found))
    return path


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_what_pyskl_writes(tmp_path, protocol):
    path = tmp_path / "a.pkl"
    path.write_bytes(
        pickle.dumps({"split": {"xsub_train": ["S001C001P001R001A001"]}, "annotations": [one()]}, protocol)
    )
    found = pickles.read(path)
    assert found.splits == {"xsub_train": ["S001C001P001R001A001"]}
    assert (found.clips[0].label, found.clips[0].size, found.clips[0].points.dtype) == (0, (1080, 1920), np.float16)


def test_a_list_alone_and_poses_without_scores(tmp_path):
    found = pickles.read(kept(tmp_path / "a.pkl", [one(keypoint_score=None)]))
    assert found.splits == {}
    assert found.clips[0].scores.min() == 1


class Harm:
    def __reduce__(self):
        return os.mkdir, ("harm-done",)


def test_what_would_be_executed_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AnnotationsUnreadable, match=r"it wants to call posix\.mkdir, which is refused"):
        pickles.read(kept(tmp_path / "a.pkl", {"annotations": [one(label=Harm())]}))
    assert not (tmp_path / "harm-done").exists()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (3, "it holds no dictionary with annotations"),
        ({"split": {}}, "it holds no dictionary with annotations"),
        ([4], "annotation 0 (-): it has no frame_dir"),
        ([one(label=None)], "annotation 0 (S001C001P001R001A001): it has no label"),
        ([one(label=1.5)], "label is 1.5, no whole number"),
        ([one(label=True)], "label is True, no whole number"),
        ([one(), one(keypoint=None)], "annotation 1 (S001C001P001R001A001): it has no keypoint"),
        (
            [one(keypoint=np.ones((4, 17, 2)))],
            "keypoint is [4, 17, 2] and keypoint_score [1, 4, 17]; expected [M, T, K, 2]",
        ),
        ([one(keypoint_score=np.ones((1, 3, 17)))], "keypoint is [1, 4, 17, 2] and keypoint_score [1, 3, 17]"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, found, said):
    with pytest.raises(AnnotationsUnreadable, match=re.escape(said)) as refused:
        pickles.read(kept(tmp_path / "a.pkl", found))
    assert "应为 pyskl 或 mmaction2 的 pickle" in refused.value.words.zh


def test_a_damaged_file_is_said_to_be_one(tmp_path):
    whole = pickle.dumps([one()])
    for stop in (0, 1, len(whole) // 2, len(whole) - 1):
        (tmp_path / "a.pkl").write_bytes(whole[:stop])
        with pytest.raises(AnnotationsUnreadable, match=r"a\.pkl: "):
            pickles.read(tmp_path / "a.pkl")
