import json

import pytest

from defib.errors import NoPoints, NothingReadable
from defib.reading.run import read

START = json.dumps({"kind": "start", "format": 1, "gpus": 2, "config": "configs/a.py", "work_dir": "runs/a"})
SAMPLE = f"{START}\n" + "".join(
    json.dumps({"kind": "val", "step": 10 * at, "epoch": at, "time": 1e9 + at, "values": {"val/top1": 10.5 * at}})
    + "\n"
    for at in range(1, 7)
)


def row(kind, step, epoch, time=None, **values):
    line = {
        "kind": kind,
        "step": step,
        "epoch": epoch,
        "values": {name.replace("_IN_", "/"): value for name, value in values.items()},
    }
    return json.dumps(line if time is None else {**line, "time": time})


def log(*lines):
    return "".join(f"{line}\n" for line in (START, *lines))


def test_canonical_names_and_units_are_taken_as_they_are():
    run = read(None, text=log(row("train", 10, 0.5, train_IN_loss=2.0), row("val", 20, 1, val_IN_top1_IN_fused=0.8)))
    assert run.framework == "defib"
    assert run.get("val/top1/fused").value.tolist() == [0.8]  # per cent already: never multiplied
    assert run.get("train/loss").epoch.tolist() == [0.5]
    assert run.launch.gpus == 2
    assert run.launch.config_path == "configs/a.py"
    assert run.deciding == "val/top1/fused"


def test_events_are_kept_with_their_moment_and_their_line():
    event = json.dumps({"kind": "event", "event": "unfreeze", "step": 5, "epoch": 1, "text": "backbone"})
    run = read(None, text=log(event, row("val", 20, 1, val_IN_top1=50.0)))
    (found,) = run.events
    assert (found.kind, found.text, found.at.step, found.place.line) == ("unfreeze", "backbone", 5, 2)


def test_the_pace_is_the_median_time_between_evaluations():
    rows = [
        row("val", epoch, epoch, 1000.0 + 60 * epoch + (500 if epoch == 4 else 0), val_IN_top1=1.0)
        for epoch in (1, 2, 3, 4)
    ]
    assert read(None, text=log(*rows)).seconds_per_epoch == 60.0


def test_a_resumed_start_line_supersedes_what_ran_again():
    rows = [row("train", 10 * epoch, epoch, train_IN_loss=1.0) for epoch in (1, 2, 3)]
    again = [START, row("train", 30, 3, train_IN_loss=0.5)]
    run = read(None, text=log(*rows, *again))
    assert run.get("train/loss").value.tolist() == [1.0, 1.0, 0.5]
    assert [one.resumed for one in run.segments] == [False, True]


def test_a_start_without_numbers_cannot_be_judged():
    with pytest.raises(NoPoints):
        read(None, text=f"{START}\n")


def test_unknown_names_are_reported_and_wrong_types_left_out():
    run = read(None, text=log(row("val", 1, 1, val_IN_top1=5.0, oddity=3.0, val_IN_top5="high", val_IN_loss=True)))
    assert run.not_understood == ("oddity",)
    assert [one.key for one in run.series] == ["val/top1"]


def test_a_half_written_last_line_is_no_row():
    text = log(row("val", 1, 1, val_IN_top1=5.0)) + row("val", 2, 2, val_IN_top1=6.0)[:-4]
    assert len(read(None, text=text).get("val/top1")) == 1


def test_json_lines_of_somebody_else_are_refused():
    with pytest.raises(NothingReadable):
        read(None, text='{"kind": "pod", "metadata": 3}\n{"mode": "train", "iter": 3}\n')
