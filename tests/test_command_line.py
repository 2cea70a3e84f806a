"""The command line as a stranger meets it: exit codes, languages, formats, and one sentence for everything refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SRC = str(Path(__file__).parent.parent / "src")


def defib(*words, stdin=None, lang="C", cwd=None):
    environment = {**os.environ, "LANG": lang, "LC_ALL": "", "PYTHONPATH": SRC, "COLUMNS": "100", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "defib", *map(str, words)]
    done = subprocess.run(
        command, input=stdin, capture_output=True, text=True, env=environment, cwd=cwd, check=False, encoding="utf-8"
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_a_sick_run_asks_for_action_and_a_healthy_one_for_nothing(real, tmp_path):
    assert defib("diagnose", real).returncode == 1
    healthy = tmp_path / "healthy.md"
    healthy.write_text("| epoch | val acc |\n|---|---|\n" + "".join(f"| {n} | {50 + n}% |\n" for n in range(1, 9)))
    done = defib("diagnose", healthy)
    assert done.returncode == 0
    assert "not logged" in done.stdout  # silence is not health


def test_diagnose_writes_nothing(real):
    before = sorted(real.rglob("*"))
    defib("diagnose", real)
    assert sorted(real.rglob("*")) == before


def test_the_locale_chooses_the_language_and_the_option_overrules_it(real):
    assert "学习率" in defib("diagnose", real, lang="zh_CN.UTF-8").stdout
    assert "学习率" not in defib("diagnose", real, "--lang", "en", lang="zh_CN.UTF-8").stdout
    assert "让崩溃的训练" in defib("--help", lang="zh_CN.UTF-8").stdout


def test_json_is_one_case(real):
    case = json.loads(defib("diagnose", real, "--format", "json").stdout)
    assert case["verdict"] == "rescue"
    assert case["run"]["framework"] == "mmengine"
    assert {"symptoms", "unseen"} <= set(case["checkup"])
    assert case["causes"][0]["cause"] == "schedule_event"
    assert case["causes"][0]["for"]


def test_rescue_json_has_the_promised_names(real):
    plan = json.loads(defib("rescue", real, "--format", "json").stdout)["plan"]
    assert {"start_from", "edits", "command", "environment", "cwd", "seconds", "watch", "ladder", "baseline"} <= set(
        plan
    )
    assert {"key", "old", "new", "why", "cause", "risk", "sites"} <= set(plan["edits"][0])
    assert {"path", "old", "new"} <= set(plan["edits"][0]["sites"][0])
    assert plan["start_from"]["epoch"] == 9


def test_several_runs_give_one_case_a_line_and_the_highest_code(real, seed):
    done = defib("diagnose", real, seed[0], "--format", "json")
    assert len(done.stdout.splitlines()) == 2
    assert done.returncode == 1


def test_a_folder_of_runs_stands_for_all_of_them(real):
    (real.parent / "empty").mkdir()
    (real.parent / "notes.txt").write_text("hello\n")
    assert len(defib("diagnose", real.parent, "--format", "json").stdout.splitlines()) == 1


def test_one_bad_item_does_not_keep_the_others_from_an_answer(real, tmp_path):
    (tmp_path / "junk.txt").write_text("hello\n")
    done = defib("diagnose", real, tmp_path / "junk.txt", "--format", "json")
    assert len(done.stdout.splitlines()) == 1
    assert "junk.txt" in done.stderr
    assert done.returncode == 3


def test_a_finished_plan_takes_no_options(real):
    defib("rescue", real)
    done = defib("rescue", real / "lrjump_full_rescue.plan.json", "--profile", "conservative")
    assert done.returncode == 2
    assert "finished" in done.stderr


def test_a_second_rescue_finds_the_same(real):
    torch = pytest.importorskip("torch")
    full = {"state_dict": {"w": torch.ones(2)}, "meta": {"epoch": 9, "iter": 270}, "optimizer": {"param_groups": []}}
    torch.save(full, real / "best_acc_rgb_top1_epoch_9.pth")
    one, two = (json.loads(defib("rescue", real, "--format", "json").stdout) for _ in range(2))
    assert one["written"] == two["written"]
    assert one["plan"]["start_from"] == two["plan"]["start_from"]


def test_a_table_on_standard_input(seed):
    done = defib("diagnose", "-", stdin=seed[0].read_text(), lang="zh_CN.UTF-8")
    assert done.returncode == 1
    assert "57.45%" in done.stdout


def test_rescue_from_standard_input_writes_into_the_folder_that_was_named(seed, tmp_path):
    out = tmp_path / "out" / "new"
    done = defib("rescue", "-", "--config", seed[1], "--out", out, "--gpus", "2", stdin=seed[0].read_text())
    assert done.returncode == 1
    names = {path.name for path in out.iterdir()}
    assert names == {f"pcan_ntu60_95target_rescue{end}" for end in (".py", ".md", ".html", ".pictures", ".plan.json")}


def test_a_saved_case_can_be_diagnosed_in_the_other_language(real, tmp_path):
    saved = tmp_path / "case.json"
    saved.write_text(defib("diagnose", real, "--format", "json", "--lang", "en").stdout)
    assert "学习率" in defib("diagnose", saved, "--lang", "zh").stdout


def test_a_plan_can_be_written_later_but_not_over_a_changed_config(real):
    defib("rescue", real)
    plan, new = real / "lrjump_full_rescue.plan.json", real / "lrjump_full_rescue.py"
    new.unlink()
    assert defib("rescue", plan).returncode == 1
    assert "gamma=1.0" in new.read_text()
    new.unlink()
    config = real / "lrjump_full.py"
    config.write_text(config.read_text().replace("gamma=25.0", "gamma=0.1"))
    done = defib("rescue", plan)
    assert done.returncode == 4
    assert "changed since the plan" in done.stderr
    assert "stale-plan" in done.stderr
    assert "已被改动" in defib("rescue", plan, "--lang", "zh").stderr
    assert not new.exists()


def test_nothing_readable_is_three_and_one_sentence(tmp_path):
    (tmp_path / "notes.txt").write_text("hello\n")
    done = defib("diagnose", tmp_path)
    assert done.returncode == 3
    assert "notes.txt" in done.stderr
    assert "Looked for" in done.stderr
    assert "没有可读取的内容" in defib("diagnose", tmp_path, "--lang", "zh").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("diagnose", "no/such/run"), "no such file"),
        (("diagnose", "RUN", "--lang", "fr"), "zh, en"),
        (("diagnose", "RUN", "--format", "pdf"), "text, md, html, json"),
        (("rescue", "RUN", "--profile", "bold"), "minimal, conservative"),
        (("diagnose", "RUN", "--metric", "val/f1"), "no validation metric"),
        (("diagnose", "RUN", "--config", "no/such/config.py"), "no such file"),
        (("explain", "val_colapse"), "val_collapse"),
        (("rescue", "RUN", "--out", "RUN/lrjump_full.py/here"), "cannot write"),
    ],
)
def test_wrong_usage_is_two_and_says_what_would_be_right(real, words, said):
    done = defib(*(word.replace("RUN", str(real)) for word in words))
    assert done.returncode == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())


def test_the_answer_never_replaces_what_was_read(real):
    log = real / "20261122_104320" / "vis_data" / "scalars.json"
    before = log.read_bytes()
    done = defib("diagnose", real, "-o", log)
    assert done.returncode == 2
    assert log.read_bytes() == before


def test_another_metric_can_decide(real):
    case = json.loads(defib("diagnose", real, "--metric", "acc/pose_top1", "--format", "json").stdout)
    assert case["run"]["deciding"] == "val/top1/pose"


def test_explain_knows_every_kind_of_name():
    for name in ("val_collapse", "schedule_event", "halve_clip", "rgbpose_joint", "clip", "stale-plan"):
        for lang in ("en", "zh"):
            done = defib("explain", name, "--lang", lang)
            assert done.returncode == 0
            assert name in done.stdout


def test_demo_rescues_the_real_run_and_names_what_it_wrote(tmp_path):
    done = defib("demo", cwd=tmp_path)
    assert done.returncode == 0
    for name in ("lrjump_full_rescue.py", "lrjump_full_rescue.md", "lrjump_full_rescue.plan.json"):
        assert (tmp_path / "defib-demo" / "mmaction2-lr-jump" / name).is_file()
        assert name in done.stdout.replace("\n", "").replace(" ", "")


def test_an_internal_error_is_seventy_and_one_sentence(tmp_path):
    code = (
        "import defib.pipeline, defib.cli\n"
        "def broken(*a, **k): raise RuntimeError('made up')\n"
        "defib.pipeline.open_case = broken\n"
        "defib.cli.main(['diagnose', '.', '--lang', 'zh'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": SRC, "PYTHONUTF8": "1"}, capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 70
    assert "内部错误" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "begins"), [("a.png", b"\x89PNG"), ("a.svg", b"<!-- Written by defib"), ("a.md", b"<!--")]
)
def test_the_answer_as_a_picture_or_a_document_with_pictures(real, tmp_path, name, begins):
    assert defib("diagnose", real, "-o", tmp_path / name, "--lang", "zh").returncode == 1
    assert (tmp_path / name).read_bytes().startswith(begins)
    pictures = ["gradient.svg", "losses.svg", "rate.svg", "scores.svg"]
    assert sorted(path.name for path in tmp_path.glob("a.pictures/*")) == (pictures if name == "a.md" else [])


@pytest.mark.parametrize(("lang", "said"), [("en", "nothing to draw"), ("zh", "没有可画的曲线")])
def test_a_picture_of_a_run_without_curves_is_refused(real, tmp_path, lang, said):
    case = json.loads(defib("diagnose", real, "--format", "json").stdout)
    case["run"]["series"] = []
    saved = tmp_path / "case.json"
    saved.write_text(json.dumps(case), encoding="utf-8")
    done = defib("diagnose", saved, "-o", tmp_path / "a.png", "--lang", lang)
    assert done.returncode == 3
    assert said in done.stderr
    assert not (tmp_path / "a.png").exists()
