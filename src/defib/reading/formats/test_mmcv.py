import csv
import json
from math import nan
from pathlib import Path

import numpy as np
import pytest

from defib.errors import DefibError, NoPoints, NothingReadable
from defib.reading import read
from defib.reading.formats.mmcv import mmcv
from defib.reading.source import Source

LOGS = Path(__file__).resolve().parents[5] / "shared" / "logs"
START = json.dumps({"env_info": "sys.platform: made up\nCUDA available: True", "seed": 3, "exp_name": "config.py"})


def train(epoch, at, **values):
    return json.dumps({"mode": "train", "epoch": epoch, "iter": at, "lr": 0.1, "memory": 9, "loss": 1.0, **values})


def val(epoch, at=100, **values):
    return json.dumps({"mode": "val", "epoch": epoch, "iter": at, "lr": 0.1, **values})


def of(*lines):
    return read(None, text="".join(f"{line}\n" for line in lines))


def run_of_epochs(*epochs, **values):
    return [line for epoch in epochs for line in (train(epoch, 50), train(epoch, 100), val(epoch, **values))]


# ------------------------------------------------------------------------------------------------ what is read


def test_training_and_evaluation_are_told_apart_by_their_mode():
    run = of(START, train(1, 50, top1_acc=0.25), val(1, top1_acc=0.5, mean_class_accuracy=0.4))
    assert run.framework == "mmcv"
    assert (run.records, run.deciding) == (2, "val/top1")
    assert run.get("train/top1").value.tolist() == [25]
    assert run.get("val/top1").value.tolist() == [50]
    assert run.get("val/mean_class").value.tolist() == [40]
    assert run.get("train/lr").value.tolist() == [0.1]
    assert run.get("val/lr") is None
    assert run.not_understood == ()


def test_a_step_counts_on_over_the_epochs():
    run = of(START, *run_of_epochs(1, 2, 3, mAP=0.5))
    assert run.get("train/loss").step.tolist() == [50, 100, 150, 200, 250, 300]
    assert run.get("val/map").step.tolist() == [100, 200, 300]
    assert run.get("val/map").epoch.tolist() == [1, 2, 3]


def test_an_evaluation_names_the_last_iteration_of_an_epoch():
    lines = [line for epoch in (1, 2) for line in (train(epoch, 50), train(epoch, 100), val(epoch, 107, mAP=0.5))]
    run = of(START, *lines)
    assert run.get("train/loss").step.tolist() == [50, 100, 157, 207]
    assert run.get("val/map").step.tolist() == [107, 214]


def test_an_iteration_that_goes_on_growing_is_the_step():
    lines = [train(1, 50), train(1, 100), val(1, 1449, mIoU=0.2), train(2, 150), train(2, 200), val(2, 1449, mIoU=0.3)]
    run = of(START, *lines)
    assert run.get("train/loss").step.tolist() == [50, 100, 150, 200]
    assert run.get("val/miou").step.tolist() == [100, 200]


def test_epochs_shorter_than_the_log_interval_leave_evaluations_alone():
    run = of(START, *(val(epoch, 6, top1_acc=0.1 * epoch) for epoch in range(1, 6)))
    assert run.get("val/top1").epoch.tolist() == [1, 2, 3, 4, 5]
    assert np.isnan(run.get("val/top1").step).all()
    assert len(run.segments) == 1


def test_names_of_detectors_and_heads_are_understood():
    heads = {"s0.acc": 90.0, "s1.loss_bbox": 0.5, "loss_cls": 0.25}
    found = {"bbox_mAP": 0.4, "bbox_mAP_50": 0.6, "segm_mAP": 0.3, "bbox_mAP_s": -1.0}
    run = of(START, train(1, 50, **heads), val(1, **found, bbox_mAP_copypaste="0.400 0.600 -1.000"))
    assert run.deciding == "val/map/bbox"
    assert run.get("val/map/segm").value.tolist() == [30]
    assert run.get("train/loss_part/cls") is not None
    assert run.get("train/top1/s0").value.tolist() == [90]
    assert run.get("val/map_small/bbox") is None
    assert run.not_understood == ()


# ------------------------------------------------------------------------------------------------ NaN


def test_evaluations_without_a_metric_are_counted_and_told():
    lines = [train(1, 100), val(1, mAP=0.5), train(2, 100, loss=float("nan")), val(2), train(3, 100), val(3)]
    run = of(START, *lines)
    assert run.records == 6
    assert run.get("val/map").epoch.tolist() == [1, 2, 3]
    assert np.isnan(run.get("val/map").value).tolist() == [False, True, True]
    assert np.isnan(run.get("train/loss").value[1])
    (note,) = run.notes
    assert "2 evaluations hold no metric" in note.en
    assert "line 5" in note.en
    assert "2 次评估" in note.zh


def test_evaluations_without_a_metric_before_any_that_has_one_are_no_nan():
    run = of(START, train(1, 100), val(1), train(2, 100), val(2, mAP=0.5))
    assert run.get("val/map").value.tolist() == [50]
    assert run.get("val/map").epoch.tolist() == [2]


def test_nothing_is_noted_about_a_sound_log():
    assert of(START, *run_of_epochs(1, 2, 3, mAP=0.5)).notes == ()


# ------------------------------------------------------------------------------------------------ several starts


def test_of_runs_in_one_file_the_last_is_judged():
    run = of(START, *run_of_epochs(1, 2, mAP=0.1), START, *run_of_epochs(1, 2, 3, mAP=0.5))
    assert run.get("val/map").value.tolist() == [50, 50, 50]
    assert run.get("val/map").line[0] == 11
    assert run.records == 9
    (note,) = run.notes
    assert "2 times" in note.en


