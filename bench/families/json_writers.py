"""Made-up runs in the formats that are JSON: mmengine, mmcv, Hugging Face, DeiT, detectron2, and plain JSON lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from bench.families.log import Log, Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCALARS = {
    "top1": "acc/top1",
    "top1.rgb": "acc/rgb_top1",
    "top1.pose": "acc/pose_top1",
    "top1.fused": "acc/RGBPose_1:1_top1",
    "map": "coco/bbox_mAP",
    "miou": "mIoU",
    "fscore": "mFscore",
}
_MMCV = {"top1": "top1_acc", "map": "bbox_mAP"}
_PER_CENT = ("miou", "fscore")


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")


def _at(values: dict[str, np.ndarray], index: int) -> dict[str, float]:
    return {name: _rounded(column[index]) for name, column in values.items()}


def _rows(log: Log) -> Iterator[tuple[int, int, dict[str, float]]]:
    """(evaluation, row, values) of every training row."""
    for evaluation in range(len(log.epoch)):
        for row in range(log.rows):
            yield evaluation, row, _at(log.train, evaluation * log.rows + row)


def _joined(lines: list[dict[str, object]]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def _scalars(log: Log) -> str:
    lines: list[dict[str, object]] = []
    for evaluation, row, now in _rows(log):
        epoch = int(log.epoch[evaluation])
        line: dict[str, object] = {"lr": now["lr"], "data_time": 0.012, "loss": now["loss"]}
        if "grad_norm" in now:
            line["grad_norm"] = now["grad_norm"]
        if "top1" in now:
            line |= {"top1_acc": now["top1"], "loss_cls": now["loss"]}
        line |= {"time": 0.41, "epoch": epoch + 1, "iter": log.step(evaluation, row), "memory": 7012}
        lines.append({**line, "step": log.step(evaluation, row)})
        if row == log.rows - 1 and log.val:
            values = _at(log.val, evaluation)
            said = {
                _SCALARS[name]: 100 * value if name in _PER_CENT else value
                for name, value in values.items()
                if name in _SCALARS and np.isfinite(value)
            }
            lines.append({**said, "data_time": 0.02, "time": 0.2, "step": epoch + 1})
    return _joined(lines)


def _mmcv(log: Log) -> str:
    lines: list[dict[str, object]] = [{"env_info": "made up", "seed": None, "exp_name": "made_up.py"}]
    for evaluation, row, now in _rows(log):
        place = {"epoch": int(log.epoch[evaluation]) + 1, "iter": log.iteration(row), "lr": now["lr"]}
        line = {"mode": "train", **place, "memory": 4801, "data_time": 0.011}
        if "top1" in now:
            line["top1_acc"] = now["top1"]
        lines.append({**line, "loss": now["loss"], "grad_norm": now.get("grad_norm", 1.0), "time": 0.35})
        if row == log.rows - 1 and log.val:
            # A detector whose weights are NaN finds nothing, and the row then carries no metric at all.
            values = {_MMCV[name]: value for name, value in _at(log.val, evaluation).items() if name in _MMCV}
            there = {name: value for name, value in values.items() if np.isfinite(value)}
            lines.append({"mode": "val", **place, **there})
    return _joined(lines)


def _trainer_state(log: Log) -> str:
    history: list[dict[str, object]] = []
    for evaluation, row, now in _rows(log):
        step = log.step(evaluation, row)
        finite = np.isfinite(now["loss"])
        # `logging_nan_inf_filter`, which is on unless somebody turns it off, writes 0.0 for a loss that is not finite.
        history.append(
            {
                "epoch": round(step / log.iters, 4),
                "grad_norm": now["grad_norm"] if finite else float("nan"),
                "learning_rate": now["lr"],
                "loss": round(now["loss"], 4) if finite else 0.0,
                "step": step,
            }
        )
        if row == log.rows - 1 and log.val:
            values = _at(log.val, evaluation)
            entry = {"epoch": round(step / log.iters, 4), "eval_accuracy": values["top1"], "eval_loss": values["loss"]}
            history.append({**entry, "eval_runtime": 11.2, "eval_samples_per_second": 88.0, "step": step})
    state = {"best_metric": None, "epoch": history[-1]["epoch"], "global_step": history[-1]["step"]}
    return json.dumps({**state, "is_world_process_zero": True, "log_history": history}, indent=1) + "\n"


def _log_txt(log: Log) -> str:
    lines: list[dict[str, object]] = []
    for evaluation, epoch in enumerate(log.epoch):
        rows = slice(evaluation * log.rows, (evaluation + 1) * log.rows)
        line: dict[str, object] = {"train_lr": _rounded(log.train["lr"][rows][-1])}
        line["train_loss"] = _rounded(log.train["loss"][rows].mean())
        if log.val:
            values = _at(log.val, evaluation)
            line |= {"test_loss": values["loss"], "test_acc1": _rounded(100 * values["top1"])}
        lines.append({**line, "epoch": int(epoch), "n_parameters": 22050664})
    return _joined(lines)


def _detectron2(log: Log) -> str:
    lines: list[dict[str, object]] = []
    for evaluation, row, now in _rows(log):
        # The evaluation that follows an epoch stands in the row of the iteration at which it was made.
        line: dict[str, object] = {"data_time": 0.004, "eta_seconds": 900.0}
        if row == log.rows - 1 and log.val and np.isfinite(log.val["map"][evaluation]):
            line |= {"bbox/AP": _rounded(100 * log.val["map"][evaluation])}
        line |= {"iteration": log.step(evaluation, row) - 1, "lr": now["lr"], "time": 0.31, "total_loss": now["loss"]}
        lines.append(line)
    return _joined(lines)


def _json_lines(log: Log) -> str:
    lines: list[dict[str, object]] = []
    for evaluation, row, now in _rows(log):
        line: dict[str, object] = {"step": log.step(evaluation, row), "train_loss": now["loss"], "lr": now["lr"]}
        if "top1" in now:
            line["train_acc"] = now["top1"]
        if row == log.rows - 1 and log.val:
            values = _at(log.val, evaluation)
            line |= {"test_loss": values["loss"], "test_acc": values["top1"]}
        lines.append(line)
    return _joined(lines)


SCALARS = Writer(name="mmengine", file="vis_data/scalars.json", text=_scalars, unit="epoch/step", first=1)
MMCV = Writer(name="mmcv", file="20261122_090000.log.json", text=_mmcv, unit="epoch+iter", first=1)
TRAINER_STATE = Writer(name="huggingface", file="trainer_state.json", text=_trainer_state, unit="step")
LOG_TXT = Writer(name="deit", file="log.txt", text=_log_txt, unit="epoch")
DETECTRON2 = Writer(name="detectron2", file="metrics.json", text=_detectron2, unit="step", first=-1)
JSON_LINES = Writer(name="json lines", file="metrics.jsonl", text=_json_lines, unit="step")
