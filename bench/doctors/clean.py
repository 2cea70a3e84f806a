"""A log as a doctor would like it best: one row a step, in the columns that its documentation names.

The rows come from defib's own reading, so that a doctor is judged by its rules and not by its readers. Cells without a
value are empty. Scores are fractions.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from defib import reading

if TYPE_CHECKING:
    from pathlib import Path

    from defib.records import Run, Series


class Form(NamedTuple):
    """The columns that a doctor documents, and how a file of them is written."""

    file: str
    columns: dict[str, str]
    """Our name -> its name; `step` is the first."""


WITH_EVAL = {
    "step": "step",
    "train_loss": "loss",
    "val_loss": "eval_loss",
    "lr": "lr",
    "grad_norm": "grad_norm",
    "train_acc": "train_accuracy",
    "val_acc": "eval_accuracy",
}
WITH_VAL = {
    "step": "step",
    "train_loss": "train_loss",
    "val_loss": "val_loss",
    "lr": "lr",
    "grad_norm": "grad_norm",
    "train_acc": "train_acc",
    "val_acc": "val_acc",
}


def written(log: Path, form: Form, folder: Path) -> Path:
    """Write the clean form of a log into a folder. Raises DefibError when defib cannot read the log."""
    rows = rows_of(reading.read(log))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / form.file
    path.write_text(_jsonl(rows, form) if path.suffix == ".jsonl" else _csv(rows, form), encoding="utf-8")
    return path


def rows_of(run: Run) -> list[dict[str, float]]:
    """The rows of a run, by step where steps only go forward, else by record; rows of one step are one row."""
    found = _series(run)
    steps = _clock(list(found.values()))
    rows: dict[float, dict[str, float]] = {}
    for name, series in found.items():
        for record, value in zip(series.record, series.value, strict=True):
            step = steps[int(record)]
            rows.setdefault(step, {"step": step})[name] = float(value)
    return [rows[step] for step in sorted(rows)]


def _series(run: Run) -> dict[str, Series]:
    """The series that have a column; the branches of the score get one of their own."""
    found: dict[str, Series] = {}
    held_out = [f"{split}/loss" for split in ("val", "test")]
    for name, metrics in (
        ("train_loss", ["train/loss"]),
        ("val_loss", held_out),
        ("lr", ["train/lr"]),
        ("grad_norm", ["train/grad_norm"]),
        ("train_acc", ["train/top1"]),
    ):
        there = [one for metric in metrics for one in run.branches(metric)]
        whole = [one for one in there if one.branch in (None, "mean", "total")]
        if there:
            found[name] = (whole or there)[0]
    deciding = run.get(run.deciding)
    if deciding is not None and deciding.better == "higher":
        found["val_acc"] = _fraction(deciding)
        for one in run.branches(deciding.metric)[1:]:
            found[f"val_acc_{one.branch}"] = _fraction(one)
    if "train_acc" in found:
        found["train_acc"] = _fraction(found["train_acc"])
    return found


def _fraction(series: Series) -> Series:
    return msgspec.structs.replace(series, value=series.value / 100.0) if series.unit == "%" else series


def _clock(found: list[Series]) -> dict[int, float]:
    """The step of each record: as logged where that only goes forward, else the epoch, else the record itself."""
    records = sorted({int(record) for one in found for record in one.record})
    for column in ("step", "epoch"):
        at = {
            int(record): float(moment)
            for one in found
            for record, moment in zip(one.record, getattr(one, column), strict=True)
        }
        moments = np.array([at[record] for record in records])
        if len(moments) and np.isfinite(moments).all() and (np.diff(moments) >= 0).all() and len(set(moments)) > 1:
            return at
    return {record: float(record) for record in records}


def _names(rows: list[dict[str, float]], form: Form) -> dict[str, str]:
    there = {name for row in rows for name in row}
    names = {ours: theirs for ours, theirs in form.columns.items() if ours in there}
    branch = form.columns["val_acc"]
    return names | {name: name.replace("val_acc", branch, 1) for name in sorted(there) if name.startswith("val_acc_")}


def _csv(rows: list[dict[str, float]], form: Form) -> str:
    names, text = _names(rows, form), io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(names.values())
    table.writerows([_plain(row[name]) if name in row else "" for name in names] for row in rows)
    return text.getvalue()


def _jsonl(rows: list[dict[str, float]], form: Form) -> str:
    names = _names(rows, form)
    return "".join(json.dumps({names[name]: _plain(row[name]) for name in names if name in row}) + "\n" for row in rows)


def _plain(value: float) -> float | int:
    return int(value) if value.is_integer() and abs(value) < 1e15 else value  # noqa: PLR2004 (no digit is lost)
