import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defib.errors import DefibError, NothingReadable
from defib.reading.formats.keras import keras
from defib.reading.run import read
from defib.reading.source import Source

LOGS = Path(__file__).resolve().parents[5] / "shared" / "logs" / "keras_csv"
HEAD = "epoch,accuracy,loss,lr,val_accuracy,val_loss\n"
LOG = f"{HEAD}0,0.2,2.0,0.1,0.3,1.9\n1,0.5,1.5,0.1,0.4,1.6\n2,0.9,nan,0.01,NA,inf\n"
HEADS = (
    "epoch,audio_only_pred_accuracy,audio_only_pred_loss,digit_accuracy,digit_loss,loss,"
    "val_audio_only_pred_accuracy,val_audio_only_pred_loss,val_digit_accuracy,val_digit_loss,val_loss\n"
    "0,0.1,1.0,0.2,2.0,3.0,0.3,1.1,0.4,2.1,3.2\n"
)
SAMPLE = "epoch,accuracy,loss,val_accuracy,val_loss\n" + "".join(
    f"{at},0.{at}25,{9 - at}.5,0.{at}125,{9 - at}.75\n" for at in range(8)
)


def of(text):
    return read(None, text=text)


def test_epochs_count_from_one_and_what_has_no_prefix_is_training():
    run = of(LOG)
    assert run.framework == "keras"
    assert run.get("val/top1").value.tolist() == [30, 40]
    assert run.get("train/top1").value.tolist() == [20, 50, 90]
    assert run.get("train/top1").epoch.tolist() == [1, 2, 3]
    assert run.get("train/lr").value.tolist() == [0.1, 0.1, 0.01]
    assert str(run.get("train/loss").value[2]) == "nan"
    assert run.get("val/loss").value[2] == float("inf")
    assert (run.deciding, run.records, run.not_understood, run.notes) == ("val/top1", 3, (), ())


def test_a_file_that_begins_at_one_counts_from_one():
    assert of(f"{HEAD}1,0.2,2.0,0.1,0.3,1.9\n").get("val/loss").epoch.tolist() == [1]


def test_every_head_is_a_branch():
    run = of(HEADS)
    assert run.get("val/top1/audio").value.tolist() == [30]
    assert run.get("val/loss/digit").value.tolist() == [2.1]
    assert run.get("train/loss").value.tolist() == [3.0]
    assert run.not_understood == ()


def test_a_start_that_was_appended_is_the_one_that_is_judged():
    run = of(LOG + "0,0.1,2.5,0.1,0.2,2.2\n1,0.2,2.4,0.1,0.25,2.1\n")
    assert run.get("val/top1").value.tolist() == [20, 25]
    assert run.records == 2
    assert any("started from nothing 2 times" in note.en for note in run.notes)


def test_a_start_that_goes_on_replaces_what_it_repeats():
    run = of(LOG + "1,0.6,1.4,0.1,0.45,1.5\n2,0.7,1.3,0.1,0.5,1.4\n")
    assert run.get("val/top1").value.tolist() == [30, 45, 50]


@pytest.mark.parametrize(
    "text",
    [
        "loss,accuracy,val_loss,val_accuracy\n2.0,0.2,1.9,0.3\n1.5,0.5,1.6,0.4\n",
        ",loss,accuracy,val_loss,val_accuracy\n0,2.0,0.2,1.9,0.3\n1,1.5,0.5,1.6,0.4\n",
        "training_loss, training_acc, val_loss, val_acc, time\n2.0,0.2,1.9,0.3,9\n1.5,0.5,1.6,0.4,9\n",
    ],
)
def test_the_rows_of_a_history_are_its_epochs(text):
    run = of(text)
    assert run.get("val/top1").epoch.tolist() == [1, 2]
    assert run.get("train/top1").value.tolist() == [20, 50]
    assert any("each row is taken as one epoch" in note.en for note in run.notes)


@pytest.mark.parametrize(
    "text",
    [
        "epoch,loss\n0,1.0\n",
        "epoch,loss,accuracy,val_loss\n0,1,1,1\n",  # no order of Keras
        "epoch,loss,step,val_loss\n0,1,1,1\n",
        "Epoch,accuracy,loss\n0,1,1\n",
        "lr,loss,val_loss\n0.1,1,1\n",  # trials, one a row
        "units,loss,val_loss\n16,1,1\n",
        "loss,val_loss,fold\n1,1,1\n",
        "loss,val_loss\n1,best\n",
        "loss,loss,val_loss\n1,1,1\n",
        "loss,val_accuracy\n1,1\n",
        "a,b\n1,2\n",
        "",
        HEAD.rstrip(),
    ],
)
def test_leaves_other_tables_alone(text):
    assert not keras.recognises(Source("log.csv", text=text))


@pytest.mark.parametrize("name", ["weird_m", "val_lr", "worker_accuracy"])
def test_a_name_that_is_no_measure_of_the_model_is_reported(name):
    row = {"accuracy": 0.2, "loss": 2.0, "val_loss": 1.9, name: 7}
    names = sorted(row)
    text = f"epoch,{','.join(names)}\n0,{','.join(str(row[one]) for one in names)}\n"
    assert of(text).not_understood == (name,)


def test_several_logs_in_one_folder_are_refused_rather_than_mixed(tmp_path):
    (tmp_path / "a.log").write_text(LOG)
    (tmp_path / "b.log").write_text(HEADS)
    with pytest.raises(NothingReadable, match="2 runs"):
        read(tmp_path)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(LOG)))
def test_a_log_cut_anywhere_reads_as_a_prefix(at):
    try:
        run = of(LOG[:at])
    except DefibError:
        return
    found = [] if run.get("val/loss") is None else run.get("val/loss").value.tolist()
    assert found == [1.9, 1.6, float("inf")][: len(found)]


def test_the_real_log_of_three_heads_has_the_numbers_that_an_independent_count_gives():
    path = LOGS / "multimodal-deepfake-3heads" / "training_log.csv"
    if not path.is_file():
        pytest.skip("the real logs are not beside this checkout")
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    run = read(path)
    fused = [100 * float(row["val_fused_pred_accuracy"]) for row in rows]
    assert (run.records, len(rows), run.deciding, run.not_understood) == (15, 15, "val/top1/fused", ())
    assert run.get("val/top1/fused").value.tolist() == pytest.approx(fused)
    assert run.get("val/top1/fused").epoch.tolist() == list(range(1, 16))
    assert [run.get("val/loss").value[at] for at in (0, -1)] == [float(rows[at]["val_loss"]) for at in (0, -1)]


def test_the_real_log_without_epochs_has_the_numbers_that_an_independent_count_gives():
    path = LOGS / "gat-constant-val" / "training_log.csv"
    if not path.is_file():
        pytest.skip("the real logs are not beside this checkout")
    lines = path.read_text().split("\n")[1:]  # the last line has no end, but is as long as the others
    run = read(path)
    assert run.records == len(lines) == 31
    assert run.get("val/top1").value.tolist() == pytest.approx([72.414] * 31)
    assert [run.get("train/loss").value[at] for at in (0, -1)] == [float(lines[at].split(",")[0]) for at in (0, -1)]
