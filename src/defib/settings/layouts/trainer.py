"""The recipes of defib's own trainer: `optim`, `schedule`, `train`, `loss`.

Keys: src/defib/action/training/recipe.py. `train.batch` counts the clips of one process; with `optim.base_batch` the
rate is written for that batch and scaled to the one that is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Clipping, Layout, Stepped, milestones, named
from defib.settings.tree import get, has, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.settings.tree import Tree

TABLE = (
    ("lr", "optim.lr"),
    ("weight_decay", "optim.weight_decay"),
    ("momentum", "optim.momentum"),
    ("optimizer", "optim.type"),
    ("schedule", "schedule.type"),
    ("clip", "optim.clip"),
    ("batch_size", "train.batch"),
    ("max_epochs", "train.max_epochs"),
    ("load_from", "load_from"),
    ("resume", "resume"),
    ("work_dir", "work_dir"),
    ("save_best", "evaluate.metric"),
    ("test_clips", "evaluate.clips"),
)

PIPELINE = (("crop_area", "data.pipeline.area_range"), ("color_jitter", "data.pipeline.jitter"))
"""What is no single number."""


def _recognises(tree: Tree) -> bool:
    return has(tree, "optim.lr") and has(tree, "train.max_epochs") and isinstance(tree.get("data"), dict)


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    yield from named(tree, TABLE)
    area, jitter = (get(tree, path) for _, path in PIPELINE)
    if isinstance(area, list) and area and all(plain(value) is not None for value in area):
        yield PIPELINE[0]
    if isinstance(jitter, dict) and jitter:
        yield PIPELINE[1]
    if plain(get(tree, "schedule.warmup_epochs")):
        yield "warmup", "schedule.warmup_epochs"
    loss = tree.get("loss")
    loss = loss if isinstance(loss, dict) else {}
    parts, weights = loss.get("components", ["rgb", "pose"]), loss.get("weights")
    if isinstance(parts, list) and isinstance(weights, list) and len(parts) == len(weights):
        yield from named(tree, [(f"loss_weight.{part}", f"loss.weights.{at}") for at, part in enumerate(parts)])


def _lengths(tree: Tree) -> Iterator[str]:
    if get(tree, "schedule.type") == "steps":
        yield "schedule.milestones"


def _written_for(tree: Tree) -> int | None:
    base = get(tree, "optim.base_batch")
    return base if isinstance(base, int) and not isinstance(base, bool) and base > 0 else None


def _stepped(tree: Tree) -> Iterator[Stepped]:
    ramp = plain(get(tree, "schedule.ramp"))
    if ramp is not None:
        yield Stepped("schedule.ramp", ramp, (plain(get(tree, "schedule.warmup_epochs")) or 0.0,), gradual=True)
        return
    if get(tree, "schedule.type") == "steps":
        yield from milestones(tree, "schedule.factor", "schedule.milestones")


trainer = Layout(
    name="trainer",
    rank=28,
    recognises=_recognises,
    find=_find,
    lengths=_lengths,
    stepped=_stepped,
    accumulates=("train.accumulate",),
    written_for=_written_for,
    scaled_by="optim.base_batch",
    load_site="load_from",
    clipping=Clipping("optim.clip", absent=False),
)
