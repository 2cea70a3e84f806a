"""A rescue of a training of two processes: torchrun starts them, one of them logs, and both are ended together."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from defib import pipeline
from defib.supervision import Bedside, Orders

pytest.importorskip("torch")

PROGRAM = """
import argparse, json, os, pathlib, time
import torch
import torch.distributed as dist
asked = argparse.ArgumentParser()
asked.add_argument("--config"); asked.add_argument("--work-dir")
given = asked.parse_args()
dist.init_process_group("gloo")
rate = next(float(line.split(":")[1]) for line in open(given.config) if line.strip().startswith("lr:"))
hopeless = pathlib.Path("mode").read_text() == "hopeless"
folder = pathlib.Path(given.work_dir)
folder.mkdir(parents=True, exist_ok=True)
(folder / f"rank{dist.get_rank()}.pid").write_text(str(os.getpid()))
for epoch in range(1, 9):
    score = torch.tensor(2.0 if hopeless and epoch > 2 else 60.0 + epoch * 0.1)
    dist.all_reduce(score)
    if dist.get_rank() == 0:
        row = dict(epoch=epoch, lr=rate, train_loss=4.0 if hopeless and epoch > 2 else 1.0 / epoch, val_acc=score.item() / 200)
        with open(folder / "log.jsonl", "a") as log:
            print(json.dumps(row), file=log)
    time.sleep(2.0 if hopeless and epoch > 4 else 0.1)
dist.destroy_process_group()
"""
CURVE = (12, 31, 44, 52, 57, 59, 60, 60.5, 2, 2)


def rescued(tmp_path, monkeypatch, mode):
    run = tmp_path / "runs" / "a"
    run.mkdir(parents=True)
    rows = [
        {"epoch": epoch, "lr": 2.0, "train_loss": 1.0 / epoch if score > 5 else 5.0, "val_acc": score / 100}
        for epoch, score in enumerate(CURVE, 1)
    ]
    (run / "log.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    (run / "config.yaml").write_text("optim:\n  type: sgd\n  lr: 2.0\nload_from: null\nwork_dir: runs/a\n")
    (tmp_path / "train.py").write_text(PROGRAM)
    (tmp_path / "mode").write_text(mode)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    asked = pipeline.Asked(config=run / "config.yaml")
    case = pipeline.write(pipeline.rescue(pipeline.diagnose(pipeline.open_run(run, asked))))
    line = "torchrun --standalone --nproc_per_node=2 train.py --config {config} --work-dir {work_dir}"
    told = []
    nurse = Bedside(case, Orders(template=line, python=sys.executable, pause=0.1, attempts=1), told.append)
    return nurse.run(), told


def ranks():
    return [int(Path(f"runs/a_rescue/rank{rank}.pid").read_text()) for rank in (0, 1)]


def gone(pid):
    deadline = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_two_processes_recover_and_the_story_is_told_once(tmp_path, monkeypatch):
    outcome, told = rescued(tmp_path, monkeypatch, "well")
    assert outcome == "recovered", [one.says.en for one in told]
    start = next(one for one in told if one.kind == "start")
    assert start.command[:3] == (sys.executable, "-m", "torch.distributed.run")
    assert [one.kind for one in told].count("start") == 1
    assert os.getpid() not in ranks()


def test_a_relapse_ends_every_process_of_it(tmp_path, monkeypatch):
    outcome, told = rescued(tmp_path, monkeypatch, "hopeless")
    assert outcome == "relapsed", [one.says.en for one in told]
    assert all(gone(pid) for pid in ranks())