def test_a_start_is_seen_where_the_epoch_goes_back_without_a_word():
    run = of(*run_of_epochs(1, 2, mAP=0.1), *run_of_epochs(1, mAP=0.5))
    assert run.get("val/map").value.tolist() == [50]
    assert run.get("val/map").step.tolist() == [100]


def test_starts_that_only_evaluate_are_split_too():
    run = of(*(val(epoch, 6, mAP=0.1) for epoch in (1, 2, 3)), *(val(epoch, 6, mAP=0.5) for epoch in (1, 2)))
    assert run.get("val/map").value.tolist() == [50, 50]


def test_starts_with_epochs_of_other_lengths_do_not_mix():
    longer = [line for epoch in (1, 2) for line in (train(epoch, 500), train(epoch, 1000))]
    run = of(START, *longer, START, *run_of_epochs(1, 2, mAP=0.5))
    assert run.get("train/loss").step.tolist() == [50, 100, 150, 200]


def test_a_resumed_run_goes_on_in_the_next_file(tmp_path):
    (tmp_path / "20200101_000000.log.json").write_text("\n".join([START, *run_of_epochs(1, 2, 3, mAP=0.1)]) + "\n")
    (tmp_path / "20200102_000000.log.json").write_text("\n".join([START, *run_of_epochs(3, 4, mAP=0.5)]) + "\n")
    run = read(tmp_path)
    assert run.get("val/map").epoch.tolist() == [1, 2, 3, 4]
    assert run.get("val/map").value.tolist() == [10, 10, 50, 50]
    assert [segment.resumed for segment in run.segments] == [False, True]
    assert len(run.notes) == 1


def test_runs_in_folders_of_their_own_are_not_mixed(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "None.log.json").write_text("\n".join([START, *run_of_epochs(1, mAP=0.1)]) + "\n")
    with pytest.raises(NothingReadable):
        read(tmp_path)


# ------------------------------------------------------------------------------------------------ quiet and refused


@pytest.mark.parametrize(
    "line",
    [
        START,
        '{"mode": "predict", "epoch": 1, "iter": 2, "loss": 1.0}',
        '{"mode": ["train"], "epoch": 1, "iter": 2}',
        '{"mode": "train", "epoch": -1, "iter": 2, "loss": 1.0}',
        '{"mode": "train", "epoch": 1, "iter": "2", "loss": 1.0}',
        '{"mode": "train", "epoch": true, "iter": 2, "loss": 1.0}',
        '{"lr": 0.1, "loss": 1.0, "epoch": 1, "iter": 5, "step": 5}',
        "mode train epoch 1 iter 2",
        "",
    ],
)
def test_other_lines_are_none_of_its_own(line):
    assert not mmcv.recognises(Source("-", text=line + "\n"))


def test_other_lines_among_its_own_are_skipped():
    odd = ['{"mode": "predict", "epoch": 9, "iter": 9}', '{"mode": {}, "epoch": 9, "iter": 9}', "rubbish", ""]
    run = of(START, train(1, 50), *odd, train(1, 100), val(1, mAP=0.5))
    assert run.get("train/loss").step.tolist() == [50, 100]
    assert len(run.notes) == 1


def test_a_log_of_learning_rates_and_nothing_else_has_no_metric_but_that():
    assert [one.key for one in of(START, '{"mode": "train", "epoch": 1, "iter": 5, "lr": 0.1}').series] == ["train/lr"]


def test_a_log_of_times_is_refused():
    with pytest.raises(NoPoints):
        of(START, '{"mode": "train", "epoch": 1, "iter": 5, "time": 0.1}')


def test_a_log_cut_anywhere_is_a_prefix_of_the_whole():
    lines = [START, *run_of_epochs(1, 2, mAP=0.5)]
    text = "\n".join(lines) + "\n"
    whole = read(None, text=text).get("train/loss").step.tolist()
    for end in range(0, len(text), 7):
        try:
            run = read(None, text=text[:end])
        except DefibError:
            continue
        loss = run.get("train/loss")
        mine = [] if loss is None else loss.step.tolist()
        assert mine == whole[: len(mine)]


# ------------------------------------------------------------------------------------------------ real logs


def real():
    index = LOGS / "index.csv"
    if not index.is_file():
        return []
    with index.open(encoding="utf-8") as file:
        return [f"{row['dir']}/{row['file']}" for row in csv.DictReader(file) if row["format"] == "mmcv"]


MAIN = {"mAP": "val/map", "bbox_mAP": "val/map/bbox", "top1_acc": "val/top1"}


@pytest.mark.skipif(not real(), reason="the real logs are not here")
@pytest.mark.parametrize("name", real())
def test_real_logs_have_the_numbers_that_an_independent_count_gives(name):
    rows = [json.loads(line) for line in (LOGS / name).read_text(encoding="utf-8").splitlines()]
    trains = [row for row in rows if row.get("mode") == "train"]
    vals = [row for row in rows if row.get("mode") == "val"]
    run = read(LOGS / name)
    assert run.records == len(trains) + len(vals)
    if trains:
        loss = run.get("train/loss")
        assert np.array_equal(loss.value, [row["loss"] for row in trains], equal_nan=True)
        assert (np.diff(loss.step) > 0).all()
    for raw, key in MAIN.items():
        measured = [at for at, row in enumerate(vals) if raw in row]
        values = [100 * vals[at].get(raw, nan) for at in range(measured[0], len(vals))] if measured else []
        series = run.get(key)
        assert (series is None and not values) or series.value.tolist() == pytest.approx(values, nan_ok=True)
        assert not values or run.deciding == key
    assert len(run.segments) == 1
    assert run.not_understood == ()
