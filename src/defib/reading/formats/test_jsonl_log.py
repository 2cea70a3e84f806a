import json
from pathlib import Path

import numpy as np
import pytest

from defib.errors import NothingReadable
from defib.reading import read
from defib.reading.formats.jsonl_log import jsonl_log
from defib.reading.source import Source

LOGS = Path(__file__).resolve().parents[5] / "shared" / "logs" / "jsonl_logtxt"
STATS = [0.5, 0.7, 0.6, -1.0, 0.3, 0.6, 0.1, 0.2, 0.4, -1.0, 0.3, 0.5]
SAMPLE = "".join(
    f'{{"train_lr": 0.001, "train_loss": {9 - at}.5, "test_loss": {9 - at}.25, "test_acc1": {at}1.5, "epoch": {at}}}\n'
    for at in range(8)
)


def row(epoch, loss=2.0, **values):
    return json.dumps({"train_lr": 0.001, "train_loss": loss, **values, "epoch": epoch, "n_parameters": 5})


def of(*lines):
    return read(None, text="".join(f"{line}\n" for line in lines))


# ------------------------------------------------------------------------------------------------ what is read


def test_a_line_holds_training_and_test():
    run = of(
        row(0, test_loss=1.5, test_acc1=40.0, test_acc5=70.0), row(1, test_loss=1.0, test_acc1=50.0, test_acc5=80.0)
    )
    assert (run.framework, run.records, run.deciding) == ("jsonl_log", 2, "test/top1")
    assert run.get("test/top1").value.tolist() == [40, 50]
    assert run.get("test/top1").epoch.tolist() == [0, 1]
    assert run.get("train/lr").value.tolist() == [0.001, 0.001]
    assert run.get("test/loss").value.tolist() == [1.5, 1.0]
    assert np.isnan(run.get("train/loss").step).all()
    assert run.not_understood == ()
    assert run.notes == ()


def test_an_accuracy_below_one_per_cent_is_no_fraction():
    assert of(row(0, test_acc1=0.1), row(1, test_acc1=0.9)).get("test/top1").value.tolist() == [0.1, 0.9]


def test_the_list_of_a_coco_evaluation_has_its_places():
    run = of(row(0, test_coco_eval_bbox=STATS, test_coco_eval_masks=STATS[:6]), row(1, test_coco_eval_bbox=STATS))
    assert run.deciding == "test/map/bbox"
    assert run.get("test/map/bbox").value.tolist() == [50, 50]
    assert run.get("test/map50/bbox").value.tolist() == [70, 70]
    assert run.get("test/ar/bbox").value.tolist() == [40, 40]
    assert run.get("test/map/segm").value.tolist() == [50]
    assert run.get("test/map_small/bbox") is None
    assert run.not_understood == ()


def test_parts_of_the_loss_and_class_errors_are_understood():
    run = of(row(0, train_loss_ce=1.0, train_loss_giou_0=2.0, train_class_error=0.5, test_class_error=99.0))
    assert run.get("train/loss_part/ce").value.tolist() == [1]
    assert run.get("train/loss_part/giou_0") is not None
    assert run.get("train/error1").value.tolist() == [0.5]
    assert run.get("test/error1").better == "lower"


def test_unscaled_twins_repeat_and_are_left_out():
    run = of(row(0, train_loss_ce=1.0, train_loss_ce_unscaled=0.5, train_cardinality_error_unscaled=9.0))
    assert run.get("train/loss_part/ce").value.tolist() == [1]
    assert run.not_understood == ()


def test_pretraining_without_a_test_has_nothing_that_decides():
    run = of(row(0), row(1, 1.0))
    assert run.deciding is None
    assert run.get("train/loss").value.tolist() == [2, 1]


# ------------------------------------------------------------------------------------------------ several starts


def test_of_starts_in_one_file_the_last_is_judged():
    run = of(*(row(epoch, 9.0) for epoch in range(4)), *(row(epoch, 1.0) for epoch in range(2)))
    assert run.get("train/loss").value.tolist() == [1, 1]
    assert run.get("train/loss").line.tolist() == [5, 6]
    (note,) = run.notes
    assert "2 times" in note.en


def test_a_resumed_run_runs_an_epoch_again():
    run = of(*(row(epoch, 2.0) for epoch in range(6)), *(row(epoch, 1.0) for epoch in range(4, 8)))
    assert run.get("train/loss").epoch.tolist() == list(range(8))
    assert run.get("train/loss").value.tolist() == [2, 2, 2, 2, 1, 1, 1, 1]


# ------------------------------------------------------------------------------------------------ quiet and refused


@pytest.mark.parametrize(
    "line",
    [
        '{"train_loss": 1.0, "epoch": 0}',
        '{"train_lr": 1.0, "train_loss": 1.0}',
        '{"train_lr": 1.0, "train_loss": 1.0, "epoch": "0"}',
        '{"train_lr": 1.0, "train_loss": 1.0, "epoch": -1}',
        '{"train_lr": 1.0, "train_loss": 1.0, "epoch": 1, "step": 5}',
        '{"lr": 1.0, "loss": 1.0, "epoch": 1}',
        '{"n_parameters": 5, "epoch": 1}',
        "train_lr train_loss epoch",
        "",
    ],
)
def test_other_lines_are_none_of_its_own(line):
    assert not jsonl_log.recognises(Source("-", text=line + "\n"))


@pytest.mark.parametrize("value", [[], ["a"], [None, True], "0.5", {"a": 1}, [[0.5]]])
def test_a_list_that_holds_no_numbers_is_no_metric(value):
    run = of(row(0, test_coco_eval_bbox=value))
    assert run.get("test/map/bbox") is None
    assert run.get("train/loss") is not None


def test_lists_of_other_names_are_passed_over():
    assert of(row(0, test_panoptic=[0.5, 0.6])).not_understood == ()


def test_lines_without_an_epoch_and_rubbish_are_skipped():
    run = of("Namespace(lr=0.1)", row(0), '{"train_loss": 9.0}', row(1))
    assert run.get("train/loss").value.tolist() == [2, 2]
    assert len(run.notes) == 1


def test_a_half_written_line_is_left_for_next_time():
    run = read(None, text=row(0) + "\n" + row(1)[:-5])
    assert run.get("train/loss").epoch.tolist() == [0]
    assert len(run.notes) == 1


def test_several_runs_in_a_folder_are_not_mixed(tmp_path):
    for name, loss in (("a", 5.0), ("b", 6.0)):
        (tmp_path / f"{name}.txt").write_text(row(0, loss) + "\n")
    with pytest.raises(NothingReadable):
        read(tmp_path)


# ------------------------------------------------------------------------------------------------ real logs


@pytest.mark.skipif(not LOGS.is_dir(), reason="the real logs are not here")
@pytest.mark.parametrize(("name", "before"), [("detr-conditionalswin", 0), ("detr-dcmha-restart", 10)])
def test_real_logs_have_the_numbers_that_an_independent_count_gives(name, before):
    path = LOGS / name / "log.txt"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][before:]
    run = read(path)
    assert run.records == len(rows)
    assert run.get("train/loss").value.tolist() == [row["train_loss"] for row in rows]
    assert run.get("train/loss").epoch.tolist() == [row["epoch"] for row in rows]
    precisions = [100 * row["test_coco_eval_bbox"][0] for row in rows]
    assert run.get("test/map/bbox").value.tolist() == pytest.approx(precisions)
    assert run.get("test/error1").value.tolist() == [row["test_class_error"] for row in rows]
    assert (run.deciding, len(run.notes)) == ("test/map/bbox", int(before > 0))
    assert run.not_understood == ()
