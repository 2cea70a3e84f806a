"""detectron2's LazyConfig, and what it dumps of one: `train`, `optimizer`, `lr_multiplier`, `dataloader`.

Keys: facebookresearch/detectron2, configs/common/train.py, configs/common/optim.py, configs/common/coco_schedule.py and
tools/lazyconfig_train_net.py; `train.clip_grad` is detrex's (IDEA-Research/detrex, configs/common/train.py). The milestones
count as `num_updates` does, so both move with the length; `warmup_length` is a share of the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Layout, named
from defib.settings.tree import get, has

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.settings.tree import Tree

TABLE = (
    ("lr", "optimizer.lr"),
    ("weight_decay", "optimizer.weight_decay"),
    ("momentum", "optimizer.momentum"),
    ("optimizer", "optimizer._target_"),
    ("total_batch", "dataloader.train.total_batch_size"),
    ("max_steps", "train.max_iter"),
    ("load_from", "train.init_checkpoint"),
    ("work_dir", "train.output_dir"),
)
SCHEDULE = "lr_multiplier.scheduler"
CLIP = "train.clip_grad"


def _recognises(tree: Tree) -> bool:
    return has(tree, "optimizer._target_") and (has(tree, "train.max_iter") or has(tree, "train.init_checkpoint"))


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    yield from named(tree, TABLE)
    if get(tree, f"{CLIP}.enabled") is True:
        yield from named(tree, [("clip", f"{CLIP}.params.max_norm")])


def _lengths(tree: Tree) -> Iterator[str]:
    if has(tree, f"{SCHEDULE}.milestones"):
        yield f"{SCHEDULE}.milestones"
        yield f"{SCHEDULE}.num_updates"


detectron2_lazy = Layout(
    name="detectron2_lazy",
    rank=15,
    recognises=_recognises,
    find=_find,
    lengths=_lengths,
    load_site="train.init_checkpoint",
    work_dir=("train.output_dir", "./output"),
)
