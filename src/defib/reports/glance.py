"""A run that is going on, at a glance: how far it is, its best and last values, its trend, when it will end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from defib.naming import branch_of
from defib.reports.names import unit_of
from defib.words import Words, in_unit, number, same

if TYPE_CHECKING:
    from defib.records import Case, Run, Series

BARS = "▁▂▃▄▅▆▇█"
WIDTH = 24
"""Columns of a trend."""
NOT_KNOWN = same("—")
EPOCH = Words(en="epoch {now}", zh="第 {now} 轮")
EPOCH_OF = Words(en="epoch {now} of {all}", zh="第 {now} 轮，共 {all} 轮")
STEP = Words(en="step {now}", zh="第 {now} 步")


class Curve(NamedTuple):
    """One validation score of a run."""

    name: Words
    best: str
    best_at: str | None
    """The epoch of the best value, where it is known."""
    last: str
    trend: str


class Glance(NamedTuple):
    """A run at a glance."""

    phase: Words
    done: float | None
    """Share of the planned epochs, 0 to 1; None where their number is not known."""
    left: float | None
    """Seconds to the planned end at the run's own pace."""
    curves: tuple[Curve, ...]
    """The deciding metric first, then its branches."""


def glance(case: Case) -> Glance:
    """What can be seen at once."""
    run = case.run
    epoch, step = _last(run, "epoch"), _last(run, "step")
    length = run.setting("max_epochs")
    planned = float(length) if isinstance(length, int | float) and length > 0 else None
    if epoch is None:
        phase = NOT_KNOWN if step is None else STEP.fill(now=number(step))
    elif planned is None:
        phase = EPOCH.fill(now=number(epoch, 4))
    else:
        phase = EPOCH_OF.fill(now=number(epoch, 4), all=number(planned))
    done = None if planned is None or epoch is None else min(epoch / planned, 1.0)
    pace = run.seconds_per_epoch
    left = None if planned is None or epoch is None or not pace else max(planned - epoch, 0.0) * pace
    deciding = run.get(run.deciding)
    shown = () if deciding is None else run.branches(deciding.metric)
    return Glance(phase, done, left, tuple(_curve(run, series) for series in shown))


def trend(values: np.ndarray, width: int = WIDTH) -> str:
    """The last values as bars, the lowest and the highest of them the ends of the scale; a gap where there is no number.

    >>> trend(np.array([1.0, 2.0, 8.0, np.nan, 1.0]))
    '▁▂█ ▁'
    >>> trend(np.array([5.0, 5.0])), trend(np.array([]))
    ('▁▁', '')
    """
    last = values[-width:]
    good = last[np.isfinite(last)]
    if not len(good):
        return " " * len(last)
    low, span = float(good.min()), float(good.max() - good.min())
    scaled = np.zeros(len(last)) if not span else (last - low) / span * (len(BARS) - 1)
    return "".join(
        " " if not np.isfinite(one) else BARS[round(float(at))] for one, at in zip(last, scaled, strict=True)
    )


def _curve(run: Run, series: Series) -> Curve:
    unit, finite = unit_of(run, series.key), np.flatnonzero(np.isfinite(series.value))
    if not len(finite):
        return Curve(branch_of(run, series.key), NOT_KNOWN.en, None, NOT_KNOWN.en, "")
    values = series.value[finite]
    at = finite[int(values.argmin() if series.better == "lower" else values.argmax())]
    return Curve(
        name=branch_of(run, series.key),
        best=in_unit(float(series.value[at]), unit),
        best_at=number(float(series.epoch[at])) if np.isfinite(series.epoch[at]) else None,
        last=in_unit(float(values[-1]), unit),
        trend=trend(series.value),
    )


def _last(run: Run, unit: str) -> float | None:
    moments = np.concatenate([getattr(series, unit) for series in run.series] or [np.empty(0)])
    moments = moments[np.isfinite(moments)]
    return float(moments.max()) if len(moments) else None
