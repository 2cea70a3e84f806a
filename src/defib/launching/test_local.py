import os
import sys
import time
from pathlib import Path

import msgspec
import pytest

from defib.launching.environment import cleaned
from defib.launching.interpreter import checked
from defib.launching.local import start
from defib.launching.processes import alive, end, identity
from defib.launching.refusals import BadCommand, NoFramework, NotStarted
from defib.launching.template import filled


def started(tmp_path, code, **environment):
    return start((sys.executable, "-c", code), tmp_path, {**os.environ, **environment}, tmp_path / "out" / "a.log")


def test_what_it_prints_goes_to_the_file_and_it_has_a_session_of_its_own(tmp_path):
    code = "import os, sys; print(os.getsid(0), os.getcwd(), os.environ['A']); print('bad', file=sys.stderr)"
    found = started(tmp_path, code, A="b c;d")
    assert found.handle.wait(30) == 0
    first, second = (tmp_path / "out" / "a.log").read_text().splitlines()
    session, folder, value = first.split(" ", 2)
    assert int(session) == found.handle.pid != os.getsid(0)
    assert Path(folder) == tmp_path.resolve()
    assert value == "b c;d"
    assert second == "bad"
    started(tmp_path, "print('again')").handle.wait(30)
    assert (tmp_path / "out" / "a.log").read_text().endswith("bad\nagain\n")


def test_a_process_is_known_by_number_and_birth(tmp_path):
    found = started(tmp_path, "import time; time.sleep(60)")
    assert alive(found.process) is True
    other = msgspec.structs.replace(found.process, started=found.process.started - 60, ticks=0)
    assert alive(other) is False
    assert alive(msgspec.structs.replace(found.process, host="elsewhere")) is None
    end(other)
    assert alive(found.process) is True  # another process with its number is let be
    end(found.process)
    found.handle.wait(30)
    assert alive(found.process) is False
    end(found.process)


def test_a_process_that_does_not_listen_is_ended_with_its_children(tmp_path):
    code = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    found = started(tmp_path, code)
    log = tmp_path / "out" / "a.log"
    for _ in range(300):
        if log.read_text().strip():
            break
        time.sleep(0.1)
    child = identity(int(log.read_text()))
    end(found.process, patience=0.5)
    found.handle.wait(30)
    assert not alive(found.process)
    assert not alive(child)


@pytest.mark.parametrize(("command", "zh"), [(("no-such-program",), "无法在"), (("a\0b",), "没有任何程序在运行")])
def test_what_cannot_be_started_is_said(tmp_path, command, zh):
    with pytest.raises(NotStarted) as refused:
        start(command, tmp_path, {"PATH": "/usr/bin"}, tmp_path / "a.log")
    assert "could not be started" in refused.value.words.en
    assert zh in refused.value.words.zh


def test_a_folder_that_is_gone_is_said(tmp_path):
    with pytest.raises(NotStarted, match="No such file"):
        start((sys.executable,), tmp_path / "gone", {}, tmp_path / "a.log")


def test_our_own_environment_does_not_leak():
    given = {"PATH": "/d/venv/bin:/usr/bin", "VIRTUAL_ENV": "/d/venv", "PYTHONHOME": "/d", "PYTHONPATH": "/users/own"}
    assert cleaned(given, None, ours="/d/venv") == {"PATH": "/usr/bin", "PYTHONPATH": "/users/own"}
    assert cleaned(given, "python3", ours="/d/venv")["PATH"] == "/usr/bin"
    assert cleaned(given, "/usr/bin/python", ours="/d/venv")["PATH"] == "/usr/bin"


def test_the_interpreter_is_asked_to_import_the_framework(tmp_path):
    (tmp_path / "mmengine.py").write_text("")
    (tmp_path / "transformers.py").write_text("raise ImportError('libcudart is missing')")
    environment = {"PATH": str(Path(sys.executable).parent), "PYTHONPATH": str(tmp_path), "PYTHONSAFEPATH": ""}
    assert checked("python", "mmengine", tmp_path, environment).endswith("python")
    assert checked(sys.executable, "a plain loop", tmp_path, {}) == sys.executable
    with pytest.raises(NoFramework) as refused:
        checked(sys.executable, "huggingface", tmp_path, environment)
    assert "libcudart is missing" in refused.value.words.en
    assert "--python PATH" in refused.value.words.zh
    with pytest.raises(NoFramework, match="no such program"):
        checked("no-python", "mmengine", tmp_path, environment)


def test_paths_stay_words():
    values = {"config": "/a b/;rm -rf $HOME.py", "work_dir": "w", "start": None}
    assert filled("python train.py {config} --to={work_dir}/x", values) == (
        "python", "train.py", "/a b/;rm -rf $HOME.py", "--to=w/x",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("template", "en", "zh"),
    [
        ("python 'open", "a quote is open", "引号未闭合"),
        ("  ", "it has no words", "没有任何词"),
        ("python {model}", "{model} is not known here", "这里没有 {model}"),
        ("python {start}", "{start} is not known for this run", "这次训练的 {start} 未知"),
        ("python {config", "a brace is open", "花括号未闭合"),
    ],
)
def test_a_command_that_is_none_is_refused(template, en, zh):
    with pytest.raises(BadCommand) as refused:
        filled(template, {"config": "a", "work_dir": "b", "start": None})
    assert en in refused.value.words.en
    assert zh in refused.value.words.zh
    assert "{config}" in refused.value.words.en
