import json
import re
from pathlib import Path

import numpy as np
import pytest

from defib.errors import DefibError, NothingReadable
from defib.reading import read
from defib.reading.formats.mmcv_text import mmcv_text
from defib.reading.source import Source

LOGS = Path(__file__).resolve().parents[5] / "shared" / "logs" / "mmcv"
INFO = "2021-12-07 13:57:47,101 - mmdet - INFO - "
CONFIG = ["2021-12-07 13:57:46,000 - mmdet - INFO - Config:", "val_interval=10", "loss_cls=dict(", "Epoch [1][2/3]"]
SAMPLE = "".join(
    f"{INFO}Epoch [{at}][50/100]\tlr: 1.000e-01, eta: 5:34:29, time: 0.5, loss: {9 - at}.5000\n"
    f"{INFO}Epoch(val) [{at}][3]\taccuracy_top-1: {at}6.7832\n"
    for at in range(1, 7)
)


def train(epoch, at, loss="1.0"):
    return f"{INFO}Epoch [{epoch}][{at}/107]\tlr: 1.000e-01, eta: 1 day, 5:34:29, time: 0.2, memory: 9, loss: {loss}"


def val(epoch, rest="bbox_mAP: 0.5000, bbox_mAP_copypaste: 0.5 0.6 -1.0"):
    return f"{INFO}Epoch(val) [{epoch}][107]\t{rest}"


def of(*lines):
    return read(None, text="".join(f"{line}\n" for line in lines))


# ------------------------------------------------------------------------------------------------ what is read


def test_training_and_evaluation_are_read():
    run = of(*CONFIG, train(1, 50), train(1, 100), val(1), train(2, 50), train(2, 100), val(2))
    assert (run.framework, run.records, run.deciding) == ("mmcv", 6, "val/map/bbox")
    assert run.get("train/loss").step.tolist() == [50, 100, 157, 207]
    assert run.get("train/loss").line.tolist() == [5, 6, 8, 9]
    assert run.get("val/map/bbox").value.tolist() == [50, 50]
    assert run.get("val/map/bbox").step.tolist() == [107, 214]
    assert run.get("train/lr").value.tolist() == [0.1] * 4
    assert run.not_understood == ()
    assert run.notes == ()


def test_a_log_that_counts_iterations_has_no_epoch():
    run = of(
        f"{INFO}Iter [50/20000]\tlr: 1.0e-02, decode.acc_seg: 50.5, loss: 2.0",
        f"{INFO}Iter(val) [1449]\taAcc: 0.9000, mIoU: 0.7000, IoU.sky: 0.8000",
        f"{INFO}Iter [100/20000]\tlr: 1.0e-02, loss: 1.0",
    )
    assert run.get("val/miou").step.tolist() == [50]
    assert run.get("train/loss").step.tolist() == [50, 100]
    assert np.isnan(run.get("train/loss").epoch).all()
    assert run.not_understood == ("IoU.sky",)


def test_a_small_nan_and_many_digits_are_numbers():
    run = of(train(1, 50, "1829384756473829100000000000.0000"), train(1, 100, "nan"))
    assert run.get("train/loss").value[0] == pytest.approx(1.8293847564738291e27)
    assert np.isnan(run.get("train/loss").value[1])


def test_evaluations_without_a_metric_are_counted_and_told():
    run = of(train(1, 100, "nan"), val(1, ""), train(2, 100, "nan"), val(2, ""))
    (note,) = run.notes
    assert "2 evaluations hold no metric" in note.en
    assert run.get("val/map/bbox") is None


def test_an_evaluation_that_lost_its_metric_is_nan():
    run = of(train(1, 100), val(1), train(2, 100, "nan"), val(2, ""))
    assert np.isnan(run.get("val/map/bbox").value).tolist() == [False, True]


def test_the_last_of_several_starts_is_judged():
    run = of(train(1, 50), train(2, 50), val(2), train(1, 50, "3.0"), train(1, 100, "3.0"))
    assert run.get("train/loss").value.tolist() == [3, 3]
    assert run.get("val/map/bbox") is None
    assert len(run.notes) == 1


def test_the_json_of_the_same_run_goes_first(tmp_path):
    (tmp_path / "20200101_000000.log").write_text(train(1, 50) + "\n")
    row = {"mode": "train", "epoch": 1, "iter": 50, "lr": 0.1, "loss": 9.0}
    (tmp_path / "20200101_000000.log.json").write_text(json.dumps(row) + "\n")
    assert read(tmp_path).get("train/loss").value.tolist() == [9]


