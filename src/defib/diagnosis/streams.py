"""Which held-out scores are those of one stream."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from defib.records import Run, Series


def streams(run: Run) -> tuple[Series, ...]:
    """The branches of the held-out top-1 that are one stream: no coarse heads, no weighted fusions, not the decider.

    >>> from defib.samples import run_of
    >>> names = ("fused", "fused_2:1", "rgb", "rgb_coarse", "pose")
    >>> [series.branch for series in streams(run_of({f"val/top1/{name}": [1.0] for name in names}))]
    ['rgb', 'pose']
    """
    return tuple(
        series
        for series in run.branches("val/top1")
        if series.branch and "_" not in series.branch and series.key != run.deciding
    )


def best_scores(run: Run) -> dict[str, float]:
    """The best held-out score of each stream; empty where fewer than two were logged.

    >>> from defib.samples import run_of
    >>> best_scores(run_of({"val/top1/fused": [9.0], "val/top1/rgb": [3.0, 8.0], "val/top1/pose": [5.0, 4.0]}))
    {'rgb': 8.0, 'pose': 5.0}
    """
    found = {
        series.branch: float(np.nanmax(series.value))
        for series in streams(run)
        if series.branch and np.isfinite(series.value).any()
    }
    return found if len(found) > 1 else {}


def named_for(name: str, branch: str) -> bool:
    """Whether a name in a config speaks of a branch: one of its words is the branch's.

    >>> named_for("backbone.rgb_path", "rgb"), named_for("fc_pose", "pose"), named_for("decompose", "pose")
    (True, True, False)
    """
    return branch.lower() in re.split(r"[^a-z0-9]+", name.lower())
