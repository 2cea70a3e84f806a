"""Which chart shows a metric, so that evidence can link to its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defib.records import Fact
    from defib.reports.charts import Chart


def anchors(album: Sequence[Chart], number: int) -> dict[str, str]:
    """The id of the picture for each series that is drawn; the pictures of case `number` carry it in their ids."""
    return {key: f"{chart.name}-{number}" for chart in reversed(album) for key in chart.keys}


def moment(fact: Fact, *, by_step: bool) -> float | None:
    """Where a fact stands on the axis of the charts; None where that is not known."""
    return fact.at.step if by_step else fact.at.epoch
