"""A made-up log of any length, as mmengine writes one for RGB + pose action recognition.

Every number comes from a seeded generator; nothing was trained. The run is healthy: the loss falls and levels off, the
accuracies rise. An epoch is `EPOCH` records, the last of which is its evaluation.
"""

from __future__ import annotations

import json
import math
import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EPOCH = 1000
"""Records of an epoch: 999 of training and one evaluation."""
INTERVAL = 10
"""Iterations from one training record to the next, mmengine's default."""

Row = dict[str, Any]


def rows(records: int, seed: int) -> Iterator[Row]:
    """The records as mmengine's JSON holds them; the `step` of an evaluation is the epoch.

    >>> found = list(rows(1000, seed=1))
    >>> len(found), sum("lr" in row for row in found), found[-1]["step"]
    (1000, 999, 1)
    """
    chance = random.Random(seed)  # noqa: S311 (made-up numbers, no secrets)
    step = 0
    for record in range(records):
        epoch, at = record // EPOCH + 1, record % EPOCH + 1
        share = record / max(records, 1)
        if at == EPOCH:
            yield _evaluation(chance, epoch, share)
            continue
        step += INTERVAL
        rgb, pose = (0.3 + (level - 0.3) * math.exp(-6 * share) + 0.2 * chance.random() for level in (4.2, 4.6))
        yield {
            "lr": 0.01 * (1 + math.cos(math.pi * share)) / 2,
            "data_time": 0.02 + 0.03 * chance.random(),
            "grad_norm": 4.0 + 12.0 * chance.random(),
            "loss": rgb + pose,
            "rgb_loss_cls": rgb,
            "pose_loss_cls": pose,
            "time": 0.4 + 0.1 * chance.random(),
            "epoch": epoch,
            "iter": INTERVAL * at,
            "memory": 21234,
            "step": step,
        }


def _evaluation(chance: random.Random, epoch: int, share: float) -> Row:
    score = 0.85 * (1 - 0.8 * math.exp(-5 * share)) + 0.01 * chance.random()
    return {
        "acc/rgb_top1": score - 0.05,
        "acc/rgb_top5": min(score + 0.1, 1.0),
        "acc/pose_top1": score - 0.1,
        "acc/pose_top5": min(score + 0.08, 1.0),
        "acc/RGBPose_1:1_top1": score,
        "data_time": 0.08 + 0.02 * chance.random(),
        "time": 0.3 + 0.05 * chance.random(),
        "step": epoch,
    }


def scalars(path: Path, records: int, seed: int) -> None:
    """Write mmengine's `scalars.json`."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows(records, seed))
