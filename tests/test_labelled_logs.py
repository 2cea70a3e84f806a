"""Every labelled log is read right: its records, evaluations, epochs, first and last value, and starts.

The counts are taken here, from the text, by code that knows nothing of defib: the standard library and one line per
format. `MAIN` says by which name the file calls the metric that matters; everything else is counted.
"""

from __future__ import annotations

import csv
import json
import re
from math import isclose, isnan
from typing import TYPE_CHECKING, NamedTuple

from defib import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Count(NamedTuple):
    """What a file holds of its last start."""

    records: int
    values: list[float]
    epochs: int
    """Different ones; 0 where the file does not count them."""
    starts: int = 1


Row = dict[str, object]


def json_rows(path: Path) -> Iterator[Row]:
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            yield row


def numbers(rows: list[Row], name: str) -> list[float]:
    return [float(row[name]) for row in rows if isinstance(row.get(name), int | float)]


def last_start(rows: list[Row], clock: str) -> tuple[list[Row], int]:
    """The rows since the clock last went back, and how often something was started."""
    starts = [0]
    starts.extend(at for at in range(1, len(rows)) if float(str(rows[at][clock])) < float(str(rows[at - 1][clock])))
    return rows[starts[-1] :], len(starts)


def mmcv(path: Path, name: str) -> Count:
    rows = [row for row in json_rows(path) if "mode" in row]
    split, _, raw = name.partition(":")
    values = numbers([row for row in rows if row["mode"] == split], raw)
    return Count(len(rows), values, len({row["epoch"] for row in rows}))


def mmengine(path: Path, name: str) -> Count:
    rows = list(json_rows(path))
    return Count(len(rows), numbers(rows, name), len({row["epoch"] for row in rows if "epoch" in row}))


def detectron2(path: Path, name: str) -> Count:
    rows = list(json_rows(path))
    return Count(len(rows), numbers(rows, name), 0)


def log_txt(path: Path, name: str) -> Count:
    rows, starts = last_start(list(json_rows(path)), "epoch")
    raw, _, position = name.partition("[")
    values = [float(row[raw][int(position[:-1])] if position else row[raw]) for row in rows]  # type: ignore[index]
    return Count(len(rows), values, len(rows), starts)


def json_lines(path: Path, name: str) -> Count:
    rows = [row for row in json_rows(path) if "step" in row]
    return Count(len(rows), numbers(rows, name), 0)


def json_stats(path: Path, name: str) -> Count:
    rows = [
        json.loads(line.partition("json_stats: ")[2]) for line in path.read_text().splitlines() if "json_stats" in line
    ]
    split, _, raw = name.partition(":")
    whole = [row for row in rows if row["_type"] in ("train_epoch", "val_epoch")]
    values = numbers([row for row in whole if row["_type"] == f"{split}_epoch"], raw)
    return Count(len(whole), values, len({row["epoch"] for row in whole}))


def trainer_state(path: Path, name: str) -> Count:
    rows = json.loads(path.read_text())["log_history"]
    rows = [row for row in rows if "train_runtime" not in row]  # the summary at the end is no record of training
    return Count(len(rows), numbers(rows, name), len({row["epoch"] for row in rows}))


def sheet(path: Path, name: str) -> Count:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, skipinitialspace=True))
    column = next(one for one in rows[0] if one.strip() == name)
    values = [float(row[column]) for row in rows if row[column].strip()]
    clock = next((one for one in rows[0] if one.strip() == "epoch"), None)
    epochs = len({row[clock] for row in rows if row[clock]}) if clock else 0
    return Count(len(rows), values, epochs)


_FORMATS: dict[str, Callable[[Path, str], Count]] = {
    "mmcv": mmcv,
    "mmengine": mmengine,
    "detectron2": detectron2,
    "jsonl_logtxt": log_txt,
    "jsonl_other": json_lines,
    "pyslowfast": json_stats,
    "hf_trainer": trainer_state,
    "csv_other": sheet,
    "keras_csv": sheet,
    "lightning_csv": sheet,
    "yolo": sheet,
}

