"""Where the healthy part of the curve points, with a band over the choice of curve family.

Nobody knows which family a learning curve follows (Domhan et al. 2015 list eleven); the band is the disagreement
between three, not a confidence interval. It says where the old curve would have gone; the restarted run has another
rate and may do better or worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from defib.naming import metric_name
from defib.records import Forecast, Target
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.records import Checkup, Run

    Curve = Callable[[np.ndarray], np.ndarray]

HORIZONS = (10, 20, 40)
LEAST = 4
"""Evaluations before the onset without which no curve is drawn."""
FAR = 500
"""Epochs beyond which "reached" means never."""

SAYS = Words(
    en="the healthy part of the {metric} ({points} evaluations that were the best so far) carried on by {count} curve families",
    zh="{metric}：用正常阶段中 {points} 次刷新最佳的评估、按 {count} 种曲线外推",
)
FEW = Words(
    en="{points} evaluations before the onset are too few to carry a curve on ({least} are needed)",
    zh="崩溃点之前只有 {points} 次评估，不足以外推（至少需要 {least} 次）",
)


def forecast(run: Run, checkup: Checkup) -> Forecast | None:
    """Carry the healthy part on from the start, 10, 20 and 40 epochs; None without an incident or for a loss.

    Only evaluations that were the best so far count: a curve through its own dips would forecast the dips.
    """
    series = run.get(run.deciding)
    if checkup.incident is None or series is None or series.better != "higher":
        return None
    start, onset = checkup.incident.best.at.epoch, checkup.incident.onset.epoch
    if start is None or onset is None:
        return None
    healthy = (series.epoch < onset) & np.isfinite(series.value) & np.isfinite(series.epoch)
    epoch, value = series.epoch[healthy], series.value[healthy]
    best = value >= np.maximum.accumulate(value) if len(value) else value.astype(bool)
    epoch, value = epoch[best], value[best]
    if len(value) < LEAST:
        return Forecast(
            key=series.key, points=len(value), target=run.target, says=FEW.fill(points=len(value), least=LEAST)
        )
    curves = {name: fit(epoch, value) for name, fit in FAMILIES.items()}
    ends = {name: curve(start + np.array(HORIZONS, dtype=float)) for name, curve in curves.items()}
    targets = tuple(
        Target(
            epochs=horizon,
            low=float(min(end[index] for end in ends.values())),
            high=float(max(end[index] for end in ends.values())),
            families=tuple(ends),
        )
        for index, horizon in enumerate(HORIZONS)
    )
    return Forecast(
        key=series.key,
        points=len(value),
        targets=targets,
        target=run.target,
        reached=None if run.target is None else _reached(curves, start, run.target),
        says=SAYS.fill(metric=metric_name(run, series.key), points=len(value), count=len(curves)),
    )


def ahead(run: Run, checkup: Checkup) -> Target | None:
    """Where a run that is going on points at its planned end; None with an open incident, for a loss, or where too little is known.

    The same curves as for a rescue, through all evaluations that were the best so far.
    """
    series, length = run.get(run.deciding), run.setting("max_epochs")
    if checkup.incident is not None or series is None or series.better != "higher" or series.unit != "%":
        return None
    good = np.isfinite(series.value) & np.isfinite(series.epoch)
    epoch, value = series.epoch[good], series.value[good]
    best = value >= np.maximum.accumulate(value) if len(value) else value.astype(bool)
    if not isinstance(length, int | float) or best.sum() < LEAST or length <= epoch[-1]:
        return None
    ends = {name: float(fit(epoch[best], value[best])(np.array(float(length)))) for name, fit in FAMILIES.items()}
    return Target(epochs=int(length - epoch[-1]), low=min(ends.values()), high=max(ends.values()), families=tuple(ends))


def exponential(epoch: np.ndarray, value: np.ndarray) -> Curve:
    """Fit y = a - b exp(-t / tau), a at most 100; tau by grid, a and b by least squares."""
    return _best(epoch, value, [_exponential(pace) for pace in np.geomspace(1.0, 100.0, 60)])


def power(epoch: np.ndarray, value: np.ndarray) -> Curve:
    """Fit y = a - b t^-c, a at most 100; c by grid, a and b by least squares."""
    return _best(epoch, value, [_power(slope) for slope in np.linspace(0.1, 2.0, 60)])


def hyperbola(epoch: np.ndarray, value: np.ndarray) -> Curve:
    """Fit y = a - b h / (t + h) (Michaelis-Menten), a at most 100; h by grid, a and b by least squares."""
    return _best(epoch, value, [_hyperbola(half) for half in np.geomspace(0.5, 200.0, 60)])


def _exponential(pace: float) -> Curve:
    return lambda t: np.exp(-t / pace)


def _power(slope: float) -> Curve:
    return lambda t: np.maximum(t, 0.5) ** -slope


def _hyperbola(half: float) -> Curve:
    return lambda t: half / (t + half)


FAMILIES: dict[str, Callable[[np.ndarray, np.ndarray], Curve]] = {
    "exponential": exponential,
    "power": power,
    "hyperbola": hyperbola,
}


def _best(epoch: np.ndarray, value: np.ndarray, shapes: list[Curve]) -> Curve:
    """The falling shape g for which a - b g(t) fits best, with b not negative and a between the best value and 100."""
    found: tuple[float, float, float, Curve] | None = None
    for shape in shapes:
        basis = shape(epoch)
        design = np.stack([np.ones_like(basis), -basis], axis=1)
        (top, depth), *_ = np.linalg.lstsq(design, value, rcond=None)
        if not float(value.max()) <= top <= 100.0:  # noqa: PLR2004 (per cent)
            top = min(max(float(top), float(value.max())), 100.0)
            depth = float(basis @ (top - value) / (basis @ basis))
        depth = max(float(depth), 0.0)
        error = float(np.square(top - depth * basis - value).sum())
        if found is None or error < found[0]:
            found = (error, float(top), depth, shape)
    assert found is not None
    _, top, depth, shape = found
    return lambda t: top - depth * shape(np.asarray(t, dtype=float))


def _reached(curves: dict[str, Curve], start: float, target: float) -> tuple[float | None, float | None]:
    ahead = np.arange(1, FAR + 1, dtype=float)
    first = []
    for curve in curves.values():
        there = np.flatnonzero(curve(start + ahead) >= target)
        first.append(float(ahead[there[0]]) if len(there) else np.inf)
    early, late = min(first), max(first)
    return (None if np.isinf(early) else early, None if np.isinf(late) else late)
