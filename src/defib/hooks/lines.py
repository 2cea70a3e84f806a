"""`metrics.jsonl`, defib's own log: one JSON object a line, flushed line by line, with canonical names and units."""

from __future__ import annotations

import json
import math
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from defib.hooks.tongue import said

if TYPE_CHECKING:
    from typing import Any, Mapping

FORMAT = 1
NAME = "metrics.jsonl"
CANNOT_WRITE = (
    "defib: cannot write {path}: {reason}; training goes on",
    "defib：无法写入 {path}：{reason}；训练继续进行",
)


class Lines:
    """Appends to a log. What cannot be written is told once on standard error: no log is worth a training."""

    def __init__(self, path: str | Path, *, processes: int = 1) -> None:
        """path: of the log, or of the folder in which it is called `metrics.jsonl`."""
        self.path = Path(path)
        if self.path.suffix not in (".jsonl", ".json"):
            self.path /= NAME
        self._lost = False
        start = {"kind": "start", "format": FORMAT, "time": time.time(), "cwd": os.getcwd(), "python": sys.executable}  # noqa: PTH109 (as a string)
        self._add({**start, "gpus": processes, "distributed": processes > 1, "work_dir": str(self.path.parent)})

    def values(self, kind: str, step: int, epoch: float | None, values: Mapping[str, float]) -> None:
        """Numbers of a moment.

        kind: `train` or `val`; step: optimizer steps done; epoch: done, with its fraction, where it is known.
        """
        moment = {"kind": kind, "step": step, "epoch": epoch, "time": time.time()}
        self._add({**moment, "values": {name: _number(value) for name, value in values.items()}})

    def event(self, event: str, step: int, epoch: float | None, text: str) -> None:
        """Something that is said in words."""
        self._add({"kind": "event", "event": event, "step": step, "epoch": epoch, "time": time.time(), "text": text})

    def _add(self, line: dict[str, Any]) -> None:
        kept = {name: value for name, value in line.items() if value is not None}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(kept, ensure_ascii=False, allow_nan=False) + "\n")
        except OSError as error:
            self.lose(error)

    def lose(self, error: OSError) -> None:
        """Say, once, that something could not be written."""
        if not self._lost:
            path = error.filename or self.path
            sys.stderr.write(said(*CANNOT_WRITE, path=path, reason=error.strerror or error) + "\n")
        self._lost = True


def _number(value: float) -> float | str | None:
    """A number as JSON holds it; what JSON does not have goes by its name.

    >>> _number(0.123456789), _number(float("nan")), _number(float("-inf"))
    (0.1234568, None, '-inf')
    """
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(f"{value:.7g}")
