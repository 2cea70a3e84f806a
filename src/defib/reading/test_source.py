import pytest

from defib.reading.source import HEAD_BYTES, Source


def test_a_text_is_itself():
    source = Source("-", text="轮次\n")
    assert source.text == "轮次\n"
    assert source.head == source.data == "轮次\n".encode()


def test_a_file_is_read_as_it_lies(tmp_path):
    path = tmp_path / "a.log"
    path.write_bytes(b"one\r\ntwo")
    source = Source("a.log", path=path)
    assert source.data == b"one\r\ntwo"
    assert source.unfinished


def test_a_file_that_ends_its_line_is_finished(tmp_path):
    path = tmp_path / "a.log"
    path.write_bytes(b"one\n")
    assert not Source("a.log", path=path).unfinished


def test_the_head_of_a_long_text_is_short():
    source = Source("-", text="x" * (3 * HEAD_BYTES))
    assert len(source.head) == HEAD_BYTES
    assert len(source.data) == 3 * HEAD_BYTES


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_what_windows_writes_is_read(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes("轮次 1\n".encode(encoding))
    assert Source("a.txt", path=path).text == "轮次 1\n"


def test_bytes_that_are_not_utf8_become_marks(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\xffb")
    assert Source("a.txt", path=path).text == "a\ufffdb"


def test_half_a_surrogate_in_a_text_is_no_obstacle():
    assert Source("-", text="a\ud800b").data == b"a?b"


def test_a_picture_is_no_text(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert Source("a.png", path=path).binary
    assert not Source("-", text="| a |").binary


def test_a_file_that_vanished_is_an_operating_system_error(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        _ = Source("a", path=tmp_path / "gone").data
