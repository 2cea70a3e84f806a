"""Predictions from the file to the answer: made-up dumps beside the seed's run and the real one."""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from defib import pipeline, reading
from defib.errors import NoSuchPath, TooManyPredictions
from defib.records import (
    Branch,
    Case,
    ClassScore,
    Exchanged,
    Fusion,
    Pair,
    Predictions,
    Relabelled,
    from_json,
    to_json,
)
from defib.reports import markdown, terminal

SRC = str(Path(__file__).parent.parent / "src")
CLASSES = 60
LABELS = np.random.default_rng(0).integers(0, CLASSES, 1800)


def scores(right, shift=0, sure=0.8, seed=1):
    """Made-up probabilities of a branch that knows a share of the samples, and counts its classes with a shift."""
    draw = np.random.default_rng(seed)
    said = np.where(draw.random(len(LABELS)) < right, LABELS, draw.integers(0, CLASSES, len(LABELS)))
    found = np.full((len(LABELS), CLASSES), (1 - sure) / (CLASSES - 1), dtype=np.float32)
    found[np.arange(len(LABELS)), (said + shift) % CLASSES] = sure
    return found


RGB, POSE, SHIFTED = scores(0.66), scores(0.16, seed=2), scores(0.6, shift=1, seed=3)


def dump(path, rgb=RGB, pose=POSE):
    """What mmaction2 1.2 dumps of RGBPoseConv3D, as far as it matters."""
    samples = [
        {"pred_score": {"rgb": torch.tensor(one), "pose": torch.tensor(two)}, "gt_label": torch.tensor([label])}
        for one, two, label in zip(rgb, pose, LABELS, strict=True)
    ]
    path.write_bytes(pickle.dumps(samples, protocol=2))
    return path


def archive(path, **arrays):
    np.savez(path, **{"label": LABELS, **arrays})
    return path


def judged(seed, *files, **asked):
    table, config = seed
    given = pipeline.Asked(config=config, predictions=tuple(files), gpus=2, minutes_per_epoch=13.5, **asked)
    return pipeline.diagnose(pipeline.open_run(table, given))


def cause(case, name):
    return next((one for one in case.causes if one.cause == name), None)


# ------------------------------------------------------------------------------------------------ the seed's run


def test_without_predictions_the_suspicion_is_possible_the_verdict_rescue_and_the_plan_names_the_probe_once(seed):
    case = pipeline.rescue(judged(seed))
    found = cause(case, "label_or_data_fault")
    assert (case.verdict, found.standing) == ("rescue", "possible")
    assert "branch Pose never gets beyond 19.89% where RGB reaches 66.73%" in found.for_[0].measured.en
    assert "fused score stays below RGB" in found.for_[0].measured.en
    assert "class list" in found.for_[0].means.en
    (probe,) = (one for one in case.plan.wrong_if if "labels" in one.en)
    assert "would only hide it" in probe.en
    assert "tools/test.py CONFIG CHECKPOINT --dump predictions.pkl" in probe.en
    assert "defib diagnose RUN --predictions predictions.pkl" in probe.zh
    assert "平移一位" in probe.zh
    for language in ("en", "zh"):
        assert probe.said(language)[:20] in markdown(case, language)


def test_a_high_accuracy_of_single_batches_is_one_more_sign_and_settles_nothing(seed):
    table, _ = seed
    table.write_text(table.read_text() + "\n## 分析\n\n- 训练集准确率95% vs 验证集27% → **严重过拟合**\n")
    found = cause(judged(seed), "label_or_data_fault")
    assert found.standing == "possible"
    assert "single training batches" in found.for_[2].means.en
    assert "单个批次" in found.for_[2].means.zh


def test_a_shifted_branch_escalates_and_no_plan_is_made(seed, tmp_path):
    case = pipeline.rescue(judged(seed, dump(tmp_path / "late.pkl", pose=SHIFTED)))
    assert case.verdict == "escalate"
    assert case.plan is None
    assert case.causes[0].cause == "label_or_data_fault"
    assert cause(case, "fusion_weight") is None
    for language, words in (("en", "shifted by one"), ("zh", "错开了一位")):
        text = markdown(case, language)
        assert words in text.split("---")[0]
        assert terminal(case, language)


