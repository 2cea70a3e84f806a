"""New files appear whole or not at all, and never over somebody else's."""

from __future__ import annotations

import os
import stat

import pytest

from defib.errors import CannotWrite
from defib.rewriting.writing import MARK, checksum, free_name, ours, write

OURS = f"{MARK} from c.py; the original is unchanged.\na = 1\n"


def test_writes_a_new_file(tmp_path):
    write(tmp_path / "new.py", OURS)
    assert (tmp_path / "new.py").read_text() == OURS
    assert os.listdir(tmp_path) == ["new.py"]  # noqa: PTH208
    assert stat.S_IMODE((tmp_path / "new.py").stat().st_mode) & 0o600 == 0o600


def test_writes_over_what_it_wrote_itself(tmp_path):
    write(tmp_path / "new.py", OURS)
    write(tmp_path / "new.py", OURS + "b = 2\r\n")
    assert (tmp_path / "new.py").read_bytes().endswith(b"b = 2\r\n")


def test_accepts_a_foreign_file_that_says_the_same(tmp_path):
    (tmp_path / "new.py").write_text("a = 1\n")
    write(tmp_path / "new.py", "a = 1\n")


def test_refuses_to_write_over_a_file_that_is_not_its_own(tmp_path):
    (tmp_path / "c.py").write_text("a = 1\n")
    with pytest.raises(CannotWrite):
        write(tmp_path / "c.py", OURS)
    assert (tmp_path / "c.py").read_text() == "a = 1\n"
    assert os.listdir(tmp_path) == ["c.py"]  # noqa: PTH208


def test_refuses_to_write_through_a_link(tmp_path):
    (tmp_path / "target.py").write_text(OURS)
    (tmp_path / "link.py").symlink_to(tmp_path / "target.py")
    with pytest.raises(CannotWrite):
        write(tmp_path / "link.py", OURS + "b = 2\n")
    assert (tmp_path / "target.py").read_text() == OURS


def test_refuses_a_folder_that_is_not_there_or_is_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "none" / "new.py", tmp_path / "file" / "new.py"):
        with pytest.raises(CannotWrite):
            write(path, OURS)


def test_leaves_the_old_file_when_the_new_one_cannot_be_completed(tmp_path, monkeypatch):
    write(tmp_path / "new.py", OURS)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="No space left"):
        write(tmp_path / "new.py", OURS + "b = 2\n")
    assert (tmp_path / "new.py").read_text() == OURS
    assert os.listdir(tmp_path) == ["new.py"]  # noqa: PTH208


def test_takes_the_first_free_name(tmp_path):
    assert free_name(tmp_path, "c", ".py").name == "c_rescue.py"
    (tmp_path / "c_rescue.py").write_text("a = 1\n")
    assert free_name(tmp_path, "c", ".py").name == "c_rescue2.py"


def test_takes_its_own_file_again_and_skips_others(tmp_path):
    (tmp_path / "c_rescue.py").mkdir()
    (tmp_path / "c_rescue2.py").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c_rescue3.py").write_text(OURS)
    assert free_name(tmp_path, "c", ".py").name == "c_rescue3.py"


def test_does_not_call_a_file_its_own_that_only_speaks_of_it(tmp_path):
    (tmp_path / "c.py").write_text("a = 1\nb = 2\nc = 3\n# Written by defib\n")
    assert not ours(tmp_path / "c.py")
    assert not ours(tmp_path / "none.py")


def test_what_somebody_has_edited_is_no_longer_ours(tmp_path):
    path = tmp_path / "c_rescue.py"
    body = "a = 1\n"
    path.write_text(f"{MARK} from c.py; the original is unchanged (sum {checksum(body.encode())}).\n{body}")
    assert ours(path)
    path.write_text(path.read_text().replace("a = 1", "a = 2"))
    assert not ours(path)
    assert free_name(tmp_path, "c", ".py").name == "c_rescue2.py"
