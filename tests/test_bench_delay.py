"""Delays are counted in points of the series concerned, from an onset in the file's own counting."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.corpus import Case
from bench.delay import clocks, delay, record_of
from bench.judging import judge, judged_all, restored
from bench.scoring import scores

from defib import reading
from defib.records import Point, Symptom
from defib.words import same

RISE = [0.1, 0.3, 0.45, 0.55, 0.57, 0.58]


def keras(folder, values):
    path = folder / "training_log.csv"
    rows = [f"{epoch},{value},{1.5 - value},{value},{1.6 - value}" for epoch, value in enumerate(values)]
    path.write_text("\n".join(["epoch,accuracy,loss,val_accuracy,val_loss", *rows]) + "\n")
    return path


def mmcv(folder, epochs=3, rows=4):
    path = folder / "x.log.json"
    lines = [{"env_info": "made up"}]
    for epoch in range(1, epochs + 1):
        lines += [
            {"mode": "train", "epoch": epoch, "iter": 50 * row, "lr": 0.1, "loss": 1.0 / epoch, "time": 0.1}
            for row in range(1, rows + 1)
        ]
        lines.append({"mode": "val", "epoch": epoch, "iter": 200, "lr": 0.1, "top1_acc": 0.1 * epoch})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def symptom(record, metric="val/top1"):
    return Symptom(rule="x", metric=metric, severity="act", onset=Point(), record=record, says=same("x"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"epoch": 2, "iter": 50}', [(1, 2.0, 50.0)]),
        ('{"step": 3}', [(1, None, None)]),
        ("not a counter\nEpoch [6][1050/3750]\tlr: 0.1", [(2, 6.0, 1050.0)]),
        ("Training epoch: 0", [(1, 0.0, None)]),
        ("loss,epoch\n1.0,4", [(2, 4.0, None)]),
        ('{"epoch": "1/20"}', [(1, None, None)]),
        ("", []),
    ],
)
def test_a_line_says_where_it_stands(text, found):
    assert [tuple(one) for one in clocks(text)] == found


def test_an_epoch_that_the_file_counts_from_zero_is_found_where_the_file_has_it(tmp_path):
    path = keras(tmp_path, [*RISE, 0.05, 0.05])
    run = reading.read(path)
    record = record_of(run, path, "epoch", "6")
    score = run.get("val/top1")
    assert score.value[score.record == record] == pytest.approx([5.0])
    assert score.epoch[score.record == record].tolist() == [7.0]


def test_an_iteration_within_an_epoch_is_found(tmp_path):
    path = mmcv(tmp_path)
    run = reading.read(path)
    assert record_of(run, path, "epoch+iter", "2+150") == 7


def test_a_step_is_the_same_in_the_file_and_in_the_run(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps({"step": 10 * n, "train_loss": 1.0 / (n + 1)}) + "\n" for n in range(9)))
    run = reading.read(path)
    assert record_of(run, path, "step", "55") == 6


@pytest.mark.parametrize(("unit", "onset"), [("", ""), ("epoch", "99"), ("step", "1e9")])
def test_an_onset_that_is_not_there_is_not_guessed(tmp_path, unit, onset):
    path = mmcv(tmp_path)
    assert record_of(reading.read(path), path, unit, onset) is None


def test_a_delay_counts_evaluations_for_a_score_and_rows_for_a_training_loss(tmp_path):
    run = reading.read(mmcv(tmp_path))  # records 0-3 train, 4 val, 5-8 train, 9 val, 10-13 train, 14 val
    assert delay(run, symptom(9), 5) == 0
    assert delay(run, symptom(14), 5) == 1
    assert delay(run, symptom(4), 5) == -1
    assert delay(run, symptom(8, "train/loss"), 5) == 3
    assert delay(run, symptom(9, "val/map"), 5) is None


def test_a_collapse_is_in_time_and_an_earlier_act_is_a_false_alarm(tmp_path):
    path = keras(tmp_path, [*RISE, 0.02, 0.02, 0.02, 0.02])
    at = judge(Case("a", path, "collapse", "epoch", "6"))
    late = judge(Case("a", path, "collapse", "epoch", "9"))
    assert at.in_time is not None
    assert not at.early
    assert late.in_time is None
    assert late.early


def test_what_was_kept_is_not_judged_again(tmp_path):
    path = keras(tmp_path, [*RISE, 0.02, 0.02, 0.02])
    case = Case("a", path, "collapse", "epoch", "6")
    (first,) = judged_all([case], 1, tmp_path / "kept")
    (file,) = (tmp_path / "kept").iterdir()
    key, values = json.loads(file.read_text())
    assert restored(values) == first
    file.write_text(json.dumps([key, first._replace(name="kept")]) + "\n")
    (again,) = judged_all([case], 1, tmp_path / "kept")
    assert again.name == "kept"


def test_what_was_kept_of_another_log_does_not_count(tmp_path):
    path = keras(tmp_path, [*RISE, 0.02, 0.02, 0.02])
    case = Case("a", path, "collapse", "epoch", "6")
    list(judged_all([case], 1, tmp_path / "kept"))
    keras(tmp_path, RISE)
    (again,) = judged_all([case], 1, tmp_path / "kept")
    assert again.name == "healthy"


def test_scores_count_a_collapse_without_an_onset_as_late(tmp_path):
    path = keras(tmp_path, [*RISE, 0.02, 0.02, 0.02])
    found = [judge(Case("a", path, "collapse", "epoch", "6")), judge(Case("b", path, "collapse"))]
    acts, in_time = list(scores(found))[:2]
    assert (acts.hits, acts.of) == (2, 2)
    assert (in_time.hits, in_time.of) == (1, 2)
