"""`.skeleton` files, from text to a split, and what is said of files that are something else."""

import re

import numpy as np
import pytest

from defib.action.data import clips, posefile, skeleton
from defib.action.errors.data import AnnotationsUnreadable, NotAnNtuName, SkeletonUnreadable

LEFT_SHOULDER, RIGHT_SHOULDER = 4, 8


def text(frames=3, bodies=1, joint=lambda frame, body, joint: (100 + 10 * joint + frame, 200 + body), state=2):
    """A file as the Kinect wrote it: [frames], then of each [bodies], and of each its head, [25], and its joints."""
    lines = [str(frames)]
    for frame in range(frames):
        lines.append(str(bodies))
        for body in range(bodies):
            lines += [f"7205759403792{body} 0 1 1 1 1 0 0.02 -0.3 2", "25"]
            for place in range(25):
                x, y = joint(frame, body, place)
                lines.append(f"0.1 0.2 3.9 250.1 190.2 {x} {y} -0.2 0.1 0.9 0.01 {state}")
    return "\n".join(lines) + "\n"


def write(folder, name, content):
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.skeleton"
    path.write_text(content, encoding="ascii")
    return path


def test_bodies_are_ordered_by_how_long_they_are_seen(tmp_path):
    found = skeleton.read(write(tmp_path, "a", text(frames=4, bodies=2)))
    assert found.colour.shape == (2, 4, 25, 2)
    assert found.joints[0, 0, 0].tolist() == pytest.approx([0.1, 0.2, 3.9])
    assert found.colour[1, 2, 3].tolist() == [132, 201]


def test_windows_line_ends_read_the_same(tmp_path):
    one = write(tmp_path, "a", text())
    other = tmp_path / "b.skeleton"
    other.write_bytes(one.read_bytes().replace(b"\n", b"\r\n"))
    assert np.array_equal(skeleton.read(one).colour, skeleton.read(other).colour)


def test_kinect_joints_in_a_mirrored_picture_exchange_their_sides(tmp_path):
    found = posefile.from_kinect(skeleton.read(write(tmp_path, "a", text())), 17)
    assert found.size == (1080, 1920)
    assert found.points[0, 0, 5, 0] == 100 + 10 * RIGHT_SHOULDER  # COCO's left shoulder
    assert found.scores[0, 0].tolist() == [1, 0, 0, 0, 0, *[1] * 12]  # the Kinect has no eyes and ears
    whole = posefile.from_kinect(skeleton.read(tmp_path / "a.skeleton"), 25)
    assert whole.points[0, 0, LEFT_SHOULDER, 0] == 100 + 10 * LEFT_SHOULDER


def test_joints_that_are_nowhere_have_no_score(tmp_path):
    nowhere = write(tmp_path, "a", text(joint=lambda *at: ("nan", "nan") if at[2] == 5 else (1, 2)))
    found = posefile.from_kinect(skeleton.read(nowhere), 25)
    assert (found.scores[0, 0, 5], found.points[0, 0, 5].tolist()) == (0, [0, 0])
    unseen = posefile.from_kinect(skeleton.read(write(tmp_path, "b", text(state=0))), 25)
    assert not unseen.scores.any()


def test_two_people_at_most(tmp_path):
    assert posefile.from_kinect(skeleton.read(write(tmp_path, "a", text(bodies=4))), 25).points.shape[0] == 2


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("", 1, "expected a number from 0 to 10000, found the end of the file"),
        ("many\n", 1, "expected a number from 0 to 10000, found many"),
        ("99999\n", 1, "expected a number from 0 to 10000, found 99999"),
        ("1\n1\n1 2 3\n", 3, "expected 10 numbers, found 1 2 3"),
        ("1\n1\n1 2 3 4 5 6 7 8 9 10\n20\n", 4, "expected 25, found 20"),
        ("1\n1\n1 2 3 4 5 6 7 8 9 10\n25\n1 2 x\n", 5, "expected 12 numbers, found 1 2 x"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, content, line, said):
    path = write(tmp_path, "a", content)
    with pytest.raises(SkeletonUnreadable, match=re.escape(said)) as refused:
        skeleton.read(path)
    assert f"line {line}:" in refused.value.words.en or content == ""
    assert "a.skeleton" in refused.value.words.zh


def test_a_file_that_is_cut_off_is_refused_wherever_it_ends(tmp_path):
    whole = text(frames=2)
    for stop in range(1, len(whole.splitlines()), 7):
        path = write(tmp_path, "a", "\n".join(whole.splitlines()[:stop]))
        with pytest.raises(SkeletonUnreadable):
            skeleton.read(path)


def test_a_folder_becomes_the_official_splits(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    names = ["S001C001P001R001A013", "S001C002P003R001A060", "S001C003P002R002A001"]
    for name in names:
        write(tmp_path / "nturgb", name, text())
    write(tmp_path / "nturgb", "S001C001P001R001A014", text(bodies=0))  # nobody: left out, as in pyskl
    told = []
    found = clips.index_of(tmp_path / "nturgb", lambda *given: told.append(given))
    assert [found.name(at) for at in range(3)] == names
    assert found.clips["label"].tolist() == [12, 59, 0]
    assert told[-1] == (4, 4)
    assert {name: places.tolist() for name, places in found.splits.items()} == {
        "xsub_train": [0, 2],
        "xsub_val": [1],
        "xview_train": [1, 2],
        "xview_val": [0],
    }
    write(tmp_path / "nturgb", "S033C001P106R002A061", text())
    assert set(clips.index_of(tmp_path / "nturgb").splits) == {"xsub120_train", "xsub120_val", "xset_train", "xset_val"}


def test_a_folder_without_poses_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(AnnotationsUnreadable, match=r"there is no \.skeleton file in this folder"):
        clips.index_of(tmp_path / "empty")
    write(tmp_path / "nobody", "S001C001P001R001A013", text(bodies=0))
    with pytest.raises(AnnotationsUnreadable, match="none of its 1 files holds a person"):
        clips.index_of(tmp_path / "nobody")
    write(tmp_path / "other", "mine", text())
    with pytest.raises(NotAnNtuName, match="expected a name like S001C002P003R002A013"):
        clips.index_of(tmp_path / "other")
