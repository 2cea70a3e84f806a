"""A rescue carried through, on a made-up program: it trains well below a rate, collapses above it, and logs as it goes."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

import msgspec
import pytest
import yaml

import made_up_runs
from defib import pipeline
from defib.launching.journal import Journal
from defib.launching.processes import alive
from defib.launching.refusals import NoCommand, NotStarted
from defib.supervision import Bedside, Orders
from defib.supervision.following import essence, following, merged, planned
from defib.supervision.orders import HOUR
from typed import typed

PROGRAM = """
import argparse, json, pathlib, struct, sys, time
asked = argparse.ArgumentParser()
asked.add_argument("--config"); asked.add_argument("--work-dir")
given = asked.parse_args()
rate = next(float(line.split("#")[0].split(":")[1]) for line in open(given.config) if line.strip().startswith("lr:"))
mode = pathlib.Path("mode").read_text().strip()
pause = 0.6 if mode in ("slow", "later") else 0.05
if mode == "dies":
    sys.exit("no such dataset")
if mode == "silent":
    time.sleep(300)
batch = next(int(line.split("#")[0].split(":")[1]) for line in open(given.config) if line.strip().startswith("batch:"))
if mode.startswith("memory") and batch > int(mode.split("-")[1]):
    sys.exit("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB")
folder = pathlib.Path(given.work_dir); folder.mkdir(parents=True)
log = open(folder / "log.jsonl", "a")
def say(**row):
    print(json.dumps(row), file=log, flush=True)
first = 8.0 if mode == "empty" else 60.0
if mode.startswith("climbs"):
    first += {1.0: 0.0, 2.0: 2.0}.get(rate, -9.0)
