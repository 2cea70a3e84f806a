import csv
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defib.errors import DefibError, NoPoints, NothingReadable
from defib.reading.formats.lightning import lightning
from defib.reading.run import read
from defib.reading.source import Source

LOGS = Path(__file__).resolve().parents[5] / "shared" / "logs" / "lightning_csv"
LOG = """epoch,lr-Adam,step,train_loss_epoch,train_loss_step,val_acc,val_loss
,0.001,0,,,,
0,,49,,2.5,,
0,,99,,,0.25,2.1
0,,99,2.4,,,
,0.0005,100,,,,
1,,149,,2.0,,
1,,199,,,0.5,nan
1,,199,1.9,,,
"""


def of(text):
    return read(None, text=text)


def test_rows_with_gaps_become_series_and_epochs_count_from_one():
    run = of(LOG)
    assert run.framework == "lightning"
    assert run.get("val/top1").value.tolist() == [25, 50]
    assert run.get("val/top1").epoch.tolist() == [1, 2]
    assert run.get("val/top1").step.tolist() == [99, 199]
    assert run.get("val/top1").line.tolist() == [4, 8]
    assert run.get("train/lr").step.tolist() == [0, 100]
    assert str(run.get("train/lr").epoch[0]) == "nan"
    assert str(run.get("val/loss").value[1]) == "nan"
    assert (run.records, run.deciding, run.not_understood, run.notes) == (8, "val/top1", (), ())


def test_the_mean_of_an_epoch_is_the_training_loss_and_each_step_stands_beside_it():
    run = of(LOG)
    assert run.get("train/loss").value.tolist() == [2.4, 1.9]
    assert run.get("train/loss/step").value.tolist() == [2.5, 2.0]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("train/loss", "train/loss"),
        ("valid_loss", "val/loss"),
        ("validation-accuracy", "val/top1"),
        ("test_acc", "test/top1"),
        ("loss", "train/loss"),
        ("mean_loss", "train/loss"),
        ("val_kl_loss", "val/loss/kl"),
        ("val_loss/dataloader_idx_1", "val/loss/dataloader_1"),
        ("val_rmse", "val/rmse"),
        ("lr-SGD/pg1", "train/lr"),
    ],
)
def test_names_that_people_choose(name, key):
    assert [one.key for one in of(f"{name},epoch,other,step\n0.5,0,,9\n").series] == [key]


@pytest.mark.parametrize("name", ["acc", "val_vibes", "score", "val_acc_step", "lr-Adam-momentum", "train_"])
def test_names_that_mean_nothing_certain_are_reported(name):
    with pytest.raises(NoPoints, match=name):
        of(f"{name},epoch,step,x\n0.5,0,9,\n")


@pytest.mark.parametrize(
    "text",
    [
        "epoch,step,val_acc\n1,100,0.5\n2,200,0.6\n",  # full rows that count from 1: any program's
        "step,epoch,val_acc\n0,0,0.5\n",  # full rows in no order
        "epoch,val_acc,val_loss\n0,0.5,\n",
        "step,val_acc,val_loss\n0,0.5,\n",
        "epoch,step\n0,1\n",
        "epoch,step,step\n0,1,\n",
        "Epoch,Step,val_acc\n0,1,\n",
        "epoch\tstep\tval_acc\n0\t1\t\n",
        "epoch,step,val_acc",
    ],
)
def test_leaves_other_tables_alone(text):
    assert not lightning.recognises(Source("metrics.csv", text=text))


def test_a_run_that_goes_on_in_the_same_file_is_one_run():
    run = of(LOG + "1,,199,,,0.75,1.0\n2,,299,,,0.8,0.9\n1,,199,,,0.6,1.5\n")
    assert run.get("val/top1").value.tolist() == [25, 60]
    assert any("resumed" in note.en for note in run.notes)


def test_two_versions_in_one_folder_are_refused_rather_than_mixed(tmp_path):
    for version in (0, 1):
        path = tmp_path / f"version_{version}" / "metrics.csv"
        path.parent.mkdir()
        path.write_text(LOG + f"2,,299,,,0.{version},1.0\n")
    with pytest.raises(NothingReadable, match="2 runs"):
        read(tmp_path)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(LOG)))
def test_a_log_cut_anywhere_reads_as_a_prefix(at):
    try:
        run = of(LOG[:at])
    except DefibError:
        return
    for key, values in (("val/top1", [25, 50]), ("train/lr", [0.001, 0.0005])):
        found = [] if run.get(key) is None else run.get(key).value.tolist()
        assert found == values[: len(found)]


@pytest.mark.parametrize(
    ("name", "column", "key"),
    [
        ("driemann-aos-v1", "val_loss", "val/loss"),
        ("driemann-aos-v2-valspike", "val_loss", "val/loss"),
        ("driemann-aos-v4", "val_loss", "val/loss"),
        ("jsavree-histogene", "train_loss", "train/loss"),
        ("pinn-v0-blowup", "mean_loss", "train/loss"),
        ("pinn-v14-nan", "mean_loss", "train/loss"),
        ("pinn-v17-hugescale", "mean_loss", "train/loss"),
        ("pinn-v19-hugescale2", "mean_loss", "train/loss"),
        ("sparserecon-flat", "train_loss_epoch", "train/loss"),
        ("turngpt-epoch0", "loss", "train/loss"),
    ],
)
def test_real_logs_have_the_numbers_that_an_independent_count_gives(name, column, key):
    path = LOGS / name / "metrics.csv"
    if not path.is_file():
        pytest.skip("the real logs are not beside this checkout")
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    there = [row for row in rows if row[column]]
    run = read(path)
    series = run.get(key)
    assert (run.framework, run.records, len(series), run.not_understood) == ("lightning", len(rows), len(there), ())
    assert series.step.tolist() == [float(row["step"]) for row in there]
    assert series.epoch.tolist() == [float(row["epoch"]) + 1 for row in there]
    for at in (0, -1):
        value = float(there[at][column])
        assert series.value[at] == value or (math.isnan(value) and math.isnan(series.value[at]))
