"""Which held-out scores are those of one stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
