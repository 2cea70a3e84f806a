import os
import threading
import time

import pytest

from defib.watching.changes import stamp, wait


def later(seconds, do):
    timer = threading.Timer(seconds, do)
    timer.start()
    return timer


def test_a_line_that_is_written_ends_the_wait(tmp_path):
    log = tmp_path / "deep" / "log.jsonl"
    log.parent.mkdir()
    later(0.5, lambda: log.write_text("{}\n"))
    begin = time.monotonic()
    assert wait([tmp_path], 60.0, threading.Event())
    assert time.monotonic() - begin < 30


def test_nothing_that_is_written_ends_it_with_the_time(tmp_path):
    assert not wait([tmp_path], 0.3, threading.Event())


def test_what_we_write_ourselves_is_no_news(tmp_path):
    ours = tmp_path / ".defib"
    ours.mkdir()
    later(0.3, lambda: (ours / "journal.jsonl").write_text("{}\n"))
    assert not wait([tmp_path], 1.5, threading.Event())


@pytest.mark.parametrize("there", [True, False])
def test_it_ends_at_once_when_it_is_asked_to(tmp_path, there):
    stop = threading.Event()
    later(0.3, stop.set)
    begin = time.monotonic()
    assert not wait([tmp_path if there else tmp_path / "none"], 60.0, stop)
    assert time.monotonic() - begin < 30


def test_a_stamp_tells_growth_replacement_and_removal(tmp_path):
    log = tmp_path / "a" / "log.jsonl"
    log.parent.mkdir()
    log.write_text("1\n")
    stamps = [stamp(tmp_path)]
    log.write_text("1\n2\n")
    stamps.append(stamp(tmp_path))
    other = tmp_path / "a" / "new"
    other.write_text("1\n3\n")
    os.utime(other, ns=(log.stat().st_atime_ns, log.stat().st_mtime_ns))
    other.replace(log)
    stamps.append(stamp(tmp_path))
    log.unlink()
    stamps.append(stamp(tmp_path))
    assert len(set(stamps)) == 4
    assert stamps[-1] == ()


def test_a_stamp_stays_where_nothing_is_written_and_when_we_write(tmp_path):
    (tmp_path / "log.jsonl").write_text("1\n")
    before = stamp(tmp_path)
    (tmp_path / ".defib").mkdir()
    (tmp_path / ".defib" / "journal.jsonl").write_text("{}\n")
    assert stamp(tmp_path) == before
    assert stamp(tmp_path / "log.jsonl") == before
