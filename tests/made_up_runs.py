"""A made-up collapse, written down as each framework writes its log and its checkpoints: good until epoch 11, gone at 12."""

from __future__ import annotations

import argparse
import json
import math
import sys
import types

import torch

EPOCHS, BEST, STEPS = 30, 11, 100
"""Epochs that were trained, the last good one, optimizer steps in each."""
KEPT = (5, 11, 20)
"""Epochs whose checkpoints are left."""
WEIGHTS = {"w": torch.ones(2)}


def curve():
    """(epoch, share of right answers, loss)."""
    for epoch in range(1, EPOCHS + 1):
        well = epoch <= BEST
        yield epoch, 0.6 * (1 - math.exp(-epoch / 4)) if well else 0.02, math.exp(-epoch / 8) + 0.5 if well else 4.0


def lines(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n", encoding="utf-8"
    )


def saved(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(content, path)


def safetensors(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"\0" * 4)


def huggingface(folder):
    history = []
    for epoch, score, loss in curve():
        moment = {"epoch": float(epoch), "step": epoch * STEPS}
        history.append({**moment, "loss": loss, "learning_rate": 0.05, "grad_norm": 1.0})
        history.append({**moment, "eval_loss": loss, "eval_accuracy": score, "eval_runtime": 1.0})
    for epoch in KEPT:
        made = folder / f"checkpoint-{epoch * STEPS}"
        safetensors(made / "model.safetensors")
        (made / "optimizer.pt").write_bytes(b"not looked at")
        until = [row for row in history if row["epoch"] <= epoch]
        state = {"epoch": float(epoch), "global_step": epoch * STEPS, "log_history": until}
        lines(made / "trainer_state.json", [json.dumps(state, indent=2)])
    state = {"epoch": float(EPOCHS), "global_step": EPOCHS * STEPS, "log_history": history}
    lines(folder / "trainer_state.json", [json.dumps(state, indent=2)])


def lightning(folder):
    rows = ["epoch,step,train_loss,val_acc,val_loss,lr-SGD"]
    for epoch, score, loss in curve():
        step = epoch * STEPS - 1
        rows += [f",{step},,,,2.0", f"{epoch - 1},{step},{loss:.4f},,,", f"{epoch - 1},{step},,{score:.5f},{loss:.4f},"]
    lines(folder / "metrics.csv", rows)
    for epoch in KEPT:
        progress = {"fit_loop": {"epoch_progress": {"current": {"ready": epoch}}}}
        made = {
            "epoch": epoch - 1,
            "global_step": epoch * STEPS,
            "pytorch-lightning_version": "2.4.0",
            "loops": progress,
        }
        name = f"epoch={epoch - 1}-step={epoch * STEPS}.ckpt"
        saved(folder / "checkpoints" / name, {**made, "state_dict": WEIGHTS, "optimizer_states": []})


def detectron2(folder):
    rows = []
    for epoch, score, loss in curve():
        last = epoch * 1000 - 1
        row = {"total_loss": loss, "lr": 0.2, "time": 0.3, "data_time": 0.01, "eta_seconds": 9.0}
        rows += [{"iteration": last - 20 * back, **row} for back in range(9, 0, -1)]
        rows.append({"iteration": last, **row, "bbox/AP": 100 * score, "bbox/AP50": 100 * score, "bbox/AP-cat": 1.0})
    lines(folder / "metrics.json", rows)
    for epoch in KEPT:
        last = epoch * 1000 - 1
        saved(folder / f"model_{last:07}.pth", {"model": WEIGHTS, "optimizer": {}, "scheduler": {}, "iteration": last})


def pyslowfast(folder):
    rows = []
    for epoch, score, loss in curve():
        row = {"epoch": f"{epoch}/196", "top1_err": 100 - 100 * score, "RAM": "9/99G"}
        for kind, more in (("train_epoch", {"loss": loss, "lr": 2.0}), ("val_epoch", {"min_top1_err": 1.0})):
            rows.append(
                f"[11/26 10:00:00][INFO] logging.py:  99: json_stats: {json.dumps({'_type': kind, **row, **more})}"
            )
    lines(folder / "stdout.log", rows)
    for epoch in KEPT:
        made = {"epoch": epoch - 1, "model_state": WEIGHTS, "optimizer_state": {}, "cfg": "SOLVER: {}"}
        saved(folder / "checkpoints" / f"checkpoint_epoch_{epoch:05}.pyth", made)


def mmcv(folder):
    rows = [{"env_info": "sys.platform: made up", "seed": 3, "exp_name": "mmcv.py"}]
    for epoch, score, loss in curve():
        train = {"mode": "train", "epoch": epoch, "lr": 2.0, "memory": 9, "loss": loss, "grad_norm": 3.0, "time": 0.5}
        rows += [{**train, "iter": 50}, {**train, "iter": STEPS}]
        rows.append({"mode": "val", "epoch": epoch, "iter": 9, "lr": 2.0, "top1_acc": score, "top5_acc": score})
    lines(folder / "20261126_100000.log.json", rows)
    for epoch in KEPT:
        meta = {"epoch": epoch, "iter": epoch * STEPS, "mmcv_version": "1.3.18"}
        saved(folder / f"epoch_{epoch}.pth", {"meta": meta, "state_dict": WEIGHTS, "optimizer": {}})


def trainer(folder):
    rows = [{"kind": "start", "format": 1, "time": 1e9, "gpus": 2, "distributed": True, "config": "recipe.yaml"}]
    for epoch, score, loss in curve():
        row = {"step": epoch * STEPS, "epoch": float(epoch), "time": 1e9 + 60 * epoch}
        rows.append({"kind": "train", **row, "values": {"train/loss": loss, "train/lr": 2.0, "train/grad_norm": 3.0}})
        rows.append({"kind": "val", **row, "values": {"val/top1/fused": 100 * score, "val/loss": loss}})
        if epoch <= BEST:
            rows.append({"kind": "event", **row, "event": "best", "text": f"val/top1/fused {100 * score:.4f}"})
    lines(folder / "metrics.jsonl", rows)
    for name in ("best", "last"):
        safetensors(folder / name / "weights.safetensors")
        (folder / name / "state.pt").write_bytes(b"not looked at")


def ultralytics(folder):
    rows = ["epoch,time,train/box_loss,metrics/mAP50(B),metrics/mAP50-95(B),val/box_loss,lr/pg0,lr/pg1"]
    rows += [
        f"{epoch},{epoch * 9},{loss:.4f},{score:.5f},{score * 0.7:.5f},{loss:.4f},2.0,2.0"
        for epoch, score, loss in curve()
    ]
    lines(folder / "results.csv", rows)
    module = types.ModuleType("made_up_tasks")
    module.Detector = type("Detector", (torch.nn.Linear,), {"__module__": "made_up_tasks"})
    sys.modules["made_up_tasks"] = module
    score = {epoch: score for epoch, score, _ in curve()}
    for name, epoch in (("best", BEST), ("last", EPOCHS)):  # as they are when the run is over: the epoch is taken out
        found = {"metrics/mAP50(B)": score[epoch], "metrics/mAP50-95(B)": score[epoch] * 0.7, "fitness": 0.1}
        made = {"epoch": -1, "best_fitness": None, "ema": None, "optimizer": None, "model": module.Detector(2, 2)}
        saved(folder / "weights" / f"{name}.pt", {**made, "train_args": {"lr0": 2.0}, "train_metrics": found})
    del sys.modules["made_up_tasks"]


def timm(folder):
    rows = ["epoch,train_loss,eval_loss,eval_top1,eval_top5,lr"]
    rows += [f"{epoch - 1},{loss},{loss},{100 * score},{100 * score},2.0" for epoch, score, loss in curve()]
    lines(folder / "summary.csv", rows)
    names = {"model_best": BEST, "last": EPOCHS, **{f"checkpoint-{epoch - 1}": epoch for epoch in KEPT}}
    for name, epoch in names.items():
        made = {"epoch": epoch - 1, "arch": "resnet50", "version": 2, "args": argparse.Namespace(lr=2.0), "metric": 1.0}
        saved(folder / f"{name}.pth.tar", {**made, "state_dict": WEIGHTS, "optimizer": {}})
