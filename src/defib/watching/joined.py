"""What was known of a run before its log was cut off or replaced, before what the log says now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from defib.records.series import COLUMNS
from defib.words import Words

if TYPE_CHECKING:
    from defib.records import Run, Series

CUT = Words(
    en="the log was cut off or replaced while it was watched: what it said up to {until} is known from before",
    zh="日志在监视期间被截断或替换：{until}之前的内容来自此前的读取",
)
EPOCH = Words(en="epoch {at}", zh="第 {at} 轮")
STEP = Words(en="step {at}", zh="第 {at} 步")


def cut_off(before: Run, now: Run) -> bool:
    """Whether a log goes on behind what it said before, and no longer says it.

    A run that begins anew in the same place is another one: nothing of the old log belongs to it.
    """
    first, known = _first(now), _first(before)
    return first is not None and known is not None and first[1] == known[1] and first[0] > known[0]


def joined(before: Run, now: Run) -> Run:
    """The run as it is now, behind what was known of it before.

    before: as it was last judged, so that it holds what earlier cuts have taken.
    """
    begin = _first(now)
    if begin is None:
        return now
    kept = {series.key: _until(series, *begin) for series in before.series}
    kept = {key: series for key, series in kept.items() if len(series)}
    if not kept:
        return now
    shift = 1 + max(int(series.record.max()) for series in kept.values())
    files = (*before.files, *(name for name in now.files if name not in before.files))
    places = np.array([files.index(name) for name in now.files] or [0], dtype=np.float64)
    found = []
    for series in now.series:
        later = {name: getattr(series, name) for name in COLUMNS}
        later |= {"record": series.record + shift, "file": _moved(series.file, places)}
        earlier = kept.pop(series.key, None)
        if earlier is not None:
            later = {name: np.concatenate([getattr(earlier, name), later[name]]) for name in COLUMNS}
        found.append(msgspec.structs.replace(series, **later))
    at, unit = begin
    until = (EPOCH if unit == "epoch" else STEP).fill(at=f"{at:g}")
    return msgspec.structs.replace(
        now,
        series=(*found, *kept.values()),
        files=files,
        records=now.records + shift,
        segments=(
            *(one for one in before.segments if one.record < shift),
            *(msgspec.structs.replace(one, record=one.record + shift) for one in now.segments),
        ),
        events=(
            *(one for one in before.events if one.record <= shift),
            *(msgspec.structs.replace(one, record=one.record + shift) for one in now.events),
        ),
        deciding=now.deciding if now.deciding is not None else before.deciding,
        classes=now.classes if now.classes is not None else before.classes,
        seconds_per_epoch=now.seconds_per_epoch or before.seconds_per_epoch,
        notes=(*(one for one in now.notes if one.en[:20] != CUT.en[:20]), CUT.fill(until=until)),
    )


def _first(run: Run) -> tuple[float, str] | None:
    """The earliest moment of a log, in steps where it counts them, else in epochs."""
    for unit in ("step", "epoch"):
        moments = np.concatenate([getattr(series, unit) for series in run.series] or [np.empty(0)])
        moments = moments[np.isfinite(moments)]
        if len(moments):
            return float(moments.min()), unit
    return None


def _moved(file: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Indexes into one list of files as indexes into another; what has none keeps none."""
    known = np.isfinite(file) & (file >= 0) & (file < len(places))
    moved: np.ndarray = np.where(known, places[np.where(known, file, 0).astype(int)], np.nan)
    return moved


def _until(series: Series, moment: float, unit: str) -> Series:
    kept = getattr(series, unit) < moment
    return msgspec.structs.replace(series, **{name: getattr(series, name)[kept] for name in COLUMNS})
