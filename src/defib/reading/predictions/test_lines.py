import json

import numpy as np
import pytest

from defib.errors import PredictionsDoNotFit, PredictionsUnreadable
from defib.reading.predictions import lines
from defib.reading.predictions.test_made_up_dumps import LABELS, POSE, RGB, holds_both, read, refused


def written(end="\n", **changes):
    rows = [
        {"scores_rgb": RGB[one].tolist(), "scores_pose": POSE[one].tolist(), "label": int(LABELS[one]), **changes}
        for one in range(40)
    ]
    return (end.join(json.dumps(row) for row in rows) + end).encode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_each_line_is_a_sample_and_blank_lines_are_none(tmp_path, end):
    table = read(tmp_path, written(end))
    assert holds_both(table)
    assert (table.form, table.names) == ("jsonl", None)


def test_a_mark_of_the_encoding_and_a_missing_last_line_end_do_no_harm(tmp_path):
    assert holds_both(read(tmp_path, b"\xef\xbb\xbf" + written().rstrip()))


def test_names_and_unknown_fields(tmp_path):
    table = read(tmp_path, written(name="S1", video={"fps": [30]}))
    assert table.names == ("S1",) * 40


def test_null_is_nan_and_a_label_may_be_missing_from_all(tmp_path):
    table = read(tmp_path, b'{"scores": [null, 1, 2]}\n{"scores": [0.5, 1, 2], "label": null}\n')
    assert np.isnan(table.scores["fused"][0, 0])
    assert table.scores["fused"][1].tolist() == [0.5, 1, 2]
    assert table.labels is None


@pytest.mark.parametrize("line", [
    b'{"scores": [0.1, 0.9', b"[]", b'{"scores": "a"}', b'{"scores": [[0.1, 0.9]]}', b'{"scores": [true, false]}',
    b'{"scores": [NaN, 1]}', b'{"label": 1}', b"{}", b'{"scores": [0.1, 0.9], "label": "walk"}', b"\xff\xfe",
    b'{"scores": [0.1, 0.9], "name": 3}', b'{"scores": {"rgb": [1, 2]}}', b"[" * 100_000,
    b'{"scores": ' + b"[" * 100_000,
])  # fmt: skip
def test_a_line_that_is_no_sample_is_named_by_its_number(tmp_path, line):
    words = refused(PredictionsUnreadable, tmp_path, b'{"scores": [0.1, 0.9]}\n\n' + line + b"\n")
    assert "line 3 " in words.en
    assert "第 3 行" in words.zh


def test_a_line_that_is_cut_off_is_named(tmp_path):
    assert "line 40 " in refused(PredictionsUnreadable, tmp_path, written()[:-30]).en


def test_an_endless_line_is_not_decoded(tmp_path):
    long = b'{"scores": [' + b"1," * (lines.MOST_BYTES // 2) + b"1]}"
    assert "line 1 " in refused(PredictionsUnreadable, tmp_path, long).en


def test_a_line_with_fewer_scores_than_those_before_is_named(tmp_path):
    words = refused(PredictionsDoNotFit, tmp_path, b'{"scores": [1, 2, 3]}\n{"scores": [1, 2]}\n')
    assert "sample 1 has 2 values" in words.en
    assert "2" in words.zh
