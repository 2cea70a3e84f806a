import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defib.errors import DefibError, NothingReadable
from defib.reading.formats.ultralytics import ultralytics
from defib.reading.run import read
from defib.reading.source import Source

LOGS = Path(__file__).resolve().parents[5] / "shared" / "logs" / "yolo"
HEAD = (
    "epoch,time,train/box_loss,metrics/precision(B),metrics/mAP50(B),metrics/mAP50-95(B),val/box_loss,lr/pg0,lr/pg1\n"
)
LOG = f"{HEAD}1,30.5,1.5,0.4,0.3,0.2,1.4,0.1,0.001\n2,61.0,1.3,0.6,0.5,0.4,1.2,0.05,0.002\n3,91,nan,0.1,0.1,0,inf,0.01,0.003\n"
V5 = (
    "               epoch,      train/box_loss, metrics/mAP_0.5,metrics/mAP_0.5:0.95,        val/box_loss,               x/lr0\n"
    "                   0,                 0.1,             0.2,                 0.1,                 nan,                0.01\n"
    "                   1,                0.09,             0.3,                0.15,                 nan,                0.02\n"
)


def of(text):
    return read(None, text=text)


def test_boxes_alone_have_no_branches():
    run = of(LOG)
    assert run.framework == "ultralytics"
    assert run.get("val/map").value.tolist() == [20, 40, 0]
    assert run.get("val/map50").value.tolist() == [30, 50, 10]
    assert run.get("val/map").epoch.tolist() == [1, 2, 3]
    assert run.get("val/map").line.tolist() == [2, 3, 4]
    assert run.get("train/loss/box").value.tolist()[:2] == [1.5, 1.3]
    assert str(run.get("train/loss/box").value[2]) == "nan"
    assert run.get("val/loss/box").value[2] == float("inf")
    assert (run.deciding, run.records, run.not_understood, run.notes) == ("val/map", 3, (), ())


def test_the_learning_rate_is_that_of_the_weights():
    run = of(LOG)
    assert run.get("train/lr").raw == "lr/pg1"
    assert run.branches("train/lr")[0].key == "train/lr"
    assert run.get("train/lr/pg0").value.tolist() == [0.1, 0.05, 0.01]


def test_yolov5_counts_from_zero_and_pads_its_columns():
    run = of(V5)
    assert run.get("val/map").epoch.tolist() == [1, 2]
    assert run.get("val/map50").value.tolist() == [20, 30]
    assert run.get("train/lr").value.tolist() == [0.01, 0.02]


def test_a_validation_loss_that_was_never_computed_is_no_nan():
    run = of(V5)
    assert run.get("val/loss/box") is None
    assert any("never computed" in note.en for note in run.notes)


def test_a_validation_loss_that_became_nan_is_one():
    assert str(of(V5.replace("nan", "0.5", 1)).get("val/loss/box").value[1]) == "nan"


def test_epochs_that_were_not_validated_have_no_score():
    run = of(f"{HEAD}1,30,1.5,0,0,0,0,0.1,0.001\n2,61,1.3,0,0,0,1.2,0.05,0.002\n")
    assert run.get("val/map").epoch.tolist() == [2]
    assert run.get("train/loss/box").epoch.tolist() == [1, 2]
    assert any("1 epochs were not validated" in note.en for note in run.notes)


def test_a_score_of_zero_stays_where_no_validation_loss_tells_it_from_no_validation():
    run = of("epoch,train/loss,metrics/mAP50(B)\n1,2.0,0\n2,1.0,0.5\n")
    assert run.get("val/map50").value.tolist() == [0, 50]


def test_masks_and_boxes_are_branches():
    run = of(LOG.replace("metrics/precision(B)", "metrics/mAP50-95(M)"))
    assert run.get("val/map/segm").value.tolist() == [40, 60, 10]
    assert run.deciding == "val/map/bbox"


def test_a_classifier_has_accuracies():
    run = of("epoch,train/loss,metrics/accuracy_top1,metrics/accuracy_top5,val/loss,lr/pg0\n1,2.0,0.3,0.6,1.9,0.1\n")
    assert [one.key for one in run.series] == ["train/loss", "val/top1", "val/top5", "val/loss", "train/lr"]


def test_a_score_that_is_not_known_is_reported():
    assert of(LOG.replace("metrics/mAP50(B)", "metrics/vibes")).not_understood == ("metrics/vibes",)


@pytest.mark.parametrize(
    "text",
    [
        "epoch,train/box_loss,val/box_loss\n1,1,1\n",
        "epoch,metrics/mAP50(B)\n1,0.5\n",
        "step,train/box_loss,metrics/mAP50(B)\n1,1,0.5\n",
        "epoch train/box_loss metrics/mAP50(B)\n1 1 0.5\n",
        "0/299  1.85G  0.1 0.2 0.3\n",
        HEAD.rstrip(),
    ],
)
def test_leaves_other_tables_alone(text):
    assert not ultralytics.recognises(Source("results.csv", text=text))


def test_two_trainings_in_one_folder_are_refused_rather_than_mixed(tmp_path):
    for name, text in (("train", LOG), ("train2", V5)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.csv").write_text(text)
    with pytest.raises(NothingReadable, match="2 runs"):
        read(tmp_path)


def test_a_text_of_numbers_without_a_heading_is_refused():
    with pytest.raises(NothingReadable):
        of("0/299  1.85G  0.1  0.2  0.3\n1/299  1.85G  0.1  0.2  0.3\n")


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([LOG, V5]), st.integers(0, max(len(LOG), len(V5))))
def test_a_log_cut_anywhere_reads_as_a_prefix(log, at):
    full = of(log).get("val/map").value.tolist()
    try:
        run = of(log[:at])
    except DefibError:
        return
    found = [] if run.get("val/map") is None else run.get("val/map").value.tolist()
    assert found == full[: len(found)]


@pytest.mark.parametrize(("name", "first"), [("bisindo-seg", 0), ("landslide-seg", 1)])
def test_real_logs_have_the_numbers_that_an_independent_count_gives(name, first):
    path = LOGS / name / "results.csv"
    if not path.is_file():
        pytest.skip("the real logs are not beside this checkout")
    with path.open(newline="") as stream:
        rows = [{name.strip(): float(cell) for name, cell in row.items()} for row in csv.DictReader(stream)]
    run = read(path)
    assert (run.records, len(rows), run.not_understood, run.notes) == (100, 100, (), ())
    for column, key in (("metrics/mAP50-95(M)", "val/map/segm"), ("metrics/mAP50-95(B)", "val/map/bbox")):
        assert run.get(key).value.tolist() == pytest.approx([100 * row[column] for row in rows])
        assert run.get(key).epoch.tolist() == [row["epoch"] + 1 - first for row in rows]
    assert run.get("val/loss/seg").value[[0, -1]].tolist() == [rows[0]["val/seg_loss"], rows[-1]["val/seg_loss"]]


def test_forks_with_oriented_boxes_and_older_spellings():
    run = of(
        "epoch,train/box_loss,train/theta_loss,metrics/precision,metrics/HBBmAP.5,metrics/HBBmAP.5:.95,val/box_loss,x/lr0\n"
        "0,0.1,0.2,0.5,0.25,0.125,0.1,0.01\n1,0.1,0.2,0.5,0.5,0.25,0.1,0.01\n"
    )
    assert run.deciding == run.branches("val/map")[0].key
    assert run.branches("val/map")[0].value.tolist() == [12.5, 25.0]
    assert run.get("train/loss/theta").value.tolist() == [0.2, 0.2]
