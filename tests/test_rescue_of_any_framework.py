"""A made-up collapse in a framework's own log, with its own config: the new config differs by the edits only."""

import json
import math
import subprocess
import sys

import pytest

ULTRALYTICS = """\
# made up
model: yolov8n.pt
epochs: 100
batch: 16  # over all GPUs
resume: false
name: train
optimizer: SGD
lr0: 0.3
warmup_epochs: 3.0
"""
TIMM = """\
model: resnet50
opt: sgd
sched: cosine
lr: 2.0  # far too high
epochs: 300
warmup_epochs: 5
batch_size: 128
initial_checkpoint: ''
resume: ''
experiment: a
"""
GENERIC = """\
# made up
optimizer:
  _target_: torch.optim.SGD
  lr: 0.3   # peak
max_epochs: 80
output_dir: out
"""


def curve():
    for epoch in range(1, 31):
        well = epoch < 12
        yield epoch, 0.6 * (1 - math.exp(-epoch / 4)) if well else 0.02, math.exp(-epoch / 8) + 0.5 if well else 4.0


def ultralytics(folder):
    rows = [f"{epoch},{loss:.4f},{score:.5f},{score:.5f},{loss:.4f},0.3" for epoch, score, loss in curve()]
    head = "epoch,train/box_loss,metrics/mAP50(B),metrics/mAP50-95(B),val/box_loss,lr/pg0"
    (folder / "results.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def timm(folder):
    rows = [f"{epoch},{loss:.4f},{loss:.4f},{100 * score:.3f},{100 * score:.3f},2.0" for epoch, score, loss in curve()]
    head = "epoch,train_loss,eval_loss,eval_top1,eval_top5,lr"
    (folder / "summary.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def table(folder):
    rows = [f"| {epoch} | {100 * score:.2f} | {loss:.3f} |" for epoch, score, loss in curve()]
    text = "\n".join(["| Epoch | top1 | loss |", "|---|---|---|", *rows])
    (folder / "history.md").write_text(f"{text}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("log", "name", "text", "expected"),
    [
        (ultralytics, "args.yaml", ULTRALYTICS, {"epochs: 50", "name: train_rescue", "warmup_epochs: 0.0"}),
        (
            timm,
            "args.yaml",
            TIMM,
            {"lr: 1.0  # far too high", "epochs: 150", "experiment: a_rescue", "warmup_epochs: 0"},
        ),
        (table, "mine.yaml", GENERIC, {"max_epochs: 40", "output_dir: out_rescue"}),
    ],
)
def test_the_new_config_is_the_old_one_with_the_edits_and_nothing_else(tmp_path, log, name, text, expected):
    run, out = tmp_path / "run", tmp_path / "out"
    run.mkdir()
    log(run)
    (run / name).write_text(text, encoding="utf-8")
    config = ["--config", str(run / name)] if log is table else []  # the others are found beside the log
    command = [
        sys.executable,
        "-m",
        "defib",
        "rescue",
        str(run),
        "--profile",
        "conservative",
        "--out",
        str(out),
        *config,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    (new,) = out.glob("*.yaml")
    lines = [line for line in new.read_text(encoding="utf-8").splitlines() if not line.startswith("# Written by defib")]
    changed = {mine for old, mine in zip(text.splitlines(), lines, strict=True) if old != mine}
    assert changed == expected, done.stdout
    (saved,) = out.glob("*.plan.json")
    plan = json.loads(saved.read_text(encoding="utf-8"))["plan"]
    assert {edit["key"] for edit in plan["edits"]} >= {"max_epochs", "work_dir"}