def test_honest_predictions_leave_the_verdict_and_add_what_no_curve_holds(seed, tmp_path):
    case = judged(seed, dump(tmp_path / "late.pkl"))
    assert case.verdict == "rescue"
    assert cause(case, "label_or_data_fault").standing == "possible"
    assert any("ruled out" in one.means.en for one in cause(case, "label_or_data_fault").against)
    assert case.run.predictions.pairs[0].first_knows
    assert case.run.predictions.get("rgb").top1 == pytest.approx(100 * (RGB.argmax(axis=1) == LABELS).mean())


@pytest.mark.parametrize("form", ["pickle", "npz", "jsonl"])
def test_the_same_scores_say_the_same_in_every_form(seed, tmp_path, form):
    path = tmp_path / "predictions"
    if form == "pickle":
        dump(path)
    elif form == "npz":
        with path.open("wb") as file:
            np.savez(file, scores_rgb=RGB, scores_pose=POSE, label=LABELS)
    else:
        rows = zip(RGB.tolist(), POSE.tolist(), LABELS.tolist(), strict=True)
        names = ("scores_rgb", "scores_pose", "label")
        path.write_text("".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows))
    found = judged(seed, path).run.predictions
    assert found.form == form
    assert [one.top1 for one in found.branches] == [
        pytest.approx(100 * (one.argmax(axis=1) == LABELS).mean()) for one in (RGB, POSE)
    ]


def test_the_earlier_file_tells_which_classes_went_first(seed, tmp_path):
    gone = RGB.copy()
    gone[np.isin(LABELS, [7, 9])] = scores(0.0, seed=4)[np.isin(LABELS, [7, 9])]
    early, late = archive(tmp_path / "a.npz", scores=RGB), archive(tmp_path / "b.npz", scores=gone)
    found = judged(seed, early, late).run.predictions
    assert found.files == ("a.npz", "b.npz")
    assert {7, 9} >= {one.label for one in found.lost} > set()


def test_predictions_of_another_number_of_classes_are_noted(real, tmp_path):
    run = pipeline.open_run(real, pipeline.Asked(predictions=(archive(tmp_path / "a.npz", scores=RGB),)))
    assert any("60 classes, the run has 12" in one.en for one in run.predictions.notes)


def test_a_case_with_predictions_is_saved_and_read_again(seed, tmp_path):
    case = judged(seed, dump(tmp_path / "late.pkl"))
    again = from_json(to_json(case), Case)
    assert again.run.predictions == case.run.predictions
    assert len(to_json(case)) < 200_000  # the scores themselves are not kept


def test_more_than_two_files_and_files_that_are_not_there_are_refused(seed, tmp_path):
    path = archive(tmp_path / "a.npz", scores=RGB)
    with pytest.raises(TooManyPredictions) as caught:
        judged(seed, path, path, path)
    assert "3 times" in caught.value.words.en
    assert "3 次" in caught.value.words.zh
    with pytest.raises(NoSuchPath):
        judged(seed, tmp_path / "gone")


# ------------------------------------------------------------------------------------------------ the command line


def defib(*words):
    environment = {**os.environ, "LANG": "C", "LC_ALL": "", "PYTHONPATH": SRC, "COLUMNS": "200", "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-m", "defib", *map(str, words)], capture_output=True, text=True,
                          env=environment, check=False, encoding="utf-8")  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_a_label_fault_asks_for_action_in_both_languages_and_nothing_is_written(real, tmp_path):
    path, before = archive(tmp_path / "a.npz", scores=SHIFTED), sorted(real.rglob("*"))
    done = defib("diagnose", real, "--predictions", path)
    assert done.returncode == 1
    assert "A person must act: the labels are shifted by one" in " ".join(done.stdout.replace("│", " ").split())
    done = defib("rescue", real, "--predictions", path, "--lang", "zh")
    assert done.returncode == 1
    assert "需要人工处理" in done.stdout
    assert "新配置" not in done.stdout
    assert sorted(real.rglob("*")) == before


