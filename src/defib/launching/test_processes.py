import os
import subprocess
import sys

import msgspec
import pytest

from defib.launching import processes
from defib.launching.processes import alive, end, identity
from defib.records import from_json, to_json
from defib.records.journal import Process


@pytest.fixture
def sleeper():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield child
    child.kill()
    child.wait()


def test_a_process_is_known_again_and_not_when_it_is_gone(sleeper):
    process = identity(sleeper.pid)
    assert alive(process)
    end(process)
    sleeper.wait()
    assert alive(process) is False


def test_a_clock_that_is_set_back_makes_nobody_dead(sleeper, monkeypatch):
    process = identity(sleeper.pid)
    moved = msgspec.structs.replace(
        process, started=process.started + 3600.0
    )  # what the system says after the clock moved
    if process.ticks is None:
        pytest.skip("this system has no /proc")
    assert alive(moved)


def test_another_process_with_its_number_is_not_it(sleeper):
    process = identity(sleeper.pid)
    other = msgspec.structs.replace(process, ticks=None if process.ticks is None else process.ticks + 1, started=0.0)
    assert alive(other) is False
    end(other)
    assert sleeper.poll() is None


def test_a_machine_that_was_started_anew_has_none_of_its_processes(sleeper, monkeypatch):
    process = msgspec.structs.replace(identity(sleeper.pid), boot="before")
    monkeypatch.setattr(processes, "_boot", lambda: "after")
    assert alive(process) is False


def test_a_process_of_another_machine_cannot_be_seen():
    process = msgspec.structs.replace(identity(os.getpid()), host="elsewhere")
    assert alive(process) is None


def test_a_journal_from_before_knows_processes_by_their_birth_alone(sleeper):
    process = identity(sleeper.pid)
    old = from_json(to_json(process).replace(b'"ticks"', b'"t"').replace(b'"boot"', b'"b"'), Process)
    assert (old.ticks, old.boot) == (None, None)
    assert alive(old)
    assert alive(msgspec.structs.replace(old, started=old.started - 60.0)) is False