# The name by which each file calls what matters; "val:" where the same name is used for training and validation.
MAIN = {
    "csv_other/fedids-client3": "acc_after",
    "csv_other/grok-": "test_accuracy",
    "detectron2/": "total_loss",
    "hf_trainer/aigon-overfit-6groups": "eval_g0_accuracy",
    "hf_trainer/nijat-mt5-summ": "eval_rouge1",
    "hf_trainer/": "loss",
    "jsonl_logtxt/": "test_coco_eval_bbox[0]",
    "jsonl_other/": "test_acc",
    "keras_csv/gat-constant-val": "val_acc",
    "keras_csv/multimodal-deepfake-3heads": "val_fused_pred_accuracy",
    "lightning_csv/driemann": "val_rmse",
    "lightning_csv/jsavree-histogene": "train_loss",
    "lightning_csv/pinn": "mean_loss",
    "lightning_csv/sparserecon-flat": "train_loss_epoch",
    "lightning_csv/turngpt-epoch0": "loss",
    "mmcv/lyhuong-pyskl-nolearn": "train:loss",
    "mmcv/sscls": "val:top1_acc",
    "mmcv/zy-fasterrcnn-caffe-overfit": "val:mAP",
    "mmcv/zy-fasterrcnn-lrx10-nan": "val:bbox_mAP",
    "mmcv/zy-fasterrcnn-voc-moco-nan": "train:loss",
    "mmcv/zy-fcos-coco": "val:mAP",
    "mmcv/zy-fcos-moco-nan": "val:bbox_mAP",
    "mmcv/zy-fcos-nan": "train:loss",
    "mmcv/zy-freeanchor-spike": "val:bbox_mAP",
    "mmcv/zy-retinanet-nan": "train:loss",
    "mmengine/chg-mmseg-dubai": "mIoU",
    "mmengine/doomed": "mIoU",
    "mmengine/chg-rtmpose-ear": "coco/AP",
    "mmengine/kyle": "acc/top1",
    "mmengine/": "coco/bbox_mAP",
    "pyslowfast/": "val:top1_err",
    "yolo/": "metrics/mAP50-95(B)",
}


def logs(shared: Path) -> list[Path]:
    with (shared / "logs" / "index.csv").open(encoding="utf-8", newline="") as file:
        return [shared / "logs" / row["dir"] / row["file"] for row in csv.DictReader(file)]


def counted(path: Path) -> Count | None:
    """What this file's own counting says of a log; None for the formats that it does not know."""
    folder, called = path.parts[-3], f"{path.parts[-3]}/{path.parts[-2]}"
    if folder not in _FORMATS:
        return None
    return _FORMATS[folder](path, next(main for start, main in MAIN.items() if called.startswith(start)))


def test_every_labelled_log_is_read_as_it_is_counted(shared, subtests):
    seen = 0
    for path in logs(shared):
        expected = counted(path)
        if expected is None:
            continue
        seen += 1
        raw = next(main for start, main in MAIN.items() if "/".join(path.parts[-3:-1]).startswith(start))
        split, _, name = raw.rpartition(":")
        with subtests.test(log="/".join(path.parts[-3:-1])):
            run = reading.read(path)
            one = next(one for one in run.series if one.raw == name and one.key.startswith(split))
            got = (one.value / one.scale).tolist()
            assert run.records == expected.records
            # An evaluation that lost its metric after NaN may stand as NaN; what was written must be there.
            written = [value for value in got if not isnan(value)]
            wanted = [value for value in expected.values if not isnan(value)]
            assert len(written) == len(wanted)
            assert not wanted or isclose(written[0], wanted[0], rel_tol=1e-12)
            assert not wanted or isclose(written[-1], wanted[-1], rel_tol=1e-12)
            assert len(got) >= len(expected.values)
            assert not isnan(expected.values[-1]) or isnan(got[-1])
            epochs = {float(at) for series in run.series for at in series.epoch if not isnan(at)}
            assert len(epochs) == expected.epochs or not expected.epochs
            if expected.starts > 1:
                assert any(f" {expected.starts} times" in note.en for note in run.notes)
    assert seen > 55


def test_the_starts_of_a_log_that_was_appended_are_told_apart(shared):
    path = shared / "logs" / "text" / "stgcn-kinetics-bybye" / "log.txt"
    starts = len(re.findall(r"Training epoch: 0\b", path.read_text(encoding="utf-8", errors="replace")))
    run = reading.read(path)
    assert any(f" {starts} times" in note.en for note in run.notes)
