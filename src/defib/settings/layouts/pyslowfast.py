"""PySlowFast: `SOLVER`, counted in epochs; `TRAIN.BATCH_SIZE` counts all GPUs of a machine together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Layout, named
from defib.settings.tree import at, has, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.settings.tree import Tree

TABLE = (
    ("lr", "SOLVER.BASE_LR"),
    ("weight_decay", "SOLVER.WEIGHT_DECAY"),
    ("momentum", "SOLVER.MOMENTUM"),
    ("optimizer", "SOLVER.OPTIMIZING_METHOD"),
    ("schedule", "SOLVER.LR_POLICY"),
    ("max_epochs", "SOLVER.MAX_EPOCH"),
    ("clip", "SOLVER.CLIP_GRAD_L2NORM"),
    ("clip_value", "SOLVER.CLIP_GRAD_VAL"),
    ("load_from", "TRAIN.CHECKPOINT_FILE_PATH"),
    ("resume", "TRAIN.AUTO_RESUME"),
    ("work_dir", "OUTPUT_DIR"),
    ("classes", "MODEL.NUM_CLASSES"),
    ("model", "MODEL.MODEL_NAME"),
)


def _recognises(tree: Tree) -> bool:
    return has(tree, "SOLVER.MAX_EPOCH") or (has(tree, "SOLVER.BASE_LR") and has(tree, "TRAIN.BATCH_SIZE"))


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    yield from named(tree, TABLE)
    if tree.get("NUM_SHARDS", 1) == 1:  # with several machines the batch is that of one
        yield from named(tree, [("total_batch", "TRAIN.BATCH_SIZE")])
    if has(tree, "SOLVER.WARMUP_EPOCHS") and plain(at(tree, "SOLVER.WARMUP_EPOCHS")):
        yield "warmup", "SOLVER.WARMUP_EPOCHS"


pyslowfast = Layout(
    name="pyslowfast",
    rank=25,
    recognises=_recognises,
    find=_find,
    milestones=("SOLVER.STEPS",),
    load_site="TRAIN.CHECKPOINT_FILE_PATH",
    # Otherwise the epoch, the optimizer and so the schedule are taken from the checkpoint, or it is read as Caffe2's.
    fresh=(("TRAIN.CHECKPOINT_EPOCH_RESET", True), ("TRAIN.CHECKPOINT_TYPE", "pytorch")),
)
