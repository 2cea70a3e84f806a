"""From a fall of a curve to a finding with its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.health import shapes
from defib.health.chance import chance
from defib.health.rule import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run, Series


def fallen(run: Run, series: Series) -> Iterator[Finding]:
    """All falls of a higher-is-better series, as findings with the best, the onset and the confirmation as facts."""
    floor = chance(run, series)
    for fall in shapes.falls(series.value, floor=floor):
        best, now = float(series.value[fall.best]), float(series.value[fall.known])
        seen = dict.fromkeys((fall.best, fall.onset, fall.known))
        yield Finding(
            series=series,
            index=fall.onset,
            known=fall.known,
            severity="act" if fall.severe else "watch",
            size=best - now,
            noise=fall.noise,
            cleared=fall.cleared,
            facts=tuple(run.fact(series, index) for index in seen),
            values={
                "best": f"{best:.2f}{series.unit}",
                "now": f"{now:.2f}{series.unit}",
                "share": f"{min(fall.depth, 1.0):.0%}",
            },
        )
