"""`metrics.jsonl`: one JSON object a line, flushed line by line, with canonical names and units.

First a line of kind `start`; then `train`, `val` and `event` lines with step, epoch, time and values. Shares are in per cent.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from defib.action.errors import reason
from defib.action.errors.training import WorkDirUnwritable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT = 1
NAME = "metrics.jsonl"


class Log:
    """Appends to the log of a work directory; the processes beside the first write nothing."""

    def __init__(self, folder: Path, *, writes: bool) -> None:
        """folder: the work directory, which exists."""
        self.path = folder / NAME
        self._writes = writes

    def start(
        self, *, config: Path, work_dir: str, processes: int, classes: int, resumed: tuple[int, float] | None
    ) -> None:
        """A process begins, from nothing or from a step and an epoch."""
        line: dict[str, Any] = {
            "kind": "start",
            "format": FORMAT,
            "time": time.time(),
            "cwd": os.getcwd(),  # noqa: PTH109 (as a string)
            "work_dir": work_dir,
            "config": str(config),
            "python": sys.executable,
            "gpus": processes,
            "distributed": processes > 1,
            "classes": classes,
        }
        if resumed is not None:
            line["resumed"] = {"step": resumed[0], "epoch": resumed[1]}
        self._add(line)

    def values(self, kind: str, step: int, epoch: float, values: Mapping[str, float]) -> None:
        """Numbers of a moment.

        kind: `train` or `val`; step: optimizer steps done; epoch: done, with its fraction.
        """
        self._add(
            {
                "kind": kind,
                "step": step,
                "epoch": round(epoch, 6),
                "time": time.time(),
                "values": {name: _number(value) for name, value in values.items()},
            }
        )

    def event(self, event: str, step: int, epoch: float, text: str) -> None:
        """Something that is said in words: `loaded`, `saved`, `best`, `not-matched`, `skipped`, ..."""
        moment = {"step": step, "epoch": round(epoch, 6), "time": time.time()}
        self._add({"kind": "event", "event": event, **moment, "text": text})

    def _add(self, line: dict[str, Any]) -> None:
        """Raises WorkDirUnwritable."""
        if not self._writes:
            return
        text = json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n"
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise WorkDirUnwritable(path=self.path, reason=reason(error)) from None


def _number(value: float) -> float | str | None:
    """A number as JSON holds it; what JSON does not have goes by its name, as in defib's own records.

    >>> _number(0.123456789), _number(float("nan")), _number(float("-inf"))
    (0.1234568, None, '-inf')
    """
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(f"{value:.7g}")
