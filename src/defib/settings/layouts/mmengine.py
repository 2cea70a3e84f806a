"""mmengine: `optim_wrapper`, `param_scheduler`, `train_cfg`, dataloaders with pipelines.

Keys: open-mmlab/mmengine, mmengine/runner/runner.py, runner/loops.py (`max_epochs` or `max_iters`), optim/optimizer/
optimizer_wrapper.py (`accumulative_counts`, `clip_grad`), hooks/checkpoint_hook.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Clipping, Layout
from defib.settings.tree import at, get, has, steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.settings.tree import Tree

MARKS = ("optim_wrapper", "param_scheduler", "train_cfg", "train_dataloader", "default_hooks", "default_scope")
WARMUPS = frozenset({"LinearLR", "ConstantLR"})


UNSAID = 0
"""The rate is scaled, but from which batch is not said."""


def schedulers(tree: Tree) -> list[tuple[str, Tree]]:
    """The learning-rate schedulers of an mmengine config, in order, with their paths."""
    return [(path, step) for path, step in steps(tree, "param_scheduler") if isinstance(step.get("type"), str)]


PLAIN = (
    ("lr", "optim_wrapper.optimizer.lr"),
    ("weight_decay", "optim_wrapper.optimizer.weight_decay"),
    ("momentum", "optim_wrapper.optimizer.momentum"),
    ("optimizer", "optim_wrapper.optimizer.type"),
    ("clip", "optim_wrapper.clip_grad.max_norm"),
    ("batch_size", "train_dataloader.batch_size"),
    ("max_epochs", "train_cfg.max_epochs"),
    ("max_steps", "train_cfg.max_iters"),
    ("load_from", "load_from"),
    ("resume", "resume"),
    ("work_dir", "work_dir"),
    ("save_best", "default_hooks.checkpoint.save_best"),
    ("max_keep", "default_hooks.checkpoint.max_keep_ckpts"),
    ("classes", "model.cls_head.num_classes"),
    ("model", "model.backbone.type"),
    ("pretrained", "model.backbone.pretrained"),
    ("schedule", "param_scheduler"),
)


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    """(key, path) for each setting of an mmengine config."""
    for key, path in PLAIN:
        if has(tree, path):
            yield key, path
    for path, step in schedulers(tree):
        if step["type"] in WARMUPS and step.get("begin", 0) == 0:
            yield "warmup", path
        if isinstance(step.get("gamma"), int | float) and not isinstance(step.get("gamma"), bool):
            yield "schedule_factor", f"{path}.gamma"
    yield from _loss_weights(tree)
    for loader, kind, name, key in (
        ("train_dataloader", "RandomResizedCrop", "area_range", "crop_area"),
        ("train_dataloader", "ColorJitter", "", "color_jitter"),
        ("test_dataloader", "", "num_clips", "test_clips"),
        ("val_dataloader", "", "num_clips", "val_clips"),
    ):
        for path, step in _pipeline(tree, loader):
            if (kind and step.get("type") != kind) or (name and name not in step):
                continue
            yield key, f"{path}.{name}" if name else path


def _pipeline(tree: Tree, loader: str) -> list[tuple[str, Tree]]:
    """The transforms that a dataloader applies, through RepeatDataset and the like, with their paths."""
    path = f"{loader}.dataset"
    while has(tree, f"{path}.dataset"):
        path = f"{path}.dataset"
    path = f"{path}.pipeline"
    value = get(tree, path)
    if not isinstance(value, list):
        variable = loader.removesuffix("_dataloader") + "_pipeline"
        return steps(tree, variable)
    return [(f"{path}.{index}", step) for index, step in enumerate(value) if isinstance(step, dict)]


def _loss_weights(tree: Tree) -> Iterator[tuple[str, str]]:
    """The head's loss weights by branch; weights beyond the named components belong to their coarse heads."""
    head = "model.cls_head"
    if not has(tree, f"{head}.loss_weights"):
        return
    weights = at(tree, f"{head}.loss_weights")
    parts = get(tree, f"{head}.loss_components")
    if not isinstance(weights, list):
        return
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        parts = ["rgb", "pose"]
    if len(weights) == 2 * len(parts):
        parts = [*parts, *(f"{part}_coarse" for part in parts)]
    if len(weights) == len(parts):
        yield from ((f"loss_weight.{part}", f"{head}.loss_weights.{index}") for index, part in enumerate(parts))


def _recognises(tree: Tree) -> bool:
    return any(mark in tree for mark in MARKS)


def _written_for(tree: Tree) -> int | None:
    if get(tree, "auto_scale_lr.enable") is not True:
        return None
    path = "auto_scale_lr.base_batch_size"
    base = get(tree, path)
    return base if isinstance(base, int) and not isinstance(base, bool) else UNSAID


mmengine = Layout(
    name="mmengine",
    rank=20,
    recognises=_recognises,
    find=_find,
    accumulates=("optim_wrapper.accumulative_counts",),
    written_for=_written_for,
    scaled_by="auto_scale_lr",
    load_site="load_from",
    clipping=Clipping("optim_wrapper.clip_grad", absent=True, inside="max_norm"),
)
