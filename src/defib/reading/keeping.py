"""Which checkpoints a run kept: what its console log says, and by which metric the best one was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib import metrics
from defib.reading.checkpoint_names import file_name, told_by
from defib.reading.saying import BEST, REMOVED
from defib.records import Checkpoint, Tracked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from defib.records import Event, Series


def named(path: str, metric_names: Iterable[str] = (), *, size: int | None = None, listed: bool = True) -> Checkpoint:
    """A checkpoint, as far as its name tells.

    metric_names: raw names that the run uses; mmengine writes `/` as `_` in file names.

    >>> found = named("best_acc_rgb_top1_epoch_9.pth", ["acc/rgb_top1"])
    >>> found.epoch, found.best_of
    (9.0, 'acc/rgb_top1')
    """
    told = told_by(path)
    best = told.best
    if best is not None:
        best = next((raw for raw in metric_names if raw.replace("/", "_") == best), best)
    return Checkpoint(
        path=path,
        epoch=told.epoch,
        step=told.step,
        best_of=best,
        size=size,
        state="listed" if listed else "unseen",
    )


def still_best(events: Sequence[Event]) -> tuple[Checkpoint, ...]:
    """The best checkpoints that the log says were saved and does not say were removed.

    Ordinary checkpoints are not claimed: `max_keep_ckpts` deletes them without a word.
    """
    kept: dict[str, Checkpoint] = {}
    for event in events:
        best = BEST.search(event.text) if event.kind == "best" else None
        removed = REMOVED.search(event.text) if event.kind == "removed" else None
        if best is not None:
            name = file_name(best["file"])
            kept[name] = named(name, [best["raw"]])
        elif removed is not None:
            kept.pop(file_name(removed["file"]), None)
    return tuple(kept.values())


def tracked(events: Sequence[Event], series: Sequence[Series], setting: str | None) -> Tracked | None:
    """What the keep-the-best option followed: the last best checkpoint of the log, and the option's value."""
    for event in reversed(events):
        best = BEST.search(event.text) if event.kind == "best" else None
        if best is None:
            continue
        raw = best["raw"]
        meaning = metrics.recognise(raw, "val")
        one = next((one for one in series if meaning is not None and one.key == meaning.key), None)
        try:
            value = float(best["value"])
        except ValueError:
            return None
        if one is not None:
            value *= one.scale
        elif meaning is not None:
            value *= metrics.scale_to_percent(meaning.measure, [value])
        return Tracked(
            setting=setting or "",
            raw=raw,
            key=None if meaning is None else meaning.key,
            epoch=event.at.epoch,
            value=round(value, 9),  # 0.6771 is 67.71 %, not 67.71000000000001
            place=event.place,
        )
    if setting is None:
        return None
    meaning = None if setting == "auto" else metrics.recognise(setting, "val")
    return Tracked(
        setting=setting,
        raw=None if meaning is None else setting,
        key=None if meaning is None else meaning.key,
    )