header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
for epoch in range(1, 9):
    bad = mode == "hopeless" or (mode == "later" and epoch > 6) or (mode == "stubborn" and rate > 0.9)
    good = first if epoch > 2 or not bad else first
    score = 2.0 if bad and epoch > 2 else good + epoch * 0.1
    logged = 2.0 if mode == "restored" else rate
    if mode == "climbs":
        (folder / f"epoch_{epoch}.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(4))
    say(epoch=epoch, lr=logged, train_loss=4.0 if bad and epoch > 2 else 1.0 / epoch, val_acc=score / 100)
    if mode == "late-memory" and epoch == 2 and batch > 4:
        sys.exit("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB")
    time.sleep(pause)
"""
WHOLE = [("plan", 1), ("start", 1), ("read-back", 1), ("decision", 1), ("end", 1)]
CURVE = (12, 31, 44, 52, 57, 59, 60, 60.5, 2, 2)


@pytest.fixture
def ward(tmp_path, monkeypatch):
    """A run that collapsed at too high a rate, the program that trained it, and the folder that both lie in."""
    run = tmp_path / "runs" / "a"
    run.mkdir(parents=True)
    rows = [
        {"epoch": epoch, "lr": 2.0, "train_loss": 1.0 / epoch if score > 5 else 5.0, "val_acc": score / 100}
        for epoch, score in enumerate(CURVE, 1)
    ]
    (run / "log.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    (run / "config.yaml").write_text(
        "optim:\n  type: sgd\n  lr: 2.0\n  clip: 40.0\ntrain:\n  batch: 8\n  max_epochs: 10\ndata:\n  kind: micro\nload_from: null\nwork_dir: runs/a\n"
    )
    (tmp_path / "train.py").write_text(PROGRAM)
    (tmp_path / "mode").write_text("well")
    monkeypatch.chdir(tmp_path)
    # Reports are read by other tests; here they would cost seconds an attempt.
    monkeypatch.setattr("defib.reports.illustrated.document", lambda *_: ("", {}))
    monkeypatch.setattr("defib.livepage.livepage", lambda *_: "")
    return run


def bedside(run, mode="well", **orders):
    Path("mode").write_text(mode)
    asked = pipeline.Asked(config=run / "config.yaml")
    case = pipeline.rescue(pipeline.diagnose(pipeline.open_run(run, asked)))
    assert case.plan is not None
    template = f"{sys.executable} train.py --config {{config}} --work-dir {{work_dir}}"
    told = []
    made = Bedside(pipeline.write(case), Orders(template=template, pause=0.05, **orders), told.append)
    return made, told


def kinds(told):
    return [(one.kind, one.attempt) for one in told]


def test_a_rescue_that_works_is_carried_through(ward):
    nurse, told = bedside(ward)
    original = (ward / "config.yaml").read_bytes()
    assert nurse.run() == "recovered"
    assert kinds(told) in (WHOLE, [*WHOLE[:3], WHOLE[-1]])  # proven while it ran, or when it had ended
    assert told[-1].outcome == "recovered"
    assert "in 3 evaluations in a row" in told[-1].says.en
    assert "as planned" in told[2].says.en
    assert "读回的值与方案一致" in told[2].says.zh
    assert list(Journal(ward).entries()) == told
    assert (ward / "config.yaml").read_bytes() == original


def test_a_run_that_was_proven_is_looked_after_to_its_end(ward):
    """It stands in the journal when it was proven; what falls after that is a relapse like any other."""
    nurse, told = bedside(ward, "later", attempts=1)
    assert nurse.run() == "relapsed"
    proven = next(one for one in told if one.outcome == "recovered")
    assert proven.kind == "decision"
    assert "staying until its end" in proven.says.en
    assert "继续看护到训练结束" in proven.says.zh
    end = next(one for one in told if one.kind == "end")
    assert end.outcome == "relapsed"
    assert "fell from" in end.says.en


def test_a_supervisor_that_was_killed_after_that_knows_that_it_was_proven(ward):
    nurse, _ = bedside(ward, "slow")
    told = []

    def heard(entry):
        told.append(entry)
        if entry.outcome == "recovered":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Bedside(nurse.case, nurse.orders, heard).run()
    later = []
    assert Bedside(nurse.case, nurse.orders, later.append).carry_on() == "recovered"
    assert [one.kind for one in later if one.outcome == "recovered"] == ["end"]


def config_of(case):
    return yaml.safe_load(Path(case.plan.new_config).read_text(encoding="utf-8"))


def test_an_attempt_that_runs_out_of_memory_is_made_again_with_a_smaller_batch(ward):
    """Twice: the step sees as many samples at the same rate each time, and none of it counts as an attempt that relapsed."""
    nurse, told = bedside(ward, "memory-2", attempts=1)
    rate = config_of(nurse.case)["optim"]["lr"]
    assert nurse.run() == "recovered"
    decided = [one.says for one in told if one.kind == "decision" and one.outcome is None]
    assert "memory ran out at 8 per GPU; 2 batches of 4 make one step now" in decided[0].en
    assert "memory ran out at 4 per GPU; 4 batches of 2 make one step now" in decided[1].en
    assert "同一方案再试一次" in decided[0].zh
    last = config_of(nurse.case)
    assert (last["train"]["batch"], last["train"]["accumulate"], last["optim"]["lr"]) == (2, 4, rate)
    assert [one.attempt for one in told if one.kind == "start"] == [1, 2, 3]  # none of them was started twice
    assert yaml.safe_load((ward / "config.yaml").read_text())["train"] == {"batch": 8, "max_epochs": 10}


def test_memory_that_runs_out_after_some_epochs_is_no_relapse(ward):
    nurse, told = bedside(ward, "late-memory", attempts=1)
    assert nurse.run() == "recovered"
    assert config_of(nurse.case)["train"]["batch"] == 4
    assert not any(one.outcome == "relapsed" for one in told[-2:])


def test_a_batch_that_can_not_be_made_smaller_is_told(ward):
    nurse, told = bedside(ward, "memory-0")
    assert nurse.run() == "stopped"
    assert [one.attempt for one in told if one.kind == "start"] == [1, 2, 3, 4]  # 8, 4, 2, 1
    assert "the batch can not be made smaller" in told[-1].says.en
    assert "更大的显卡" in told[-1].says.zh
    assert "CUDA out of memory" in next(one for one in told if one.kind == "end").says.en


def test_after_a_relapse_something_else_is_tried_once_and_then_a_person_is_asked(ward):
    nurse, told = bedside(ward, "hopeless")
    assert nurse.run() == "relapsed"
    ends = [one for one in told if one.kind == "end"]
    assert [one.outcome for one in ends] == ["relapsed"] * len(ends)
    assert "nothing is left that was not tried" in told[-1].says.en
    assert "请人工检查" in told[-1].says.zh
    assert len({one.work_dir for one in told if one.kind == "start"}) == len(ends) == 2
    assert "next: the conservative plan. " in next(one.says.en for one in told if one.kind == "decision")
    assert "接下来：保守方案" in next(one.says.zh for one in told if one.kind == "decision")


def test_a_scheduler_that_was_restored_in_secret_stops_the_attempt(ward):
    nurse, told = bedside(ward, "restored")
    assert nurse.run() == "stopped"
    assert "the old schedule may have been restored" in told[-1].says.en
    assert "已停止" in told[-1].says.zh
    assert alive(next(one.process for one in told if one.kind == "start")) is False


def test_weights_that_were_not_loaded_stop_the_attempt(ward):
    nurse, told = bedside(ward, "empty")
    assert nurse.run() == "stopped"
    assert "the weights were not loaded" in told[-1].says.en


def test_three_fast_deaths_end_it_with_its_last_lines(ward):
    nurse, told = bedside(ward, "dies")
    assert nurse.run() == "stopped"
    assert sum(one.kind == "start" for one in told) == 3
    assert "ended 3 times without logging anything" in told[-1].says.en
    assert "no such dataset" in told[-1].says.en
    assert "3 次没有记录任何内容就退出" in told[-1].says.zh


def test_nothing_is_written_down_when_nothing_can_be_started(ward):
    nurse, told = bedside(ward)
    with pytest.raises(NotStarted):
        Bedside(nurse.case, Orders(template="no-such-program {config}", pause=0.05), told.append).run()
    bare = msgspec.structs.replace(nurse.case, plan=msgspec.structs.replace(nurse.case.plan, command=()))
    with pytest.raises(NoCommand) as refused:
        Bedside(bare, Orders(pause=0.05)).run()
    assert "--command" in refused.value.words.en
    assert "--command" in refused.value.words.zh


def test_a_killed_supervisor_is_followed_by_one_that_starts_nothing_again(ward):
    nurse, _ = bedside(ward)
    child = os.fork()
    if child == 0:
        try:
            nurse.run()
        finally:
            os._exit(0)
    journal = Journal(ward)
    for _ in range(200):
        if any(one.kind == "start" for one in journal.entries()):
            break
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    (started,) = (one for one in journal.entries() if one.kind == "start")
    assert alive(started.process) is True  # it outlives its supervisor
    told = []
    second = Bedside(nurse.case, nurse.orders, told.append)
    assert second.carry_on() == "recovered"
    assert not any(one.kind == "start" for one in told)
    assert second.carry_on() is None  # nothing is open any more


def asked(ward, *words):
    line = f"{sys.executable} train.py --config {{config}} --work-dir {{work_dir}}"
    return typed("rescue", ward, "--config", ward / "config.yaml", "--command", line, *words)


def test_a_dry_run_shows_what_would_be_started_and_starts_nothing(ward, capsys):
    assert asked(ward, "--dry-run", "--lang", "en") == 0
    shown = capsys.readouterr().out
    assert f"folder:   {ward.parent.parent}" in shown
    assert "train.py --config" in shown
    assert "nothing was started (--dry-run)" in shown
    assert not (ward / ".defib").exists()
    assert asked(ward, "--dry-run", "--lang", "zh") == 0
    assert "没有启动任何程序" in capsys.readouterr().out


def test_the_command_starts_stays_and_tells_its_story_again(ward, capsys, monkeypatch):
    monkeypatch.setattr("defib.supervision.Orders", partial(Orders, pause=0.05))
    (Path.cwd() / "mode").write_text("empty")
    assert asked(ward, "--launch", "--lang", "en") == 1
    shown = capsys.readouterr().out
    assert "starting, and staying until it has worked" in shown
    assert "the weights were not loaded" in shown
    assert typed("history", ward, "--lang", "zh") == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[6] for line in told] == ["方案", "启动", "读回", "结束"]
    assert typed("history", ward, "--format", "json", "--lang", "en") == 0
    assert [json.loads(line)["kind"] for line in capsys.readouterr().out.splitlines()] == [
        "plan",
        "start",
        "read-back",
        "end",
    ]
    assert typed("rescue", ward, "--continue", "--lang", "zh") == 2
    assert "没有正在进行的尝试" in capsys.readouterr().err
    (Path.cwd() / "mode").write_text("well")
    assert asked(ward, "--launch", "--lang", "en") == 0  # again, into a folder of its own
    assert "attempt 2  ended      recovered" in capsys.readouterr().out
    assert (Path.cwd() / "runs" / "a_rescue2").is_dir()


def test_without_a_journal_there_is_no_story(ward, capsys):
    assert typed("history", ward, "--lang", "en") == 2
    assert "tells of no attempt" in capsys.readouterr().err
    assert typed("rescue", ward, "--continue", "--lang", "en") == 2


def test_the_journal_is_no_log(ward):
    nurse, _ = bedside(ward)
    before = pipeline.open_run(ward).get("val/top1").value.tolist()
    assert nurse.run() == "recovered"
    assert pipeline.open_run(ward).get("val/top1").value.tolist() == before


def test_the_best_may_have_been_sick_already_so_an_older_start_is_next(tmp_path):
    made_up_runs.mmcv(tmp_path)
    (tmp_path / "mmcv.py").write_bytes((Path(__file__).parent / "runs/frameworks/mmcv.py").read_bytes())
    case = pipeline.write(pipeline.rescue(pipeline.diagnose(pipeline.open_run(tmp_path, pipeline.Asked(gpus=8)))))
    nurse = Bedside(case, Orders())
    assert case.plan.start_from.path == "epoch_11.pth"
    older = planned(nurse.case, "minimal", 2, nurse.case.causes, {"epoch_11.pth"}).plan
    assert older.start_from.path == "epoch_5.pth"  # epoch 20 is from after the fall
    assert "an attempt from it relapsed" in older.start_from.says.en
    assert "从它开始的一次尝试再次崩溃" in older.start_from.says.zh
    assert older.work_dir.endswith("_rescue2")
    assert planned(nurse.case, "minimal", 2, nurse.case.causes, {"epoch_11.pth", "epoch_5.pth"}) is None


def cause(name, standing):
    from defib.records import Cause

    return Cause(cause=name, standing=standing, says=typed_words(name))


def typed_words(text):
    from defib.words import same

    return same(text)


def test_what_the_relapse_itself_makes_likely_is_treated_next():
    found = merged(
        (cause("a", "likely"), cause("b", "ruled-out"), cause("c", "possible")),
        (cause("b", "likely"), cause("d", "likely"), cause("c", "possible")),
    )
    assert [(one.cause, one.standing) for one in found] == [
        ("a", "likely"), ("b", "likely"), ("c", "possible"), ("d", "likely"),
    ]  # fmt: skip
    assert merged((cause("a", "possible"),), ()) == (cause("a", "possible"),)


def test_every_attempt_changes_something_and_the_next_cause_comes_before_the_stronger_plan(ward):
    nurse, _ = bedside(ward)
    case = msgspec.structs.replace(
        nurse.case, causes=(cause("schedule_event", "ruled-out"), cause("lr_too_high", "possible"))
    )
    tried, said = {essence(nurse.case.plan)}, []
    while (found := following(case, None, tried, len(tried) + 1)) is not None:
        assert essence(found.case.plan) not in tried
        tried.add(essence(found.case.plan))
        said.append(found.says.en)
    assert said[0].startswith("the next cause: lr_too_high")
    assert said[1] == "the conservative plan"
    assert len(said) <= 4


@pytest.mark.parametrize(
    ("orders", "why_en", "why_zh"),
    [
        ({"hours": 0.5 / HOUR}, "hours are spent", "已用去"),
        ({"share": 0.2}, "of the original run are allowed", "各次尝试共训练了"),
    ],
)
def test_a_budget_that_is_spent_ends_the_attempt_and_says_what_was_tried(ward, orders, why_en, why_zh):
    nurse, told = bedside(ward, "slow", **orders)
    assert nurse.run() == "stopped"
    end, last = told[-2], told[-1]
    assert (end.kind, end.outcome, last.kind) == ("end", "stopped", "decision")
    assert why_en in end.says.en
    assert why_zh in end.says.zh
    assert "Tried: minimal" in last.says.en
    assert "ask a person" in last.says.en
    assert "试过：" in last.says.zh
    assert alive(next(one.process for one in told if one.kind == "start")) is False


def test_a_budget_that_is_not_spent_stops_nothing(ward):
    nurse, told = bedside(ward, hours=1.0, share=2.0)
    assert nurse.run() == "recovered"
    assert told[-1].outcome == "recovered"


@pytest.mark.parametrize("verdict", ["leave-running", "escalate", "healthy", "watch"])
def test_what_no_restart_cures_is_never_started(ward, verdict, capsys, monkeypatch):
    from defib.cli import work
    from defib.cli.attending import Wanted

    judged = pipeline.diagnose(pipeline.open_run(ward, pipeline.Asked(config=ward / "config.yaml")))
    monkeypatch.setattr(work, "judged", lambda *_: msgspec.structs.replace(judged, verdict=verdict))
    how = work.How("en")
    code = work.rescue(
        str(ward), pipeline.Asked(), how, profile=None, out=None,
        wanted=Wanted(launch=True, command=f"{sys.executable} train.py --config {{config}}"),
    )  # fmt: skip
    assert code == 0
    assert "there is nothing to rescue: nothing was started" in capsys.readouterr().out
    assert Journal(ward).entries() == ()
    assert not [path for path in ward.parent.iterdir() if path != ward]


KILLED = """
import os, signal, sys
from pathlib import Path
from defib import pipeline
from defib.supervision import Bedside, Orders
case, seen = pipeline.open_case(Path(sys.argv[1])), []
def told(entry):
    seen.append(entry.kind)
    if entry.kind == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
Bedside(case, Orders(template=sys.argv[2], pause=0.05), told).run()
"""


@pytest.mark.parametrize("line", ["plan", "start", "read-back", "decision", "end"])
def test_killed_at_any_line_of_the_journal_the_next_one_goes_on_and_no_two_trainings_run(ward, line):
    import subprocess

    nurse, _ = bedside(ward, "hopeless" if line == "decision" else "well")
    command = [sys.executable, "-c", KILLED, nurse.case.written["plan"], nurse.orders.template, line]
    assert subprocess.run(command, check=False, timeout=60).returncode == -signal.SIGKILL
    entries = Journal(ward).entries()
    assert entries[-1].kind == line
    before = [one.process for one in entries if one.kind == "start"]
    told = []
    case = pipeline.open_case(Path(nurse.case.written["plan"]))
    after = Bedside(case, Orders(template=nurse.orders.template, pause=0.05), told.append)
    outcome = after.carry_on()
    if line in ("plan", "decision"):
        assert outcome is None  # nothing runs: it is for a person, or a new launch, to say go
        Path("mode").write_text("well")
        assert Bedside(case, after.orders, told.append).run() == "recovered"
    elif line == "end":
        assert outcome is None
    else:
        assert outcome == "recovered"
        assert not [one for one in told if one.kind == "start"]
    started = [one.process for one in Journal(ward).entries() if one.kind == "start"]
    assert started[: len(before)] == before
    assert sum(bool(one is not None and alive(one)) for one in started) <= 1


@pytest.mark.parametrize("fault", ["deleted", "truncated"])
def test_a_log_that_is_deleted_or_cut_off_meanwhile_ends_clearly(ward, fault):
    import threading

    nurse, told = bedside(ward, "slow")
    work = Path(nurse.case.plan.cwd or ".") / nurse.case.plan.work_dir

    def harm():
        log = work / "log.jsonl"
        for _ in range(200):
            if log.is_file() and log.stat().st_size > 100:
                log.unlink() if fault == "deleted" else os.truncate(log, 0)
                return
            time.sleep(0.05)

    threading.Thread(target=harm).start()
    outcome = nurse.run()
    assert outcome in ("recovered", "stopped", "relapsed")
    assert told[-1].kind in ("end", "decision")
    assert (ward / "log.jsonl").is_file()
    assert sum(bool(alive(one.process)) for one in told if one.process is not None) <= (outcome == "recovered")


def test_a_clock_that_is_set_back_changes_neither_order_nor_outcome(ward, monkeypatch):
    nurse, told = bedside(ward)
    times = iter(range(10**9, 0, -3600))
    monkeypatch.setattr("defib.supervision.bedside.time.time", lambda: float(next(times)))
    assert nurse.run() == "recovered"
    assert [one.kind for one in Journal(ward).entries() if one.kind != "decision"] == [
        "plan",
        "start",
        "read-back",
        "end",
    ]
    assert told[0].at > told[-1].at


def test_a_full_disk_under_the_journal_starts_nothing_that_it_does_not_know_of(ward, monkeypatch):
    from defib.errors import CannotWrite

    nurse, told = bedside(ward)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("defib.launching.journal.os.fsync", full)
    with pytest.raises(CannotWrite) as refused:
        nurse.run()
    assert "No space left on device" in refused.value.words.en
    assert told == []
    assert not (Path(nurse.case.plan.cwd or ".") / nurse.case.plan.work_dir).exists()


def test_ten_thousand_lines_are_read_told_and_gone_on_from(ward, capsys):
    from defib.cli.attending import history
    from defib.records import Entry

    journal = Journal(ward)
    lines = [Entry(kind="decision", at=float(at), attempt=1, says=typed_words(f"line {at}")) for at in range(10_000)]
    journal.path.parent.mkdir(exist_ok=True)
    from defib.records import to_json

    journal.path.write_bytes(b"".join(to_json(one) + b"\n" for one in lines))
    assert len(journal.entries()) == 10_000
    assert history(str(ward), None, "en") == 0
    assert len(capsys.readouterr().out.splitlines()) == 10_000
    nurse, told = bedside(ward)
    assert nurse.run() == "recovered"
    assert told[0].attempt == 2


def test_an_attempt_that_was_planned_and_never_started_is_not_counted(ward):
    from defib.cli.attending import attempts
    from defib.records import Entry

    journal = Journal(ward)
    journal.append(Entry(kind="plan", at=1.0, attempt=1, says=typed_words("x")))
    assert attempts(str(ward)) == 0
    journal.append(Entry(kind="start", at=2.0, attempt=1, says=typed_words("x")))
    assert attempts(str(ward)) == 1
    journal.append(Entry(kind="plan", at=3.0, attempt=2, says=typed_words("x")))
    assert attempts(str(ward)) == 1


def climbing_from(ward, mode, **orders):
    nurse, told = bedside(ward, mode, climb=True, **orders)
    outcome = nurse.run()
    return nurse, told, outcome


def test_after_a_recovery_steps_are_tried_and_what_does_not_help_is_taken_back(ward):
    """1 to 2 gains two points, 2 to 3 loses nine, and from there nothing is tried twice."""
    _nurse, told, outcome = climbing_from(ward, "climbs", attempts=2)
    assert outcome == "recovered"
    assert [one.step for one in told if one.kind == "plan"] == [None, "lr=2.0", "lr=3.0"]
    decided = [one.says for one in told if one.kind == "decision" and one.outcome is None]
    assert decided[0].en.startswith("a step up the ladder: raise the learning rate one notch (1 to 2)")
    assert decided[0].zh.startswith("继续优化一步：学习率上调一档（1 → 2）")
    assert decided[1].en == "kept: the validation top-1 accuracy ends at 62.70% (median of the last 3), it was 60.70%"
    assert decided[1].zh.startswith("保留：")
    assert decided[3].en.startswith("taken back: ")
    assert decided[3].en.endswith("What counts is attempt 2")
    assert decided[3].zh.endswith("仍以第 2 次尝试为准")
    assert decided[4].en.startswith(
        "2 steps were tried, as many as are allowed. The best weights are those of attempt 2: "
    )
    assert decided[4].zh.startswith("已试过 2 步，达到上限。最好的权重来自第 2 次尝试：")
    first, second = (pipeline.open_case(Path(one.plan)) for one in told if one.step is not None)
    assert first.plan.start_from.path.endswith("a_rescue/epoch_8.safetensors")
    assert second.plan.start_from.path.endswith("a_rescue2/epoch_8.safetensors")
    assert config_of(second)["optim"]["lr"] == 3.0
    assert config_of(second)["load_from"] == second.plan.start_from.path


def test_without_the_order_nothing_is_tried_after_a_recovery(ward):
    nurse, told = bedside(ward, "climbs")
    assert nurse.run() == "recovered"
    assert [one.step for one in told if one.kind == "plan"] == [None]


def test_without_a_checkpoint_there_is_no_step_and_it_is_said(ward):
    _, told, outcome = climbing_from(ward, "climbs-blind")
    assert outcome == "recovered"
    assert [one.kind for one in told].count("start") == 1
    assert told[-1].says.en.startswith("no checkpoint of a known score is left to begin from. The best weights are ")
    assert told[-1].says.zh.startswith("没有留下成绩已知的检查点，无从开始。")


def test_killed_while_it_climbs_the_next_one_knows_where_it_was(ward):
    nurse, _ = bedside(ward, "climbs", climb=True, attempts=1)

    def heard(entry):
        if entry.kind == "start" and entry.attempt == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Bedside(nurse.case, nurse.orders, heard).run()
    from defib.cli.attending import planned as saved

    later = []
    assert Bedside(saved(str(ward)), nurse.orders, later.append).carry_on() == "recovered"
    assert [one.kind for one in later].count("start") == 0
    assert any(one.says.en.startswith("kept: ") for one in later)
    assert later[-1].says.en.startswith("1 steps were tried")
    again = []
    assert Bedside(saved(str(ward)), nurse.orders, again.append).carry_on() == "recovered"
    assert [one.kind for one in again] == ["decision"]  # nothing is started, and the step is not judged anew


def test_a_program_that_never_logs_is_ended_and_it_is_said(ward):
    nurse, told = bedside(ward, "silent", silence=1.0)
    assert nurse.run() == "stopped"
    assert told[-1].kind == "end"
    assert "logged nothing in " in told[-1].says.en
    assert "a program that takes longer to begin needs --silence" in told[-1].says.en
    assert "却没有在" in told[-1].says.zh
    started = next(one for one in told if one.kind == "start")
    assert alive(started.process) is False


def test_a_program_that_takes_its_time_is_waited_for(ward):
    nurse, _ = bedside(ward, "slow", silence=30.0)
    assert nurse.run() == "recovered"


def full(*_):
    raise OSError(28, "No space left on device")


def test_a_disk_that_is_full_when_the_next_config_is_written_ends_it_clearly(ward, monkeypatch):
    nurse, told = bedside(ward, "hopeless")
    original = (ward / "config.yaml").read_bytes()
    monkeypatch.setattr("defib.rewriting.writing.os.fsync", full)
    # the journal has to stay writable: it syncs through the same module
    monkeypatch.setattr("defib.launching.journal.os", _With(os, fsync=lambda _: None))
    assert nurse.run() == "relapsed"
    assert told[-1].kind == "decision"
    assert "No space left on device" in told[-1].says.en
    assert "The best weights are still those of" not in told[-2].says.en
    assert (ward / "config.yaml").read_bytes() == original
    assert not (ward / "config_rescue2.yaml").exists()
    assert not [one for one in ward.glob(".*.defib") if one.is_file()]  # nothing half-written


class _With:
    """A module with something else in it."""

    def __init__(self, module, **fields):
        self.__dict__.update(vars(module) | fields)


def test_a_start_that_can_not_be_written_down_is_ended_again(ward, monkeypatch):
    from defib.errors import CannotWrite

    nurse, told = bedside(ward, "slow")
    begun = []

    def sync(descriptor):
        if len(told) == 1:  # the plan stands there; the start does not fit any more
            full()

    def began(*words):
        from defib.launching.beginning import begin

        begun.append(begin(*words))
        return begun[-1]

    monkeypatch.setattr("defib.launching.journal.os", _With(os, fsync=sync))
    monkeypatch.setattr("defib.supervision.bedside.begin", began)
    with pytest.raises(CannotWrite):
        nurse.run()
    assert [one.kind for one in told] == ["plan"]
    assert begun[0].running.gone()


def test_a_folder_that_can_not_be_written_into_is_said_and_nothing_is_started(ward, monkeypatch, capsys):
    def refused(*_, **__):
        raise OSError(30, "Read-only file system")

    nurse, _ = bedside(ward)
    monkeypatch.setattr("pathlib.Path.mkdir", refused)
    assert typed("rescue", ward, "--continue", "--lang", "en") == 2
    capsys.readouterr()
    assert (
        typed("rescue", nurse.case.written["plan"], "--launch", "--command", nurse.orders.template, "--lang", "en") == 2
    )
    assert "Read-only file system" in capsys.readouterr().err
    assert (
        typed("rescue", nurse.case.written["plan"], "--launch", "--command", nurse.orders.template, "--lang", "zh") == 2
    )
    assert "无法写入（Read-only file system）" in capsys.readouterr().err
    assert not (Path("runs") / "a_rescue").exists()


def weights(path, *, damaged=False):
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    path.write_bytes((len(header).to_bytes(8, "little") + header + bytes(4))[: 20 if damaged else None])


@pytest.mark.parametrize("harm", ["truncated", "deleted"])
def test_a_start_that_is_damaged_after_it_was_chosen_is_replaced_by_an_older_one(ward, harm):
    for epoch in (5, 8):
        weights(ward / f"epoch_{epoch}.safetensors")
    nurse, told = bedside(ward)
    assert nurse.case.plan.start_from.path == "epoch_8.safetensors"
    weights(ward / "epoch_8.safetensors", damaged=True)
    if harm == "deleted":
        (ward / "epoch_8.safetensors").unlink()
    assert nurse.run() == "recovered"
    assert told[0].kind == "decision"
    assert "epoch_8.safetensors can not be read any more" in told[0].says.en
    assert "epoch_8.safetensors 已无法读取" in told[0].says.zh
    assert "epoch_5.safetensors" in told[1].says.en
    assert "relapsed" not in told[1].says.en  # the reason is the damage, not an attempt that there never was
    assert nurse.case.plan.start_from.path == "epoch_5.safetensors"


def test_where_no_start_is_left_nothing_is_started(ward):
    weights(ward / "epoch_8.safetensors")
    nurse, told = bedside(ward)
    weights(ward / "epoch_8.safetensors", damaged=True)
    assert nurse.run() == "stopped"
    assert [one.kind for one in told] == ["decision", "decision"]
    assert "no checkpoint from before the fall is left" in told[-1].says.en
    assert "下跌之前的检查点已全部不可用" in told[-1].says.zh
