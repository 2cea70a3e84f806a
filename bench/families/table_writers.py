"""Made-up runs in the formats that are tables or text: Lightning, Keras, YOLO, a plain CSV, mmengine's console log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bench.families.log import Log, Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.8g}"


def _csv(names: Sequence[str], rows: Iterable[dict[str, float]]) -> str:
    lines = [",".join(names)]
    lines += [",".join(_cell(row.get(name)) for name in names) for row in rows]
    return "\n".join(lines) + "\n"


def _epoch_of(log: Log, name: str, evaluation: int) -> float:
    """A training value over an epoch: the mean of its rows."""
    return float(log.train[name][evaluation * log.rows : (evaluation + 1) * log.rows].mean())


def _last_rate(log: Log, evaluation: int) -> float:
    return float(log.train["lr"][(evaluation + 1) * log.rows - 1])


def _lightning(log: Log) -> str:
    """Training, validation and the rate stand in rows of their own."""
    rows: list[dict[str, float]] = []
    names = {"loss": "val_loss", "top1": "val_acc"}
    for evaluation, epoch in enumerate(log.epoch):
        for row in range(log.rows):
            index, step = evaluation * log.rows + row, log.step(evaluation, row) - 1
            rows.append({"lr-AdamW": float(log.train["lr"][index]), "step": step})
            rows.append({"epoch": int(epoch), "step": step, "train_loss": float(log.train["loss"][index])})
        if log.val:
            said = {names[name]: float(column[evaluation]) for name, column in log.val.items() if name in names}
            rows.append({"epoch": int(epoch), "step": log.step(evaluation) - 1, **said})
    held_out = [names[name] for name in log.val if name in names]
    return _csv(["epoch", "lr-AdamW", "step", "train_loss", *held_out], rows)


def _keras(log: Log) -> str:
    rows: list[dict[str, float]] = []
    for evaluation, epoch in enumerate(log.epoch):
        row = {"epoch": float(epoch), "loss": _epoch_of(log, "loss", evaluation)}
        row |= {"accuracy": _epoch_of(log, "top1", evaluation), "learning_rate": _last_rate(log, evaluation)}
        if log.val:
            row |= {f"val_{name}": float(log.val[raw][evaluation]) for raw, name in _HELD_OUT.items()}
        rows.append(row)
    held_out = [f"val_{name}" for name in _HELD_OUT.values()] if log.val else []
    return _csv(["epoch", "accuracy", "learning_rate", "loss", *held_out], rows)


_HELD_OUT = {"top1": "accuracy", "loss": "loss"}
_SHARES = {"box_loss": 0.4, "cls_loss": 0.35, "dfl_loss": 0.25}
_YOLO = ("metrics/precision(B)", "metrics/recall(B)", "metrics/mAP50(B)", "metrics/mAP50-95(B)")


def _yolo(log: Log) -> str:
    rows: list[dict[str, float]] = []
    for evaluation, epoch in enumerate(log.epoch):
        loss, score = _epoch_of(log, "loss", evaluation), float(log.val["map"][evaluation])
        row = {"epoch": float(epoch + 1), **{f"train/{name}": share * loss for name, share in _SHARES.items()}}
        half = min(1.0, 1.4 * score)
        row |= dict(zip(_YOLO, (min(1.0, 1.5 * score), 0.9 * half, half, score), strict=True))
        row |= {f"val/{name}": share * float(log.val["loss"][evaluation]) for name, share in _SHARES.items()}
        rate = _last_rate(log, evaluation)
        rows.append({**row, "lr/pg0": rate, "lr/pg1": rate, "lr/pg2": rate})
    train, held_out = [f"train/{name}" for name in _SHARES], [f"val/{name}" for name in _SHARES]
    return _csv(["epoch", *train, *_YOLO, *held_out, "lr/pg0", "lr/pg1", "lr/pg2"], rows)


def _plain(log: Log) -> str:
    rows: list[dict[str, float]] = []
    names = {"loss": "val_loss", "top1": "val_acc"}
    for evaluation, epoch in enumerate(log.epoch):
        row = {"epoch": float(epoch + 1), "train_loss": _epoch_of(log, "loss", evaluation)}
        if "top1" in log.train:
            row["train_acc"] = _epoch_of(log, "top1", evaluation)
        row |= {names[name]: float(column[evaluation]) for name, column in log.val.items() if name in names}
        rows.append({**row, "lr": _last_rate(log, evaluation)})
    accuracy = ["train_acc"] if "top1" in log.train else []
    return _csv(["epoch", "train_loss", *accuracy, *[names[name] for name in log.val if name in names], "lr"], rows)


def _console(log: Log) -> str:
    said = "2026/11/22 09:{minute:02d}:00 - mmengine - INFO - "
    lines: list[str] = []
    for evaluation, epoch in enumerate(log.epoch):
        head = said.format(minute=evaluation % 60)
        for row in range(log.rows):
            now = {name: float(column[evaluation * log.rows + row]) for name, column in log.train.items()}
            place = f"[{epoch + 1}][{log.iteration(row):>4}/{log.iters}]"
            values = [f"lr: {now['lr']:.4e}", "eta: 0:10:00", "time: 0.4100", "data_time: 0.0120", "memory: 7012"]
            values += [f"{name}: {now[raw]:.4f}" for raw, name in _CONSOLE.items() if raw in now]
            lines.append(f"{head}Epoch(train)  {place}  " + "  ".join(values))
        if log.val and np.isfinite(log.val["top1"][evaluation]):
            lines.append(
                f"{head}Epoch(val) [{epoch + 1}][12/12]    acc/top1: {log.val['top1'][evaluation]:.4f}  data_time: 0.0204  time: 0.9038"
            )
    return "\n".join(lines) + "\n"


_CONSOLE = {"grad_norm": "grad_norm", "loss": "loss", "top1": "top1_acc"}

LIGHTNING = Writer(name="lightning", file="metrics.csv", text=_lightning, unit="epoch/step")
KERAS = Writer(name="keras", file="training_log.csv", text=_keras, unit="epoch")
YOLO = Writer(name="yolo", file="results.csv", text=_yolo, unit="epoch", first=1)
PLAIN = Writer(name="plain CSV", file="history.csv", text=_plain, unit="epoch", first=1)
CONSOLE = Writer(name="mmengine text", file="20261122_090000.log", text=_console, unit="epoch+iter", first=1)
