"""What a config feeds to training and to validation: data sets beneath their wrappers, and the transforms in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from defib import settings
from defib.records import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.records import Run

    Split = Literal["train", "val", "test"]
    Placed = tuple[str, dict[str, Any]]

DEEP = 8  # wrappers in each other; a config that nests deeper is not looked into


def tree(run: Run) -> dict[str, Any]:
    """The config as nested values; empty when there is none."""
    return {} if run.config is None else run.config.tree


def layers(run: Run, split: Split) -> tuple[Placed, ...]:
    """Every data set of a split with its path, wrappers (RepeatDataset, ConcatDataset, ...) before what they hold.

    >>> from defib.samples import run_of
    >>> data = {"type": "RepeatDataset", "times": 2, "dataset": {"type": "PoseDataset"}}
    >>> found = layers(run_of({"val/top1": [1.0]}, config={"train_dataloader": {"dataset": data}}), "train")
    >>> [path for path, _ in found]
    ['train_dataloader.dataset', 'train_dataloader.dataset.dataset']
    """
    root = tree(run)
    for path in (f"{split}_dataloader.dataset", f"data.{split}"):  # mmengine, mmcv
        if settings.has(root, path):
            return tuple(_walk(settings.at(root, path), path, 0))
    return ()


def leaves(run: Run, split: Split) -> tuple[Placed, ...]:
    """The data sets of a split that hold samples themselves."""
    return tuple((path, one) for path, one in layers(run, split) if not _held(one))


def transforms(run: Run, split: Split) -> tuple[Placed, ...]:
    """The transforms of a split's first data set that has any, in order, with their paths."""
    for path, one in layers(run, split):
        steps = one.get("pipeline")
        if isinstance(steps, list):
            return tuple((f"{path}.pipeline.{index}", step) for index, step in enumerate(steps) if _is_dict(step))
    return ()


def config_fact(run: Run, path: str) -> Fact:
    """What the config holds at a path, as evidence."""
    root = tree(run)
    value = settings.get(root, path)
    return Fact(metric=path, value=value, place=run.config_place(path))


def numbers(value: Any) -> list[int] | None:  # noqa: ANN401 (any config value)
    """A list of whole numbers; None for anything else."""
    if isinstance(value, list) and value and all(isinstance(one, int) and not isinstance(one, bool) for one in value):
        return list(value)
    return None


def _walk(value: Any, path: str, depth: int) -> Iterator[Placed]:  # noqa: ANN401
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from _walk(one, f"{path}.{index}", depth + 1)
    elif _is_dict(value) and depth <= DEEP:
        yield path, value
        for key in _held(value):
            yield from _walk(value[key], f"{path}.{key}", depth + 1)


def _held(one: dict[str, Any]) -> tuple[str, ...]:
    return tuple(key for key in ("dataset", "datasets") if isinstance(one.get(key), dict | list))


def _is_dict(value: object) -> bool:
    return isinstance(value, dict) and settings.EXPRESSION not in value
