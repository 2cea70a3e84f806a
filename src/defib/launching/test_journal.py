import os
import signal
import subprocess
import sys

import pytest

from defib.errors import CannotWrite
from defib.launching.journal import Journal
from defib.launching.refusals import AlreadySupervised, JournalUnreadable
from defib.records import Entry
from defib.words import same


def entry(number, **fields):
    return Entry(kind="decision", at=float(number), says=same(f"line {number}"), **fields)


def test_what_was_appended_is_read_again_in_its_order(tmp_path):
    journal = Journal(tmp_path)
    assert journal.entries() == ()
    assert not journal.path.exists()
    written = [journal.append(entry(number, environment={"A": "b c"}, command=("x y", ";"))) for number in (3, 1, 2)]
    assert list(journal.entries()) == written
    assert list(Journal(tmp_path).entries()) == written


def test_a_log_file_has_its_journal_beside_it(tmp_path):
    (tmp_path / "history.md").write_text("x")
    (tmp_path / "other.md").write_text("x")
    Journal(tmp_path / "history.md").append(entry(1))
    assert Journal(tmp_path / "history.md").path == tmp_path / ".defib" / "history.md.jsonl"
    assert Journal(tmp_path / "other.md").entries() == ()


@pytest.mark.parametrize("kept", [1, 10, 40])
def test_a_torn_last_line_is_passed_over_and_the_next_one_begins_behind_it(tmp_path, kept):
    journal = Journal(tmp_path)
    journal.append(entry(1))
    whole = journal.path.read_bytes()
    journal.append(entry(2))
    torn = journal.path.read_bytes()[: len(whole) + kept]
    journal.path.write_bytes(torn)
    assert [one.at for one in journal.entries()] == [1.0]
    journal.append(entry(3))
    assert [one.at for one in journal.entries()] == [1.0, 3.0]
    assert journal.path.read_bytes().startswith(torn)  # nothing of it was touched


def test_a_line_that_is_none_of_ours_is_refused_with_its_number(tmp_path):
    journal = Journal(tmp_path)
    journal.append(entry(1))
    with journal.path.open("ab") as file:
        file.write(b"hello\n")
    journal.append(entry(2))
    with pytest.raises(JournalUnreadable) as refused:
        journal.entries()
    assert "line 2" in refused.value.words.en
    assert "第 2 行" in refused.value.words.zh


def test_ten_thousand_lines_are_read_at_once(tmp_path):
    journal = Journal(tmp_path)
    journal.append(entry(1))
    journal.path.write_bytes(journal.path.read_bytes() * 10_000)
    assert len(journal.entries()) == 10_000


def test_a_disk_that_takes_nothing_is_said(tmp_path):
    (tmp_path / ".defib").write_text("a file where the folder should be")
    with pytest.raises(CannotWrite, match=r"journal\.jsonl"):
        Journal(tmp_path).append(entry(1))


def test_two_supervisors_do_not_share_a_run(tmp_path):
    with Journal(tmp_path).held(), pytest.raises(AlreadySupervised) as refused, Journal(tmp_path).held():
        pass
    assert str(os.getpid()) in refused.value.words.en
    assert "看护" in refused.value.words.zh
    assert ".lock" in refused.value.words.zh
    with Journal(tmp_path).held():
        pass


HOLD = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "from defib.launching.journal import Journal\n"
    "with Journal(Path(sys.argv[1])).held():\n"
    "    print('held', flush=True)\n"
    "    time.sleep(60)\n"
)


def test_the_lock_of_a_killed_supervisor_is_taken_over(tmp_path):
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=surroundings) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(AlreadySupervised), Journal(tmp_path).held():
            pass
        other.kill()
        other.wait()
    with Journal(tmp_path).held():
        pass


def test_a_line_that_was_appended_survives_a_kill(tmp_path):
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from defib.launching.journal import Journal\n"
        "from defib.records import Entry\n"
        "from defib.words import same\n"
        "Journal(Path(sys.argv[1])).append(Entry(kind='start', at=1.0, says=same('x')))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, env=surroundings)
    assert done.returncode == -signal.SIGKILL
    assert [one.kind for one in Journal(tmp_path).entries()] == ["start"]
