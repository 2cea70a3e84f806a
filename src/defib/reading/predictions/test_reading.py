import os
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defib.errors import ExtraMissing, NoSuchPath, PredictionsRefused, PredictionsUnreadable
from defib.reading.predictions import reading
from defib.reading.predictions.reading import read_predictions
from defib.reading.predictions.test_made_up_dumps import dumped, read, refused, samples_of


def test_what_a_file_is_is_told_by_its_content(tmp_path):
    assert read(tmp_path, dumped(samples_of()), "predictions.npz").form == "pickle"
    assert read(tmp_path, b' {"scores": [1, 2]}', "predictions.pkl").form == "jsonl"


def test_an_empty_file_is_said_to_be_empty(tmp_path):
    words = refused(PredictionsUnreadable, tmp_path, b"")
    assert "empty" in words.en
    assert "文件为空" in words.zh


@pytest.mark.parametrize(
    "data", [b"epoch,top1\n1,20\n", b"\x89PNG\r\n\x1a\n", b"[1, 2]", b" \n", b"P", b"\xef\xbb\xbf"]
)
def test_other_files_are_refused_with_what_was_looked_for(tmp_path, data):
    words = refused(PredictionsUnreadable, tmp_path, data)
    for text in (words.en, words.zh):
        assert "--dump" in text
        assert ".npz" in text
        assert "JSON" in text


def test_a_path_that_is_not_there(tmp_path):
    with pytest.raises(NoSuchPath) as caught:
        read_predictions(tmp_path / "gone.pkl")
    assert "gone.pkl" in caught.value.words.zh


def test_a_folder_and_a_pipe_are_no_files_and_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(PredictionsUnreadable) as caught:
            read_predictions(path)
        assert "not a regular file" in caught.value.words.en
        assert "普通文件" in caught.value.words.zh


def test_a_path_that_the_system_refuses_is_an_error_and_no_traceback(tmp_path):
    with pytest.raises(PredictionsRefused) as caught:
        read_predictions(tmp_path / ("a" * 5000))
    assert "system" in caught.value.words.en
    assert "系统" in caught.value.words.zh


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.npz"
    with path.open("wb") as file:
        file.truncate(reading.MOST_BYTES + reading.MIB)
    with pytest.raises(PredictionsUnreadable) as caught:
        read_predictions(path)
    assert "513 MiB" in caught.value.words.en
    assert "512 MiB" in caught.value.words.zh


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from([b"", b"\x80\x02", b"\x80\x04", b"PK\x03\x04", b"PK\x05\x06", b"{", b'{"scores":']),
    st.binary(max_size=200),
)
def test_any_bytes_are_read_or_refused_and_nothing_else(tmp_path, head, data):
    with suppress(PredictionsRefused):
        read(tmp_path, head + data)


def test_without_the_extra_the_answer_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "find_spec", lambda _: None)
    with pytest.raises(ExtraMissing) as caught:
        read_predictions(tmp_path / "scores.npz")
    assert "pip install 'defib[predictions]'" in caught.value.words.en
    assert "预测结果文件" in caught.value.words.zh
