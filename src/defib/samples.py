"""Made-up runs for tests, examples and documentation: small, exact, and called made up wherever they are shown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from defib import metrics, settings
from defib.records import Config, Run, Series, columns

if TYPE_CHECKING:
    from collections.abc import Sequence

STEPS_PER_EPOCH = 30


def run_of(
    curves: dict[str, Sequence[float | None]],
    *,
    epochs: Sequence[float] | None = None,
    config: dict[str, Any] | None = None,
    dialect: str = "mmengine",
    **fields: Any,  # noqa: ANN401 (fields of Run)
) -> Run:
    """A run from curves with one value an epoch; None where nothing was logged.

    curves: canonical key -> values. The rows of one epoch are train first, then validation, as in a real log.
    epochs: the epoch of each value; 1, 2, 3, ... by default.
    config: a config tree, from which the settings are read: mmengine's, or with `dialect` another one's.

    >>> run_of({"val/top1": [10.0, 20.0]}).get("val/top1").value.tolist()
    [10.0, 20.0]
    """
    length = max(len(values) for values in curves.values())
    moments = list(epochs) if epochs is not None else [float(number + 1) for number in range(length)]
    rows: dict[str, list[tuple[float, ...]]] = {key: [] for key in curves}
    record = 0
    for index, epoch in enumerate(moments):
        for split in ("train", "val", "test"):
            logged = False
            for key, values in curves.items():
                if not key.startswith(split) or index >= len(values):
                    continue
                value = values[index]
                if value is not None:
                    rows[key].append((epoch * STEPS_PER_EPOCH, epoch, value, record, record + 1, 0))
                    logged = True
            record += logged
    series = tuple(_series(key, points) for key, points in rows.items() if points)
    parsed = None if config is None else config_of(config, dialect)
    given: dict[str, Any] = {
        "framework": "made up",
        "path": "made-up",
        "files": ("made-up.jsonl",),
        "records": record,
        "series": series,
        "deciding": metrics.deciding([one.key for one in series]),
        "config": parsed,
        "settings": {} if parsed is None else settings.read(parsed),
    }
    return Run(**{**given, **fields})


def config_of(tree: dict[str, Any], dialect: str = "mmengine") -> Config:
    """A parsed config with this tree; one that is not mmengine's is called after its dialect."""
    suffix = "py" if dialect == "mmengine" else dialect
    return Config(path=f"made-up.{suffix}", sha256="0" * 64, dialect=dialect, tree=tree)


def healthy(epochs: int = 20, top: float = 80.0, noise: float = 0.6, seed: int = 0) -> Run:
    """A run in which nothing is wrong: two branches and their fusion rise and level off, with some noise."""
    return run_of(
        {
            "train/loss": [
                2.0 * math.exp(-epoch / 6) + 0.3 + 0.02 * wobble(seed + 9, epoch) for epoch in range(epochs)
            ],
            "train/lr": [0.01 * (1 + math.cos(math.pi * epoch / epochs)) / 2 for epoch in range(epochs)],
            "train/grad_norm": [4.0 + 0.5 * wobble(seed + 5, epoch) for epoch in range(epochs)],
            "val/top1/fused": [rising(epoch, top) + noise * wobble(seed, epoch) for epoch in range(epochs)],
            "val/top1/rgb": [rising(epoch, top - 4) + noise * wobble(seed + 1, epoch) for epoch in range(epochs)],
            "val/top1/pose": [rising(epoch, top - 9) + noise * wobble(seed + 2, epoch) for epoch in range(epochs)],
        },
        classes=12,
    )


def rising(epoch: float, top: float, pace: float = 4.0) -> float:
    """A learning curve in per cent, from a fifth of `top` towards `top`."""
    return top * (1 - 0.8 * math.exp(-epoch / pace))


def wobble(seed: int, index: int) -> float:
    """A number in [-1, 1] that looks random and is always the same; no generator is needed."""
    return math.sin(12.9898 * (index + 1) + 78.233 * (seed + 1)) * 43758.5453 % 2 - 1


def _series(key: str, points: list[tuple[float, ...]]) -> Series:
    meaning = metrics.recognise(key)
    if meaning is None:
        message = f"{key!r} is no canonical key"
        raise ValueError(message)
    return Series(
        key=key,
        metric=meaning.metric,
        branch=meaning.branch,
        raw=key,
        unit=meaning.measure.unit,
        better=meaning.measure.better,
        **columns(points),
    )
