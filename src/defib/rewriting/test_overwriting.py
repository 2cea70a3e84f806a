import pytest

from defib.errors import CannotWrite
from defib.rewriting.overwriting import overwrite


def test_an_answer_is_written_and_may_be_written_again(tmp_path):
    path = tmp_path / "answer.txt"
    overwrite(path, "one\n")
    overwrite(path, "two\n")
    assert path.read_text() == "two\n"
    assert [one.name for one in tmp_path.iterdir()] == ["answer.txt"]


def test_what_was_read_is_never_replaced(tmp_path):
    log = tmp_path / "run" / "scalars.json"
    log.parent.mkdir()
    log.write_text("{}\n")
    for kept in (log, log.parent):
        with pytest.raises(CannotWrite) as caught:
            overwrite(log, "gone\n", kept=[kept])
        assert "never changed" in caught.value.words.en
        assert "绝不会被改动" in caught.value.words.zh
    assert log.read_text() == "{}\n"


def test_a_new_file_and_one_of_defibs_own_may_stand_in_the_folder_that_was_read(tmp_path):
    path = tmp_path / "answer.md"
    overwrite(path, "<!-- Written by defib. -->\none\n", kept=[tmp_path])
    overwrite(path, "<!-- Written by defib. -->\ntwo\n", kept=[tmp_path])
    assert path.read_text().endswith("two\n")


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(CannotWrite) as caught:
        overwrite(tmp_path / "no" / "answer.md", "x")
    assert "does not exist" in caught.value.words.en


def test_a_link_to_what_was_read_is_not_followed_over_it(tmp_path):
    log, link = tmp_path / "scalars.json", tmp_path / "answer.json"
    log.write_text("{}\n")
    link.symlink_to(log)
    with pytest.raises(CannotWrite):
        overwrite(link, "gone\n", kept=[log])
    assert log.read_text() == "{}\n"
