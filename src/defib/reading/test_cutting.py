"""A log may be cut off anywhere, and may hold anything: a shorter run comes out of it, or a refusal."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

import defib
from defib import catalogue
from defib.errors import DefibError
from defib.reading import formats, read
from defib.reading.format import Format
from defib.reading.source import Source

DEMO = Path(defib.__file__).parent / "demo" / "runs" / "mmaction2-lr-jump" / "20261122_104320"
FORMATS = catalogue.entries(formats, Format)
MANY = settings(max_examples=150, deadline=None, derandomize=True, database=None)

TABLE = "# 训练\n\n| 轮次 | RGBPose | **RGB** | 状态 |\n|---|---|---|---|\n" + "".join(
    f"| {epoch} | {40 + epoch}.25% | **{50 + epoch}.5%** | ✅ 好 |\n" for epoch in range(1, 9)
)
CSV = "epoch,val_acc,train_loss\n" + "".join(
    f"{epoch},{30 + epoch}.125,{2 - epoch / 10:.3f}\n" for epoch in range(1, 9)
)
OURS = json.dumps({"kind": "start", "format": 1}) + "\n"
for epoch in range(1, 9):
    for kind, values in (("train", {"train/loss": 1 / epoch}), ("val", {"val/top1/fused": 40.5 + epoch})):
        OURS += json.dumps({"kind": kind, "step": 10 * epoch, "epoch": epoch, "time": 1e9, "values": values}) + "\n"
LOG = (DEMO / f"{DEMO.name}.log").read_text(encoding="utf-8")
SPEEDRUN = "step:0/9 val_loss:10.8310 train_time:0ms\n" + "".join(
    f"step:{at}/9, train_time:241ms, train loss:{152 - at}.52, lr:1.0\n" for at in range(1, 8)
)
TEXT = "config: lr=0.1\n" + "".join(
    f"Epoch: [{epoch}][{at}/200] Loss {6 - epoch - at / 1000} (7.0) Acc@1 {epoch}.50 (1.0)\n"
    + (f"Test: [10/20] Loss 5.0 (4.{epoch}) Acc@1 10.0 (12.{epoch})\n * Acc@1 1{epoch}.0\n" if at else "")
    for epoch in range(4)
    for at in (0, 100)
)
TSV = "step\tval_acc\ttrain_loss\n" + "".join(f"{at}\t0.{at}\t{9 - at}.5\n" for at in range(1, 9))
YOLO = "".join(f"{at}/9 1.8G 0.1 0.1 0.1 0.3 30 640 0.6 0.5 0.6 0.4 0.1 0.1 0.{at}\n" for at in range(8))
TEXTS = {
    "speedrun": SPEEDRUN,
    "text": TEXT,
    "tsv": TSV,
    "yolo": YOLO,
    "scalars": (DEMO / "vis_data" / "scalars.json").read_text(encoding="utf-8"),
    "console": LOG[:3000] + LOG[LOG.index("Epoch(train)") - 50 :],
    "metrics": OURS,
    "markdown": TABLE,
    "csv": CSV,
}


def of(text):
    try:
        return read(None, text=text)
    except DefibError:
        return None


WHOLE = {name: of(text) for name, text in TEXTS.items()}


@pytest.mark.parametrize("name", TEXTS)
@MANY
@given(share=some.floats(0, 1))
def test_a_log_cut_anywhere_is_a_prefix_of_the_whole(name, share):
    data = TEXTS[name].encode()
    run = of(data[: int(share * len(data))].decode("utf-8", "replace"))
    if run is None:
        return
    for series in run.series:
        whole = WHOLE[name].get(series.key)
        assert whole is not None, series.key
        count = len(series)
        assert count <= len(whole)
        for column in ("step", "epoch", "value", "record", "line"):
            mine, all_of_it = getattr(series, column), getattr(whole, column)[:count]
            assert np.array_equal(mine, all_of_it, equal_nan=True), (series.key, column)


@pytest.mark.parametrize("name", TEXTS)
def test_the_whole_is_read_at_all(name):
    assert len(WHOLE[name].series) >= 2


@MANY
@given(some.binary(max_size=2000))
def test_any_bytes_give_a_run_or_a_refusal(data):
    of(data.decode("utf-8", "replace"))


PIECES = some.sampled_from(
    [
        *'{}[]":,|\n\t\r -*%`\\',
        "Epoch(train) [1][2/3]  ",
        "Epoch(val) [1][3/3]    acc/top1: 0.5",
        "Iter(val) [3/3]  acc/top1: nan",
        "2024/01/01 00:00:00 - mmengine - INFO - ",
        "2024/13/99 99:99:99 - mmengine - INFO - ",
        '{"lr": 0.1, "loss": NaN, "epoch": 1, "step": 10}\n',
        '{"acc/top1": 0.5, "step": 1}\n',
        '{"kind": "start", "format": 1}\n',
        '{"kind": "val", "step": 1, "epoch": 2, "values": {"val/top1": 3}}\n',
        '{"kind": "event", "values": {"a": 1e999}}\n',
        '{"step": 1e999, "loss": -Infinity}\n',
        "| Epoch | RGB |\n|---|---|\n",
        "| 1 | 40.0% |\n",
        "epoch,val_acc\n",
        "1,2\n",
        "9" * 400,
        "The best checkpoint with nan acc/top1 at 1 epoch is saved to best.pth.\n",
        "resumed epoch: 5, iter: 100\n",
        "Traceback (most recent call last):\n",
        "Training epoch: 3\n",
        "mean_loss: nan\n",
        "Epoch: [3][ 100/5005] Loss 6.9 (7.0) Acc@1 0.5 (1.0)\n",
        " * Acc@1 71.2\n",
        "epoch 4 train_loss 0.3 val_acc 0.8\n",
        "0/9 1.8G 0.1 0.1 0.1 0.3 30 640 0.6 0.5 0.6 0.4 0.1 0.1 0.1\n",
        "step\tval_acc\n",
        "3/20\t83.2%\n",
        '{"loss": [1.0, 2.0]}',
        '[{"epoch": 1, "acc": NaN},',
        "copypaste: Task: bbox\n",
        "copypaste: AP,AP50\n",
        "copypaste: 1,2\n",
        "\x08",
        "训练集准确率95%",
        "\ud800",
        "\0",
        "\x1b[31m",
        "\u2028",
        "１",
        "²",
        "Ⅷ",
    ]
)


@settings(MANY, max_examples=1500)
@given(some.lists(PIECES, max_size=30))
@example(["epoch,val_acc\n", "²", ",", "2", "\n"])
@example(['{"lr": 0.1, "loss": NaN, "epoch": 1, "step": 10}\n', '{"step": 1e999, "loss": -Infinity}\n'])
def test_pieces_of_logs_in_any_order_give_a_run_or_a_refusal(pieces):
    run = of("".join(pieces))
    assert run is None or all(len(series) for series in run.series)


@MANY
@given(some.lists(PIECES, max_size=30))
def test_recognising_raises_nothing(pieces):
    source = Source("-", text="".join(pieces))
    for form in FORMATS.values():
        assert form.recognises(source) in (True, False)
