import numpy as np
import pytest

from defib.action.data import index, leaving_out
from defib.action.errors.data import ListRefused

NAMES = ("S001C001P001R001A001", "S001C001P002R001A002", "S001C002P003R001A001")


@pytest.fixture
def clips(tmp_path):
    rows = np.zeros(3, index.ROW)
    rows["name"] = [name.encode() for name in NAMES]
    splits = {"train": np.array([0, 1]), "val": np.array([2])}
    return index.Index(tmp_path, rows, np.zeros((0, 17, 2)), np.zeros((0, 17)), splits)


def listed(tmp_path, text):
    path = tmp_path / "out.txt"
    path.write_text(text, encoding="utf-8")
    return path


def left(clips, path):
    """The names that each split still has."""
    found = leaving_out.without(clips, path)
    return {name: [found.name(int(at)) for at in places] for name, places in found.splits.items()}


@pytest.mark.parametrize("ending", ["", ".skeleton", ".avi", "_rgb.avi", "_rgb", ".mp4", "  # no body"])
def test_a_name_stands_for_its_clip_however_the_file_is_called(clips, tmp_path, ending):
    path = listed(tmp_path, f"{NAMES[1]}{ending}\n")
    assert left(clips, path) == {"train": [NAMES[0]], "val": [NAMES[2]]}


def test_the_prose_of_a_published_list_is_no_name(clips, tmp_path):
    text = f"These skeletons are missing or incomplete:\n\n# by camera\n{NAMES[0]}.skeleton\nS017C003P007R002A055.skeleton\n"
    assert leaving_out.names(listed(tmp_path, text)) == {NAMES[0], "S017C003P007R002A055"}
    assert left(clips, tmp_path / "out.txt") == {"train": [NAMES[1]], "val": [NAMES[2]]}


def test_a_list_that_names_clips_of_another_split_only_changes_nothing_here(clips, tmp_path):
    path = listed(tmp_path, NAMES[2])
    assert left(clips, path) == {"train": list(NAMES[:2]), "val": []}


def test_without_a_list_nothing_is_left_out(clips):
    assert left(clips, None) == {"train": list(NAMES[:2]), "val": [NAMES[2]]}


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("S017C003P007R002A055", "none of its 1 names is a clip of", "都不是"),
        ("# nothing\n\nonly prose here\n", "it holds no name", "其中没有名称"),
    ],
)
def test_a_list_that_leaves_nothing_out_is_refused(clips, tmp_path, text, en, zh):
    with pytest.raises(ListRefused) as refused:
        leaving_out.without(clips, listed(tmp_path, text))
    for said, part in ((refused.value.words.en, en), (refused.value.words.zh, zh)):
        assert part in said
        assert "out.txt" in said
        assert "data.exclude" in said


def test_a_list_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(ListRefused, match="No such file"):
        leaving_out.names(tmp_path / "gone.txt")
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ListRefused, match="decode"):
        leaving_out.names(tmp_path / "binary.txt")
