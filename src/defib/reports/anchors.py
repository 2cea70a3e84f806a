"""Which chart shows a metric, so that evidence can link to its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.records import Point
    from defib.reports.charts import Chart


def anchors(album: Sequence[Chart], number: int) -> dict[str, str]:
    """The id of the picture for each series that is drawn; the pictures of case `number` carry it in their ids."""
    return {key: f"{chart.name}-{number}" for chart in reversed(album) for key in chart.keys}


def moment(point: Point, *, by_step: bool) -> float | None:
    """Where a moment stands on the axis of the charts; None where that is not known.

    >>> from defib.records import Point
    >>> moment(Point(step=300, epoch=10.0), by_step=False), moment(Point(epoch=10.0), by_step=True)
    (10.0, None)
    """
    return point.step if by_step else point.epoch
