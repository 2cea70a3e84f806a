"""From a fall of a curve to a finding with its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.health.cusum import Terms, falls
from defib.health.rates import raised
from defib.health.rule import Finding
from defib.health.scores import loss_like, score
from defib.naming import metric_name
from defib.words import Words, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from defib.records import Run, Series

WORSE = Words(
    en="the {metric} went from {best} to {now}: {share} of what it had gained is gone",
    zh="{metric}从 {best} 变为 {now}：已取得的进步丢失了 {share}",
)


def fallen(run: Run, series: Series, spared: Callable[[int, int, int], bool] | None = None) -> Iterator[Finding]:
    """All falls of a series, as findings with the best, the onset and the confirmation as facts.

    A metric for which lower is better falls when it gets worse, and an error in per cent as an accuracy does; for a loss only the loss of nearly everything is an
    act, since a held-out loss also rises when a model over-fits while its accuracy is fine. The noise of a loss grows
    with the loss, so that its falls must stand out on a logarithmic scale too.
    spared: asked with the best, the onset and the evaluation whether a fall is no collapse yet.
    """
    scored = score(run, series)
    if scored is None:
        return
    values, floor = scored
    terms = Terms(
        whole=loss_like(series),
        excused=raised(run, series, values),
        witness=logarithmic(series),
        spared=spared,
    )
    for fall in falls(values, floor=floor, terms=terms):
        best, now = float(series.value[fall.best]), float(series.value[fall.known])
        seen = dict.fromkeys((fall.best, fall.onset, fall.known))
        words: dict[str, object] = {
            "best": _shown(series, best),
            "now": _shown(series, now),
            "share": f"{min(fall.depth, 1.0):.0%}",
        }
        lower = series.better == "lower"
        yield Finding(
            series=series,
            index=fall.onset,
            known=fall.known,
            severity="act" if fall.severe else "watch",
            size=abs(best - now),
            noise=None if loss_like(series) else fall.noise,
            cleared=fall.cleared,
            facts=tuple(run.fact(series, index) for index in seen),
            values=words,
            says=WORSE.fill(metric=metric_name(run, series.key), **words) if lower else None,
        )


def logarithmic(series: Series) -> np.ndarray | None:
    """A loss or an error without a ceiling as -100 log: ten points are about ten per cent of it; None for other metrics.

    >>> from defib.samples import run_of
    >>> logarithmic(run_of({"val/loss": [1.0, 2.0]}).get("val/loss")).round(1).tolist()
    [-0.0, -69.3]
    """
    if not loss_like(series):
        return None
    positive = np.where(series.value > 0, series.value, np.nan)
    return -100.0 * np.log(positive)


def _shown(series: Series, value: float) -> str:
    return f"{value:.2f}%" if series.unit == "%" else number(value)