def test_a_saved_case_is_judged_again_with_predictions_and_a_plan_is_not(real, tmp_path):
    saved, path = tmp_path / "case.json", archive(tmp_path / "a.npz", scores=SHIFTED)
    defib("diagnose", real, "-o", saved)
    done = defib("diagnose", saved, "--predictions", path, "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (1, "escalate")
    defib("rescue", real, "--format", "json", "-o", tmp_path / "plan.json")
    assert defib("diagnose", tmp_path / "plan.json", "--predictions", path).returncode == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_refused_says_why_and_can_be_explained(real, tmp_path, lang):
    class Attack:
        def __reduce__(self):
            return os.system, (f"touch {tmp_path / 'sentinel'}",)

    hostile, cut, unfit = (tmp_path / name for name in ("hostile", "cut", "unfit.npz"))
    hostile.write_bytes(pickle.dumps([Attack()]))
    cut.write_bytes(dump(tmp_path / "whole").read_bytes()[:-50])
    archive(unfit, scores=RGB[:5])
    for path, code, page in ((hostile, 3, "unsafe"), (cut, 3, "unreadable"), (unfit, 3, "do-not-fit")):
        done = defib("diagnose", real, "--predictions", path, "--lang", lang)
        assert (done.returncode, done.stdout) == (code, "")
        assert path.name in done.stderr
        assert f"defib explain predictions-{page}" in done.stderr
        assert defib("explain", f"predictions-{page}", "--lang", lang).returncode == 0
    assert not (tmp_path / "sentinel").exists()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_predictions_belong_to_one_run(real, tmp_path, lang):
    path = archive(tmp_path / "a.npz", scores=RGB)
    done = defib("diagnose", real, real, "--predictions", path, "--lang", lang)
    assert done.returncode == 2
    assert "--predictions FILE" in done.stderr


# ------------------------------------------------------------------------------------------------ the pages

DOCS = Path(SRC).parent / "docs"
PAGES = [(DOCS / name, DOCS / "zh" / name) for name in ("predictions.md", "json.md")]


@pytest.mark.parametrize("pages", PAGES, ids=["predictions", "json"])
def test_the_chinese_page_has_the_commands_names_and_tables_of_the_english_one(pages):
    english, chinese = (page.read_text(encoding="utf-8") for page in pages)
    assert re.findall(r"```.*?```", english, re.DOTALL) == re.findall(r"```.*?```", chinese, re.DOTALL)
    assert [line.count("|") for line in english.splitlines() if line.startswith("|")] == [
        line.count("|") for line in chinese.splitlines() if line.startswith("|")
    ]
    names = {name for name in re.findall(r"`([\w-]+)`", english) if name not in ("s", "S")}
    assert names <= set(re.findall(r"`([\w-]+)`", chinese))


@pytest.mark.parametrize("page", PAGES[1], ids=["en", "zh"])
def test_every_field_of_the_record_is_on_the_page_of_the_json_answer(page):
    text = page.read_text(encoding="utf-8").split("## run.predictions")[1].split("\n## ")[0]
    for record in (Predictions, Branch, Relabelled, Exchanged, ClassScore, Pair, Fusion):
        for field in record.__struct_fields__:
            assert f"`{field}`" in text, field


def test_the_recipe_for_two_networks_makes_a_file_that_is_read(tmp_path):
    for name, scored in (("rgb.pkl", RGB), ("pose.pkl", POSE)):
        samples = [
            {"pred_score": torch.tensor(one), "gt_label": torch.tensor([label])}
            for one, label in zip(scored, LABELS, strict=True)
        ]
        (tmp_path / name).write_bytes(pickle.dumps(samples, protocol=2))
    (recipe,) = re.findall(r"```python\n(.*?)```", PAGES[0][0].read_text(encoding="utf-8"), re.DOTALL)
    subprocess.run([sys.executable, "-W", "ignore", "-c", recipe], cwd=tmp_path, check=True)
    table = reading.read_predictions(tmp_path / "predictions.npz")
    assert table.scores["rgb"].tolist() == RGB.tolist()
    assert table.scores["pose"].tolist() == POSE.tolist()
    assert table.labels.tolist() == LABELS.tolist()


def test_the_sample_line_of_the_page_is_read(tmp_path):
    (line,) = re.findall(r"^\{.*\}$", PAGES[0][0].read_text(encoding="utf-8"), re.MULTILINE)
    (tmp_path / "one").write_text(line)
    table = reading.read_predictions(tmp_path / "one")
    assert (sorted(table.scores), table.labels.tolist(), len(table.names)) == (["pose", "rgb"], [1], 1)
