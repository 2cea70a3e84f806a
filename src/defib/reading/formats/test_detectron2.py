import json
from pathlib import Path

import numpy as np
import pytest

from defib.errors import NothingReadable
from defib.reading import read
from defib.reading.formats.detectron2 import detectron2
from defib.reading.source import Source

LOGS = Path(__file__).resolve().parents[5] / "shared" / "logs" / "detectron2"
NAN = float("nan")
SAMPLE = "".join(
    json.dumps({"data_time": 0.1, "iteration": 20 * at - 1, "lr": 0.01, "total_loss": 3 / at, "bbox/AP": 5.5 * at})
    + "\n"
    for at in range(1, 9)
)


def row(iteration, loss=1.0, **values):
    return json.dumps({"data_time": 0.01, "eta_seconds": 9.5, "iteration": iteration, "total_loss": loss, **values})


def of(*lines):
    return read(None, text="".join(f"{line}\n" for line in lines))


# ------------------------------------------------------------------------------------------------ what is read


def test_a_row_holds_training_and_evaluation():
    run = of(row(19, lr=0.1), row(39, 0.5, **{"bbox/AP": 12.5, "bbox/AP50": 30.0, "segm/AP": 10.0}))
    assert (run.framework, run.records, run.deciding) == ("detectron2", 2, "val/map/bbox")
    assert run.get("train/loss").step.tolist() == [19, 39]
    assert run.get("val/map/bbox").value.tolist() == [12.5]
    assert run.get("val/map/bbox").step.tolist() == [39]
    assert run.get("val/map/segm").value.tolist() == [10]
    assert np.isnan(run.get("train/loss").epoch).all()
    assert run.not_understood == ()
    assert run.notes == ()


def test_a_low_precision_in_per_cent_is_no_fraction():
    assert of(row(19, **{"bbox/AP": 0.3}), row(39, **{"bbox/AP": 0.6})).get("val/map/bbox").value.tolist() == [0.3, 0.6]


def test_accuracies_of_the_heads_are_fractions():
    run = of(row(19, **{"fast_rcnn/cls_accuracy": 0.9, "fast_rcnn/fg_cls_accuracy": 0.2}))
    assert run.get("train/accuracy").value.tolist() == [90]
    assert run.get("train/accuracy/fg").value.tolist() == [20]


def test_semantic_segmentation_is_understood():
    run = of(row(19, **{"sem_seg/mIoU": 0.5, "sem_seg/mACC": 60.0, "sem_seg/pACC": 80.0, "sem_seg/IoU-sky": 3.0}))
    assert run.deciding == "val/miou"
    assert run.get("val/miou").value.tolist() == [0.5]
    assert run.not_understood == ("sem_seg/IoU-sky",)


# ------------------------------------------------------------------------------------------------ NaN


def test_nan_for_a_size_or_a_class_without_objects_is_no_value():
    run = of(row(19, **{"bbox/AP": 9.0, "bbox/APs": NAN, "bbox/APm": 5.0, "bbox/AP-cat": NAN}))
    assert run.get("val/map_small/bbox") is None
    assert run.get("val/map_medium/bbox").value.tolist() == [5]
    assert run.not_understood == ()


def test_nan_of_the_whole_and_of_the_loss_stays():
    run = of(row(19), row(39, NAN, **{"bbox/AP": NAN}))
    assert np.isnan(run.get("train/loss").value[1])
    assert np.isnan(run.get("val/map/bbox").value[0])


# ------------------------------------------------------------------------------------------------ several starts


def test_of_starts_in_one_file_the_last_is_judged():
    lines = [row(at, loss) for loss in (3.0, 2.0, 1.0) for at in (19, 39, 59)]
    run = of(*lines)
    assert run.get("train/loss").value.tolist() == [1, 1, 1]
    assert run.get("train/loss").line.tolist() == [7, 8, 9]
    (note,) = run.notes
    assert "3 times" in note.en


def test_a_resumed_run_runs_a_part_again():
    lines = [*(row(at, 2.0) for at in range(19, 200, 20)), *(row(at, 1.0) for at in range(119, 260, 20))]
    run = of(*lines)
    assert run.get("train/loss").step.tolist() == list(range(19, 260, 20))
    assert [segment.resumed for segment in run.segments] == [False, True]
    assert len(run.notes) == 1


def test_a_run_without_a_restart_is_one_segment():
    assert len(of(*(row(at) for at in range(19, 400, 20))).segments) == 1


# ------------------------------------------------------------------------------------------------ quiet and refused


@pytest.mark.parametrize(
    "line",
    [
        '{"iteration": 5, "loss": 1.0}',
        '{"iteration": "5", "total_loss": 1.0}',
        '{"iteration": -5, "total_loss": 1.0}',
        '{"total_loss": 1.0, "data_time": 0.1}',
        '{"iteration": 5, "step": 5, "total_loss": 1.0}',
        '{"iteration": 5, "mode": "train", "total_loss": 1.0}',
        '{"kind": "train", "iteration": 5, "total_loss": 1.0}',
        "iteration: 19 total_loss: 1.0",
        "[]",
    ],
)
def test_other_lines_are_none_of_its_own(line):
    assert not detectron2.recognises(Source("-", text=line + "\n"))


def test_lines_without_an_iteration_and_rubbish_are_skipped():
    run = of(row(19), '{"total_loss": 9.0}', "rubbish", row(39))
    assert run.get("train/loss").value.tolist() == [1, 1]
    assert len(run.notes) == 1


def test_a_half_written_line_is_left_for_next_time():
    run = read(None, text=row(19) + "\n" + row(39)[:-9])
    assert run.get("train/loss").step.tolist() == [19]
    assert len(run.notes) == 1


def test_several_runs_in_a_folder_are_not_mixed(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "metrics.json").write_text(row(19, name == "a") + "\n" + row(39, 0.5) + "\n")
    with pytest.raises(NothingReadable):
        read(tmp_path)


# ------------------------------------------------------------------------------------------------ real logs


@pytest.mark.skipif(not LOGS.is_dir(), reason="the real logs are not here")
@pytest.mark.parametrize("name", ["aaryan-pothole", "elbhnasy-waste"])
def test_real_logs_have_the_numbers_that_an_independent_count_gives(name):
    rows = [json.loads(line) for line in (LOGS / name / "metrics.json").read_text(encoding="utf-8").splitlines()]
    run = read(LOGS / name / "metrics.json")
    losses = [row["total_loss"] for row in rows if "total_loss" in row]
    assert run.records == len(rows)
    assert run.get("train/loss").value.tolist() == losses
    assert run.get("train/loss").step[-1] == rows[-1]["iteration"]
    assert run.get("train/lr").value.tolist() == [row["lr"] for row in rows if "lr" in row]
    assert (run.deciding, len(run.segments), run.notes) == (None, 1, ())
