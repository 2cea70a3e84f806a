"""The two datasets of a recipe, whatever its clips come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.action.data import clips
from defib.action.data.config import MicroData
from defib.action.data.synth import micro

if TYPE_CHECKING:
    from collections.abc import Callable

    from defib.action.data.config import DataConfig
    from defib.action.taxonomy import Taxonomy
    from defib.action.training.feeding import Clips


def train_and_val(
    data: DataConfig,
    taxonomy: Taxonomy,
    *,
    seed: int = 0,
    test_clips: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Clips, Clips]:
    """The clips to train on, and those held out.

    taxonomy: every label has to be one of its classes.
    test_clips: clips of a held-out sample, whose chances are averaged.
    progress: told how many of how many clips are drawn, where they have to be.

    Raises AnnotationsUnreadable, StoreBroken, NoSuchSplit, ListRefused, ClassesDiffer.
    """
    if isinstance(data, MicroData):
        taxonomy.check(range(micro.CLASSES), "data.kind=micro")
        return micro.opened(data, "train", progress), micro.opened(data, "val", progress)
    found, frames = clips.opened(data)
    train, val = (found.split(name) for name in (data.train_split, data.val_split))
    for name, places in ((data.train_split, train), (data.val_split, val)):
        taxonomy.check(found.clips["label"][places], f"{clips.source(data)} {name}")
    return (
        clips.ClipDataset(found, frames, train, data.pipeline, seed=seed, trains=True, repeat=data.repeat),
        clips.ClipDataset(found, frames, val, data.pipeline, seed=seed, trains=False, test_clips=test_clips),
    )


def held_out(data: DataConfig, taxonomy: Taxonomy, *, test_clips: int = 1, flipped: bool = False) -> Clips:
    """The held-out clips alone, perhaps mirrored.

    Raises as `train_and_val`.
    """
    if isinstance(data, MicroData):
        taxonomy.check(range(micro.CLASSES), "data.kind=micro")
        found = micro.opened(data, "val")
        found.flipped = flipped
        return found
    index, frames = clips.opened(data)
    places = index.split(data.val_split)
    taxonomy.check(index.clips["label"][places], f"{clips.source(data)} {data.val_split}")
    return clips.ClipDataset(index, frames, places, data.pipeline, trains=False, test_clips=test_clips, flipped=flipped)
