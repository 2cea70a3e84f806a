"""`defib watch` on logs that grow, are cut off, are replaced, vanish, and begin anew."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from defib.pipeline import Asked
from defib.watching.watcher import watched
from typed import typed

HEALTHY = (12, 25, 33, 40, 45, 49, 52, 54, 56, 57, 58, 59)
COLLAPSED = (12, 25, 33, 40, 45, 49, 52, 54, 56, 4, 3, 3)


def row(epoch, score):
    return json.dumps({"epoch": epoch, "lr": 0.01, "train_loss": round(3.0 / epoch, 3), "val_acc": score / 100}) + "\n"


def text(scores, first=1):
    return "".join(row(epoch, score) for epoch, score in enumerate(scores, first))


@pytest.fixture
def log(tmp_path):
    (tmp_path / "a").mkdir()
    return tmp_path / "a" / "log.jsonl"


def verdicts(log, *contents):
    """What is said after each state of the log."""
    watcher, found = watched([str(log.parent)], [], Asked()), []
    for number, content in enumerate(contents):
        if content is None:
            log.unlink(missing_ok=True)
        else:
            log.write_text(content)
            os.utime(log, ns=(0, number))  # also where two writes have one length within one tick of the clock
        (look,) = watcher.look()
        found.append(look)
    return found


def test_a_collapse_is_seen_while_the_log_grows_and_not_before(log):
    looks = verdicts(log, *(text(COLLAPSED[:count]) for count in range(2, len(COLLAPSED) + 1)))
    said = [look.verdict for look in looks]
    assert "rescue" not in said[: COLLAPSED.index(4) - 1]
    assert said[-1] == "rescue"
    assert looks[-1].case.plan is not None


def test_a_healthy_run_is_left_in_peace_line_by_line(log):
    whole = text(HEALTHY)
    cuts = [whole[:at] for at in range(200, len(whole), 37)]  # in the middle of lines, of numbers and of names
    looks = verdicts(log, *cuts, whole)
    assert {look.verdict for look in looks if look.case} == {"healthy"}
    assert all(look.refused is None for look in looks)


def test_what_was_known_survives_a_log_that_is_cut_off(log):
    looks = verdicts(log, text(COLLAPSED[:9]), text(COLLAPSED[9:], 10))
    assert looks[1].verdict == "rescue"
    assert looks[1].case.checkup.incident.best.value == pytest.approx(56.0)
    assert any("cut off" in note.en for note in looks[1].case.run.notes)


def test_a_healthy_log_that_is_cut_off_raises_no_alarm(log):
    looks = verdicts(log, text(HEALTHY[:6]), "", text(HEALTHY[6:9], 7), text(HEALTHY[6:], 7))
    assert [look.verdict for look in looks if look.refused is None] == ["healthy"] * 3
    assert looks[1].refused is not None
    assert looks[1].case is not None
    assert looks[-1].case.run.get("val/top1").value.tolist() == pytest.approx(HEALTHY)


def test_a_log_that_vanishes_is_told_and_what_was_known_is_kept(log):
    looks = verdicts(log, text(HEALTHY), None, text(HEALTHY))
    assert looks[1].refused is not None
    assert looks[1].verdict == "healthy"
    assert looks[2].refused is None


def test_a_run_that_begins_anew_in_its_place_is_another_one(log):
    looks = verdicts(log, text(COLLAPSED), text(HEALTHY[:4]))
    assert [look.verdict for look in looks] == ["rescue", "healthy"]
    assert looks[1].case.run.notes == ()


def test_what_has_not_changed_is_not_read_again(log, monkeypatch):
    log.write_text(text(HEALTHY))
    watcher = watched([str(log.parent)], [], Asked())
    (first,) = watcher.look()
    monkeypatch.setattr("defib.watching.watcher.pipeline.open_run", lambda *_: pytest.fail("it was read again"))
    assert watcher.look()[0] is first


def test_a_stall_shows_by_the_clock_alone(log):
    head = {"kind": "start", "format": 1, "time": 0.0}
    rows = [
        {"kind": "val", "step": 10 * n, "epoch": float(n), "time": 60.0 * n, "values": {"val/top1": 30.0 + n}}
        for n in range(1, 7)
    ]
    (log.parent / "recipe.json").write_text(
        json.dumps({"optim": {"lr": 0.1}, "train": {"max_epochs": 50}, "data": {"kind": "micro"}})
    )
    metrics = log.parent / "metrics.jsonl"
    metrics.write_text("".join(json.dumps(one) + "\n" for one in (head, *rows)))
    now = [time.time()]
    watcher = watched([str(log.parent)], [], Asked(config=log.parent / "recipe.json"))
    watcher.clock = lambda: now[0]
    (look,) = watcher.look()
    assert not any(one.rule == "stalled" for one in look.case.checkup.symptoms)
    now[0] += 7200.0
    (look,) = watcher.look()
    assert any(one.rule == "stalled" for one in look.case.checkup.symptoms)


def test_runs_that_begin_later_are_found_wherever_they_lie_below(tmp_path):
    watcher = watched([], [str(tmp_path)], Asked())
    assert watcher.look() == ()
    for name in ("b", "x/y/c"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "log.jsonl").write_text(text(HEALTHY))
    assert [str(look.path.relative_to(tmp_path)) for look in watcher.look()] == ["b", "x/y/c"]


def test_looking_takes_no_more_than_its_share_of_the_time(log, monkeypatch):
    log.write_text(text(HEALTHY))
    watcher, stop = watched([str(log.parent)], [], Asked()), threading.Event()
    waited = []
    monkeypatch.setattr(stop, "wait", lambda seconds: waited.append(seconds) or len(waited) > 1)
    monkeypatch.setattr("defib.watching.watcher.wait", lambda *_: None)
    monkeypatch.setattr("defib.watching.watcher.time.perf_counter", iter([0.0, 1.0, 1.0, 2.0, 2.0, 3.0]).__next__)
    list(watcher.looks(stop, 30.0))
    assert waited[0] == pytest.approx(9.0)


def test_the_signs_of_the_plan_that_a_run_carries_out_are_watched(log, monkeypatch):
    from defib import pipeline

    log.write_text(text(COLLAPSED))
    config = (
        "optim:\n  type: sgd\n  lr: 2.0\ntrain:\n  max_epochs: 10\ndata:\n  kind: micro\nload_from: null\nwork_dir: a\n"
    )
    (log.parent / "config.yaml").write_text(config)
    monkeypatch.chdir(log.parent.parent)
    asked = Asked(config=log.parent / "config.yaml")
    case = pipeline.write(pipeline.rescue(pipeline.diagnose(pipeline.open_run(log.parent, asked))))
    new = Path(case.plan.cwd or ".") / case.plan.work_dir
    new.mkdir(parents=True)
    (new / "log.jsonl").write_text(text((56, 57, 58, 59)))
    (look,) = watched([str(new)], [], Asked()).look()
    states = {one.says.en: one.state for one in look.signs}
    assert any("rises steadily" in says and state == "shown" for says, state in states.items())
    assert not any(one.kind == "danger" and one.state == "shown" for one in look.signs)
    (look,) = watched([str(log.parent)], [], Asked()).look()
    assert look.signs == ()


def test_once_says_it_and_leaves_with_the_code_of_diagnose(log, capsys):
    log.write_text(text(COLLAPSED))
    assert typed("watch", log.parent, "--once", "--lang", "en") == 1
    said = capsys.readouterr().out
    assert "rescue: restart with changes" in said
    assert "56.00% (epoch 9)" in said
    log.write_text(text(HEALTHY))
    assert typed("watch", log.parent, "--once", "--lang", "zh") == 0
    assert "健康" in capsys.readouterr().out
    assert typed("watch", log.parent / "none", "--once", "--lang", "en") == 3
    assert "cannot be judged now" in capsys.readouterr().out


def test_several_runs_are_a_table_with_what_is_wrong_below_it(tmp_path, capsys):
    for name, scores in (("a", COLLAPSED), ("b", HEALTHY)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "log.jsonl").write_text(text(scores))
    assert typed("watch", "--all", tmp_path, "--once", "--lang", "en") == 1
    said = capsys.readouterr().out
    assert said.count("healthy") == 1
    assert "fell from 56.00%" in said


def test_a_folder_without_runs_is_waited_for(tmp_path, capsys):
    assert typed("watch", "--all", tmp_path, "--once", "--lang", "en") == 0
    assert "waiting for the first" in capsys.readouterr().out
    assert typed("watch", "--all", tmp_path, "--once", "--lang", "zh") == 0
    assert "等待第一个出现" in capsys.readouterr().out


def test_a_watch_tells_what_is_new_once_and_ends_when_it_is_asked_to(log):
    log.write_text(text(COLLAPSED[:8]))
    command = [sys.executable, "-m", "defib", "watch", str(log.parent), "--every", "1", "--lang", "en"]
    watching = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        first = watching.stdout.readline()
        log.write_text(text(COLLAPSED))
        second = watching.stdout.readline()
        time.sleep(2.5)  # two looks, at which nothing is new
        watching.send_signal(signal.SIGTERM)
        rest = watching.stdout.read()
        assert watching.wait(30) == 1
    finally:
        watching.kill()
        watching.stdout.close()
    assert "healthy: " in first
    assert "rescue: " in second
    assert rest == ""


def test_on_a_terminal_the_view_is_kept_fresh(log):
    import pty

    log.write_text(text(HEALTHY[:8]))
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "defib", "watch", str(log.parent), "--every", "1", "--lang", "en"]
    watching = subprocess.Popen(
        command, stdout=child, stderr=child, env={**os.environ, "TERM": "xterm", "COLUMNS": "90"}
    )
    os.close(child)
    threading.Timer(4.0, lambda: log.write_text(text(COLLAPSED))).start()
    threading.Timer(10.0, lambda: watching.send_signal(signal.SIGINT)).start()
    shown = b""
    try:
        while piece := _read(parent):
            shown += piece
        assert watching.wait(30) == 1
    finally:
        watching.kill()
        os.close(parent)
    seen = shown.decode(errors="replace")
    assert "healthy: nothing to do" in seen
    assert "rescue: restart with changes" in seen
    assert "Ctrl-C ends the watch" in seen


def _read(descriptor):
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other end has gone
        return b""