TABLE = (
    f"{INFO}per class results:",
    f"{INFO}",
    "+-------------+-------+-------+",
    "|    Class    |  IoU  |  Acc  |",
    "+-------------+-------+-------+",
    "|    Killed   | 34.5  | 61.20 |",
    "| background  | 90.12 | 95.34 |",
    "+-------------+-------+-------+",
    f"{INFO}Summary:",
)


def test_the_tables_of_mmseg_are_neither_numbers_nor_messages():
    lines = [
        f"{INFO}Iter [50/20000]\tlr: 1.000e-02, eta: 1 day, 5:34:29, decode.acc_seg: 50.5, loss: 2.0",
        *TABLE,
        f"{INFO}Iter(val) [1449]\taAcc: 0.9000, mIoU: 0.7000, IoU.Killed: 0.3450",
        f"{INFO}Iter [100/20000]\tlr: 1.0e-02, loss: 1.0",
    ]
    run = of(*lines)
    assert run.records == 3
    assert run.get("val/miou").line.tolist() == [11]
    assert run.events == ()


def test_lines_that_end_as_on_windows_are_read():
    text = "".join(f"{line}\r\n" for line in (train(1, 50), train(1, 100), val(1)))
    run = read(None, text=text)
    assert run.get("train/loss").step.tolist() == [50, 100]
    assert run.get("val/map/bbox").value.tolist() == [50]


# ------------------------------------------------------------------------------------------------ quiet and refused


@pytest.mark.parametrize(
    "line",
    [
        *CONFIG,
        "Epoch [1][50/107]\tlr: 0.1, loss: 1.0",
        f"{INFO}Epoch [1]",
        f"{INFO}Epoch [1][50/107] lr: 0.1",
        f"{INFO}Epoch [a][50/107]\tlr: 0.1",
        f"{INFO}Epoch [１][50/107]\tlr: 0.1",
        f"{INFO}Epoch(val)   [5][ 1/11]    eta: 0:00:01",
        f"{INFO}Saving checkpoint at 24 epochs",
        f"{INFO}Best top1_acc is 0.5259 at 1 epoch.",
        '{"mode": "train", "epoch": 1, "iter": 50, "loss": 1.0}',
        "",
    ],
)
def test_other_lines_are_none_of_its_own(line):
    assert not mmcv_text.recognises(Source("-", text=line + "\n"))


def test_a_half_written_line_is_left_for_next_time():
    run = read(None, text=train(1, 50) + "\n" + train(1, 100)[:-1])
    assert run.get("train/loss").step.tolist() == [50]
    assert len(run.notes) == 1


def test_a_log_cut_anywhere_is_a_prefix_of_the_whole():
    text = "\n".join([train(1, 50), val(1), train(2, 50), val(2)]) + "\n"
    whole = read(None, text=text).get("train/loss").step.tolist()
    for end in range(0, len(text), 11):
        try:
            mine = read(None, text=text[:end]).get("train/loss").step.tolist()
        except DefibError:
            continue
        assert mine == whole[: len(mine)]


def test_runs_in_folders_of_their_own_are_not_mixed(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.log").write_text(train(1, 50) + "\n")
    with pytest.raises(NothingReadable):
        read(tmp_path)


# ------------------------------------------------------------------------------------------------ real logs


def real():
    return sorted(str(path.relative_to(LOGS)) for path in LOGS.glob("*/*.log"))


@pytest.mark.skipif(not LOGS.is_dir(), reason="the real logs are not here")
@pytest.mark.parametrize("name", real())
def test_real_logs_tell_the_same_as_the_json_beside_them(name):
    run, other = read(LOGS / name), read(LOGS / f"{name}.json")
    text = (LOGS / name).read_text(encoding="utf-8")
    assert run.records == len(re.findall(r"INFO - Epoch(?:\(val\))? \[", text)) == other.records
    assert run.deciding == other.deciding
    for one in other.series:
        mine = run.get(one.key)
        assert mine.value == pytest.approx(one.value, rel=1e-3, abs=1e-3 * one.scale, nan_ok=True), one.key
        assert mine.epoch.tolist() == one.epoch.tolist()
