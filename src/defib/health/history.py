"""The run as a table: each evaluation, and what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from defib.health.scores import score
from defib.health.shapes import LEARNED, WATCH, noise_before
from defib.records import HistoryRow, Run
from defib.words import Words, number, same

if TYPE_CHECKING:
    from defib.records import Series

    Mark = Literal["start", "up", "best", "flat", "down", "fell", "fell-on", "back", "low", "lost"]

NOISES = 2.0  # falls within so many of the noise are no falls; assumed
DEEP = 0.5  # share of the learned range below the best that is far below it; assumed
FLAT = 1.0  # points; assumed
LARGE = 10.0  # points; assumed

POINTS = Words(en="{change} points", zh="{change} 个百分点")

SAYS: dict[str, Words] = {
    "start": Words(en="start", zh="初始"),
    "up": Words(en="up {points}", zh="上升 {points}"),
    "up-far": Words(en="far up, {points}", zh="大幅上升 {points}"),
    "best": Words(en="best", zh="最佳"),
    "flat": Words(en="level", zh="基本持平"),
    "down": Words(en="down {points}", zh="下降 {points}"),
    "fell": Words(en="fell {points}", zh="暴跌 {points}"),
    "fell-on": Words(en="fell on, {points}", zh="继续下跌 {points}"),
    "back": Words(en="recovered", zh="恢复"),
    "low": Words(en="up {points}, still far below the best", zh="回升 {points}，仍远低于最佳"),
    "lost": Words(en="not a number", zh="不是有效数值"),
    "worse": Words(en="worse by {points}", zh="变差 {points}"),
    "better": Words(en="better by {points}", zh="变好 {points}"),
}


def history(run: Run) -> tuple[HistoryRow, ...]:
    """One row for each evaluation of the deciding metric, with all branches beside it."""
    series = run.get(run.deciding)
    if series is None:
        return ()
    beside = [other for other in run.branches(series.metric) if "_" not in (other.branch or "") or other is series]
    rows: list[HistoryRow] = []
    scored = score(run, series)
    signed, floor = (series.value, 0.0) if scored is None else scored
    finite = np.isfinite(signed)
    best = int(np.argmax(np.where(finite, signed, -np.inf))) if finite.any() else -1
    peak, marks = -np.inf, list[str]()
    before: float | None = None
    raw = np.nan
    for index, record in enumerate(series.record):
        now = float(signed[index])
        change = None if before is None or np.isnan(now) else now - before
        last = marks[-1] if marks else None
        mark = _mark(change, peak, floor, last, is_best=index == best, now=now, noise=noise_before(signed, index))
        marks.append(mark)
        point = run.point(series, index)
        rows.append(
            HistoryRow(
                epoch=point.epoch,
                step=point.step,
                values={other.key: _at(other, float(record)) for other in beside},
                mark=mark,
                change=None if change is None else float(series.value[index] - raw),
                says=_words(mark, change, points(series, float(series.value[index] - raw)), series.better == "lower"),
            )
        )
        if not np.isnan(now):
            peak, before, raw = max(peak, now), now, float(series.value[index])
    return tuple(rows)


def _mark(  # noqa: PLR0913 (what a mark depends on)
    change: float | None, peak: float, floor: float, last: str | None, *, is_best: bool, now: float, noise: float
) -> Mark:
    """What kind of step this was; the best of all wins over how it was reached, unless it is a fall."""
    if change is None:
        return "start" if last is None and not np.isnan(now) else "lost"
    learned = max(peak - floor, LEARNED)
    fell_before = last in ("fell", "fell-on")
    if change < 0:
        return _down(-change, max(WATCH * learned, NOISES * noise), fell_before=fell_before)
    if is_best:
        return "best"
    if fell_before and now >= peak - WATCH * learned:
        return "back"
    if change <= FLAT:
        return "flat"
    return "low" if now < peak - DEEP * learned else "up"


def _down(points: float, far: float, *, fell_before: bool) -> Mark:
    if fell_before and points > FLAT:
        return "fell-on"
    if points >= far:
        return "fell"
    return "flat" if points <= FLAT else "down"


def points(series: Series, change: float) -> Words:
    """How much a metric changed, without its sign."""
    if series.unit == "%":
        return POINTS.fill(change=f"{abs(change):.2f}")
    return same(number(abs(change)))


def _words(mark: str, change: float | None, size: Words, lower: bool) -> Words:  # noqa: FBT001 (one call)
    chosen = "up-far" if mark == "up" and change is not None and change >= LARGE else mark
    if lower and mark not in ("start", "best", "lost", "flat"):  # a loss does not fall when it gets worse
        chosen = "worse" if change is not None and change < 0 else "better"
    return SAYS[chosen].fill(points=size)


def _at(series: Series, record: float) -> float | None:
    found = np.flatnonzero(series.record == record)
    return float(series.value[found[-1]]) if len(found) else None
