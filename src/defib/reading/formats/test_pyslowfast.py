import json
from pathlib import Path

import numpy as np
import pytest

from defib.errors import DefibError, NothingReadable
from defib.reading import read
from defib.reading.formats.pyslowfast import pyslowfast
from defib.reading.source import Source

LOG = Path(__file__).resolve().parents[5] / "shared" / "logs" / "pyslowfast" / "edowhite-linear" / "json_stats.log"
SAMPLE = "".join(
    f'[INFO] json_stats: {{"_type": "{kind}_epoch", "epoch": "{at}/9", "loss": {9 - at}.5, "top1_err": {9 - at}1.5}}\n'
    for at in range(1, 6)
    for kind in ("train", "val")
)


def stats(kind, epoch, **values):
    return "json_stats: " + json.dumps({"RAM": "1.00/2.00G", "_type": kind, "epoch": epoch, "eta": "0:01:00", **values})


def train(epoch, error=70.0, **values):
    return stats("train_epoch", f"{epoch}/20", loss=3.0, lr=0.1, dt=0.3, top1_err=error, top5_err=50.0, **values)


def val(epoch, error=60.0):
    return stats("val_epoch", f"{epoch}/20", min_top1_err=1.0, min_top5_err=1.0, top1_err=error, top5_err=40.0)


def of(*lines):
    return read(None, text="".join(f"{line}\n" for line in lines))


# ------------------------------------------------------------------------------------------------ what is read


def test_an_epoch_is_text_and_an_error_is_better_when_lower():
    run = of(train(1), val(1), train(2), val(2, 55.0))
    assert (run.framework, run.records, run.deciding) == ("pyslowfast", 4, "val/error1")
    error = run.get("val/error1")
    assert (error.better, error.unit, error.scale) == ("lower", "%", 1)
    assert error.value.tolist() == [60, 55]
    assert error.epoch.tolist() == [1, 2]
    assert np.isnan(error.step).all()
    assert run.get("train/loss").value.tolist() == [3, 3]
    assert run.get("train/error5").value.tolist() == [50, 50]
    assert run.not_understood == ()
    assert run.notes == ()


def test_an_error_below_one_per_cent_is_no_fraction():
    assert of(val(1, 0.5), val(2, 0.25)).get("val/error1").value.tolist() == [0.5, 0.25]


def test_the_best_so_far_is_not_the_error():
    assert of(val(1), val(2)).get("val/error1").value.tolist() == [60, 60]


def test_the_lines_may_stand_in_a_longer_log():
    run = of("[07/12 10:00:00][INFO] train.py: 1: Start", "[07/12 10:01:00][INFO] logging.py: 99: " + train(1), "Done")
    assert run.get("train/loss").line.tolist() == [2]


def test_single_iterations_are_read_where_nothing_was_summarised():
    lines = [stats("train_iter", f"{epoch}/2", iter=f"{at}/30", loss=1.0) for epoch in (1, 2) for at in (10, 20, 30)]
    assert of(*lines).get("train/loss").step.tolist() == [10, 20, 30, 40, 50, 60]


def test_single_iterations_beside_summaries_are_left_out():
    assert of(stats("train_iter", "1/2", iter="10/30", loss=9.0), train(1)).get("train/loss").value.tolist() == [3]


def test_of_starts_in_one_file_the_last_is_judged():
    run = of(train(1), val(1), train(2), val(2), train(1, 50.0), val(1, 40.0))
    assert run.get("val/error1").value.tolist() == [40]
    (note,) = run.notes
    assert "2 times" in note.en


# ------------------------------------------------------------------------------------------------ quiet and refused


@pytest.mark.parametrize(
    "line",
    [
        stats("test_iter", "1/20", loss=1.0),
        stats("train_epoch", 1, loss=1.0),
        stats("train_epoch", "1", loss=1.0),
        stats("train_epoch", "one/two", loss=1.0),
        stats("train_epoch", "９/９", loss=1.0),
        stats(None, "1/20", loss=1.0),
        stats(["train_epoch"], "1/20", loss=1.0),
        "json_stats: ",
        "json_stats: [1, 2]",
        'json: {"_type": "val_epoch", "epoch": "1/2", "top1_err": 5.0}',
        "",
    ],
)
def test_other_lines_are_none_of_its_own(line):
    assert not pyslowfast.recognises(Source("-", text=line + "\n"))


def test_a_test_after_the_training_is_no_evaluation():
    lines = ['json_stats: {"split": "test_final", "top1_acc": "60.00", "top5_acc": "80.00"}', "json_stats: {broken"]
    run = of(train(1), val(1), *lines)
    assert run.records == 2
    assert len(run.notes) == 1


def test_a_half_written_line_is_left_for_next_time():
    run = read(None, text=train(1) + "\n" + train(2)[:-5])
    assert run.get("train/loss").epoch.tolist() == [1]
    assert len(run.notes) == 1


def test_a_log_cut_anywhere_is_a_prefix_of_the_whole():
    text = "\n".join([train(1), val(1), train(2), val(2)]) + "\n"
    whole = read(None, text=text).get("train/loss").epoch.tolist()
    for end in range(0, len(text), 11):
        try:
            mine = read(None, text=text[:end]).get("train/loss").epoch.tolist()
        except DefibError:
            continue
        assert mine == whole[: len(mine)]


def test_several_runs_in_a_folder_are_not_mixed(tmp_path):
    for name, error in (("a", 5.0), ("b", 6.0)):
        (tmp_path / f"{name}.log").write_text(val(1, error) + "\n")
    with pytest.raises(NothingReadable):
        read(tmp_path)


# ------------------------------------------------------------------------------------------------ the real log


@pytest.mark.skipif(not LOG.is_file(), reason="the real log is not here")
def test_the_real_log_has_the_numbers_that_an_independent_count_gives():
    rows = [json.loads(line.removeprefix("json_stats: ")) for line in LOG.read_text(encoding="utf-8").splitlines()]
    vals = [row for row in rows if row["_type"] == "val_epoch"]
    run = read(LOG)
    assert run.records == len(rows)
    assert run.get("val/error1").value.tolist() == [row["top1_err"] for row in vals]
    assert run.get("val/error1").epoch.tolist() == [10, 20]
    loss = run.get("train/loss")
    assert (len(loss), loss.value[0], loss.epoch[-1]) == (len(rows) - len(vals), 3.30153, 20)
    assert (run.deciding, run.not_understood, run.notes) == ("val/error1", (), ())
