import json

import numpy as np
import pytest

from defib.errors import CannotJudge
from defib.reading import read
from defib.reading.formats.metrics_jsonl import metrics_jsonl
from defib.reading.source import Source

START = {"kind": "start", "format": 1}


def train(step, epoch, **values):
    return {"kind": "train", "step": step, "epoch": epoch, "time": 1e9 + step, "values": values or {"train/loss": 1.0}}


def val(step, epoch, value=50.0, key="val/top1/fused"):
    return {"kind": "val", "step": step, "epoch": epoch, "time": 1e9 + step, "values": {key: value}}


def log(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def of(*rows):
    return read(None, text=log(*rows))


def test_steps_and_epochs_are_as_they_were_logged():
    run = of(START, train(10, 0.5), train(20, 1), val(20, 1), train(40, 2), val(40, 2, 60.0))
    fused = run.get("val/top1/fused")
    assert run.framework == "defib"
    assert fused.step.tolist() == [20, 40]
    assert fused.epoch.tolist() == [1, 2]
    assert fused.value.tolist() == [50, 60]
    assert run.get("train/loss").epoch.tolist() == [0.5, 1, 2]
    assert run.deciding == "val/top1/fused"


def test_our_own_numbers_are_in_per_cent_already_and_never_scaled():
    fused = of(START, val(1, 1, 0.5), val(2, 2, 0.9)).get("val/top1/fused")
    assert (fused.scale, fused.value.tolist()) == (1, [0.5, 0.9])


def test_our_training_accuracies_are_not_of_one_batch():
    run = of(START, train(1, 1, **{"train/top1": 40.0}), val(1, 1))
    assert not run.get("train/top1").single_batch


def test_what_happened_is_an_event_with_its_place():
    happened = {"kind": "event", "step": 5, "epoch": 1, "time": 1e9, "event": "saved", "text": "epoch_1.pth"}
    (event,) = of(START, train(5, 1), happened, val(5, 1)).events
    assert (event.kind, event.at.step, event.text, event.place.line) == ("saved", 5, "epoch_1.pth", 3)


def test_the_pace_is_what_passed_between_evaluations():
    assert of(START, val(100, 1), val(200, 2), val(300, 3)).seconds_per_epoch == 100


def test_the_start_line_tells_how_it_was_launched():
    run = of({**START, "gpus": 2, "work_dir": "/w", "cwd": "/c", "python": "/usr/bin/python"}, val(1, 1))
    assert (run.launch.gpus, run.launch.work_dir) == (2, "/w")


def test_a_newer_format_is_read_as_far_as_it_is_known_and_told():
    run = of({"kind": "start", "format": 2}, val(1, 1))
    assert len(run.get("val/top1/fused")) == 1
    assert run.notes


def test_a_log_without_its_start_is_read_too():
    assert len(of(val(1, 1), val(2, 2)).get("val/top1/fused")) == 2


def test_null_is_a_gap_and_nan_is_a_value():
    run = of(START, val(1, 1, None), val(2, 2, float("nan")), val(3, 3))
    fused = run.get("val/top1/fused")
    assert fused.epoch.tolist() == [2, 3]
    assert np.isnan(fused.value[0])


@pytest.mark.parametrize(
    "row",
    [
        {"kind": "train"},
        {"kind": "train", "step": 1, "values": []},
        {"kind": "train", "step": "1", "epoch": "one", "values": {"train/loss": "low"}},
        {"kind": "train", "step": -1, "epoch": -1, "values": {}},
        {"kind": "train", "step": 10**400, "epoch": 10**400, "values": {"train/loss": 10**400}},
        {"kind": "event"},
        {"kind": "event", "step": 10**400, "epoch": [], "event": {}},
        {"kind": "start", "format": 10**400, "gpus": 10**400, "work_dir": 5},
        {"kind": "start", "format": "one", "gpus": True},
        {"kind": ["train"], "values": {"train/loss": 1.0}},
        {"kind": "party", "values": {"train/loss": 1.0}},
        {"kind": None},
        {},
        [],
    ],
    ids=lambda row: json.dumps(row)[:40],
)
def test_rows_that_make_no_sense_do_not_stop_the_reading(row):
    run = of(START, val(1, 1), row, val(2, 2))
    assert run.get("val/top1/fused").epoch.tolist()[-1] == 2


def test_a_half_written_last_line_is_left_for_next_time():
    text = log(START, val(1, 1), val(2, 2))
    assert read(None, text=text[:-5]).get("val/top1/fused").epoch.tolist() == [1]


def test_names_that_are_not_ours_are_listed():
    run = of(START, train(1, 1, **{"train/loss": 1.0, "train/vibes": 3.0}), val(1, 1))
    assert run.not_understood == ("train/vibes",)


def test_only_unknown_names_are_refused_by_name():
    with pytest.raises(CannotJudge, match="train/vibes") as refused:
        of(START, train(1, 1, **{"train/vibes": 3.0}))
    assert "train/vibes" in refused.value.words.zh


def test_a_start_and_nothing_else_is_refused():
    with pytest.raises(CannotJudge):
        of(START)


def test_a_work_directory_of_ours_is_read_by_its_log(tmp_path):
    (tmp_path / "metrics.jsonl").write_text(log(START, val(1, 1), val(2, 2)), encoding="utf-8")
    run = read(tmp_path)
    assert run.framework == "defib"
    assert run.files == ("metrics.jsonl",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}\n",
        '{"lr": 0.1, "loss": 1.0, "epoch": 1, "step": 10}\n',
        '{"mode": "val", "epoch": 1}\n',
        '{"kind": "parcel", "format": "A4"}\n',
        '{"kind": "train"}\n',
        "kind: train\n",
    ],
)
def test_other_logs_are_left_alone(text):
    assert not metrics_jsonl.recognises(Source("metrics.jsonl", text=text))
