"""JSON lines: one sample a line, `{"scores_rgb": [0.1, 0.9], "label": 1, "name": "S001C001"}`; NaN is written as null."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.predictions.table import FUSED
from defib.reading.predictions import problems
from defib.reading.predictions.problems import Unreadable
from defib.reading.predictions.stacking import stacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.predictions import Table
    from defib.reading.predictions.stacking import Row

MOST_BYTES = 4 * 2**20  # of one line: scores of some 200 000 classes. Assumed

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_SCORES = msgspec.json.Decoder(list[float | None])
_LABEL = msgspec.json.Decoder(float | None)
_NAME = msgspec.json.Decoder(str | None)


def read_lines(file: str, data: bytes) -> Table:
    """Read every line that is not blank.

    Raises Unreadable, Unfit.
    """
    return stacked(file, "jsonl", _rows(data))


def _rows(data: bytes) -> Iterator[Row]:
    for line, text in enumerate(io.BytesIO(data), start=1):
        if not text.strip():
            continue
        if len(text) > MOST_BYTES:
            raise Unreadable(problems.NOT_JSON.fill(line=line))
        try:
            fields = _OBJECT.decode(text)
            scores = {_branch(key): _values(raw) for key, raw in fields.items() if _is_scores(key)}
            label = _LABEL.decode(fields["label"]) if "label" in fields else None
            name = _NAME.decode(fields["name"]) if "name" in fields else None
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise Unreadable(problems.NOT_JSON.fill(line=line)) from None
        if not scores:
            raise Unreadable(problems.NOT_JSON.fill(line=line))
        yield scores, label, name


def _values(raw: msgspec.Raw) -> np.ndarray:
    found = _SCORES.decode(raw)
    return np.array([np.nan if one is None else one for one in found], dtype=np.float32)


def _is_scores(key: str) -> bool:
    return key == "scores" or key.startswith("scores_")


def _branch(key: str) -> str:
    return FUSED if key == "scores" else key.removeprefix("scores_")
