"""Messages of mmcv's console log beside its JSON."""

import json

import pytest

from defib.reading import read

INFO = "2021-01-01 00:00:00,000 - mmdet - INFO - "
ROWS = [
    {"mode": "train", "epoch": at // 5 + 1, "iter": 10 * (at % 5 + 1), "lr": 0.1, "loss": 5 - at / 10}
    for at in range(20)
]
CONFIG = ("Config:", "model = dict(", "val_interval=10")
FALL = "Check overflow, downscale loss scale to 1024.0"


def shown(row):
    return f"{INFO}Epoch [{row['epoch']}][{row['iter']}/50]\tlr: 1.000e-01, eta: 1:00:00, loss: {row['loss']:.4f}"


def folder(path, lines, *, rows=ROWS, name="20210101_000000.log"):
    path.mkdir(exist_ok=True)
    (path / "20210101_000000.log.json").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (path / name).write_text("\n".join(lines) + "\n")
    return read(path)


def events(run):
    return [(event.kind, event.record, event.at.epoch) for event in run.events]


LINES = [*CONFIG, *map(shown, ROWS)]


def test_a_message_stands_behind_the_row_above_it(tmp_path):
    lines = [*LINES]
    lines[3 + 12 : 3 + 12] = [INFO + FALL, INFO + "Saving checkpoint at 2 epochs"]
    run = folder(tmp_path, lines)
    assert events(run) == [("overflow", 12, 3.0), ("saved", 12, 2.0)]
    assert run.events[0].place.file == "20210101_000000.log"
    assert run.events[0].place.line == 16


def test_a_message_above_all_rows_is_before_the_first(tmp_path):
    told = f"{INFO}load checkpoint from local path: a.pth"
    assert events(folder(tmp_path, [told, *LINES])) == [("loaded", 0, None)]


def test_a_resume_is_told_as_mmcv_writes_it(tmp_path):
    run = folder(tmp_path, [f"{INFO}resumed epoch 3, iter 150", *LINES])
    (event,) = run.events
    assert (event.kind, event.record, event.at.epoch, event.at.step) == ("resumed", 0, 3.0, 150)


def test_one_row_more_or_less_is_a_file_on_its_way(tmp_path):
    lines = [*LINES, INFO + FALL]
    assert events(folder(tmp_path / "a", lines, rows=ROWS[:-1])) == [("overflow", 19, 4.0)]
    assert events(folder(tmp_path / "b", [*LINES[:-1], INFO + FALL])) == [("overflow", 19, 4.0)]


@pytest.mark.parametrize("how", [{"rows": ROWS[:10]}, {"name": "20210102_000000.log"}])
def test_where_the_rows_are_not_the_same_nothing_is_placed_by_them(tmp_path, how):
    lines = [*LINES]
    lines[10:10] = [INFO + FALL]
    assert events(folder(tmp_path, lines, **how)) == []


def test_a_healthy_text_says_nothing(tmp_path):
    quiet = [
        f"{INFO}workflow: [('train', 1)], max: 12 epochs",
        f"{INFO}Exp name: killed_error.py",
        "UserWarning: overflow in cast",
    ]
    assert events(folder(tmp_path, [*quiet, *LINES])) == []
