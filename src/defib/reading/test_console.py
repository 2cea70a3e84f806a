from pathlib import Path

import numpy as np
import pytest

import defib
from defib.reading import read

DEMO = Path(defib.__file__).parent / "demo" / "runs" / "mmaction2-lr-jump"
LOG = DEMO / "20261122_104320" / "20261122_104320.log"
HEAD = "2024/01/01 00:{minute:02d}:00 - mmengine - INFO - "


def lines(*texts):
    return "".join(HEAD.format(minute=minute) + text + "\n" for minute, text in enumerate(texts))


def epoch(number, top="0.5000"):
    return (
        f"Epoch(train)  [{number}][10/20]  lr: 1.0000e-02  eta: 0:43:03  time: 0.5000  loss: 1.0000",
        f"Epoch(train)  [{number}][20/20]  lr: 1.0000e-02  eta: 0:43:03  time: 0.5000  loss: 1.0000",
        f"Epoch(val)  [{number}][10/12]    eta: 0:00:01  time: 0.9298  data_time: 0.0236  ",
        f"Epoch(val) [{number}][12/12]    acc/top1: {top}  coco/cat AP (M): 0.500000  data_time: 0.0204  time: 0.9038",
    )


def of(text):
    return read(None, text=text)


def test_a_console_log_alone_tells_the_curve():
    run = of(lines(*epoch(1), *epoch(2, "0.6000")))
    top1 = run.get("val/top1")
    assert top1.epoch.tolist() == [1, 2]
    assert top1.step.tolist() == [20, 40]
    assert top1.value == pytest.approx([50, 60])
    assert run.get("train/loss").step.tolist() == [10, 20, 30, 40]


def test_progress_within_an_evaluation_is_no_evaluation():
    assert len(of(lines(*epoch(1))).get("val/top1")) == 1


def test_a_name_with_spaces_is_read_whole():
    assert "coco/cat AP (M)" in of(lines(*epoch(1))).not_understood


def test_times_to_go_are_no_metric():
    assert "eta" not in of(lines(*epoch(1))).not_understood


def test_numbers_in_brackets_may_be_padded():
    run = of(lines("Iter(train) [  100/3000]  lr: 1.0000e-02  loss: 1.0000", "Iter(val) [7/7]    acc/top1: 0.5000"))
    assert run.get("train/loss").step.tolist() == [100]
    assert run.get("val/top1").step.tolist() == [100]
    assert np.isnan(run.get("val/top1").epoch).all()


@pytest.mark.parametrize("written", ["nan", "NaN", "inf", "-inf"])
def test_values_that_are_not_finite_are_values(written):
    run = of(lines(f"Epoch(train)  [1][10/20]  lr: 1.0e-02  loss: {written}", *epoch(1)[3:]))
    assert not np.isfinite(run.get("train/loss").value[0])


def test_the_printed_config_is_never_read_as_metrics():
    config = "Config:\nloss = dict(weight=2.0)\nlr: 5.0\nval_interval=10\nacc/top1: 0.99\n    loss_cls=dict(\n"
    run = of(lines("Hello") + config + lines(*epoch(1)))
    assert run.get("train/lr").value.tolist() == [0.01, 0.01]
    assert run.get("val/top1").value.tolist() == [50]


def test_the_real_log_gives_the_numbers_of_its_json():
    told, exact = read(LOG), read(DEMO)
    assert {one.key for one in exact.series} <= {one.key for one in told.series} | {"train/base_lr"}
    for series in exact.series:
        other = told.get(series.key)
        assert other.step.tolist() == series.step.tolist(), series.key
        assert np.allclose(other.value, series.value, atol=0.06, rtol=1e-3), series.key


def test_the_half_written_last_line_is_left_for_next_time():
    whole = lines(*epoch(1), *epoch(2))
    run = of(whole.rstrip("\n")[:-3])
    assert run.get("val/top1").epoch.tolist() == [1]


def test_a_traceback_is_one_event_with_its_last_line():
    trace = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    run()\nValueError: no\n'
    events = of(lines(*epoch(1)) + trace).events
    (event,) = [event for event in events if event.kind == "traceback"]
    assert event.text == "ValueError: no"


def test_checkpoints_are_events_at_the_moment_that_the_log_tells():
    told = (
        "Load checkpoint from /data/pretrained.pth",
        *epoch(1),
        "Saving checkpoint at 1 epochs",
        "The best checkpoint with 0.5000 acc/RGBPose_1:1_top1 at 1 epoch is saved to best_acc_RGBPose_1:1_top1_epoch_1.pth.",
    )
    events = {event.kind: event for event in of(lines(*told)).events}
    assert events["loaded"].place.line == 1
    assert events["saved"].at.epoch == 1
    assert events["best"].at.epoch == 1


def test_lines_that_only_sound_alike_are_no_events():
    quiet = ("I will be saving checkpoints later", "the best model wins", "resumed work after lunch")
    assert of(lines(*quiet, *epoch(1))).events == ()
