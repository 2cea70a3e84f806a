"""Which series are single branches beside the one that decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.metrics import FUSED

if TYPE_CHECKING:
    from defib.records import Run, Series


def own_branches(run: Run) -> tuple[Series, ...]:
    """The branches of the deciding metric that are streams or heads of their own: no fusions, not the decider.

    >>> from defib.samples import run_of
    >>> run = run_of({"val/top1/fused": [1.0], "val/top1/fused_2:1": [1.0], "val/top1/rgb": [1.0]})
    >>> [series.branch for series in own_branches(run)]
    ['rgb']
    """
    deciding = run.get(run.deciding)
    if deciding is None or deciding.better != "higher":
        return ()
    return tuple(
        series
        for series in run.branches(deciding.metric)
        if series.key != deciding.key and series.branch is not None and not series.branch.startswith(FUSED)
    )


def fine_branches(run: Run) -> tuple[Series, ...]:
    """The branches that solve the same task as the decider: own branches without the coarse heads."""
    return tuple(series for series in own_branches(run) if not (series.branch or "").endswith("_coarse"))
