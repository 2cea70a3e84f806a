"""PySlowFast: `SOLVER`, counted in epochs; `TRAIN.BATCH_SIZE` counts all GPUs of a machine together.

Keys and defaults: facebookresearch/SlowFast, slowfast/config/defaults.py; how they are used: tools/train_net.py and
slowfast/utils/checkpoint.py. `TRAIN.AUTO_RESUME` takes the last checkpoint of `OUTPUT_DIR`, else
`TRAIN.CHECKPOINT_FILE_PATH` counts. Where both kinds of clipping are set, that of the value is used. `SOLVER.STEPS` belong
to the policies whose names begin with `steps_`. Each sample is drawn `AUG.NUM_SAMPLE` times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Layout, counted, named
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
    ("load_from", "TRAIN.CHECKPOINT_FILE_PATH"),
    ("resume", "TRAIN.AUTO_RESUME"),
    ("work_dir", "OUTPUT_DIR"),
    ("classes", "MODEL.NUM_CLASSES"),
    ("model", "MODEL.MODEL_NAME"),
)
CLIPS = (("clip_value", "SOLVER.CLIP_GRAD_VAL"), ("clip", "SOLVER.CLIP_GRAD_L2NORM"))
"""The first one that is set is used."""


def _recognises(tree: Tree) -> bool:
    return has(tree, "SOLVER.MAX_EPOCH") or (has(tree, "SOLVER.BASE_LR") and has(tree, "TRAIN.BATCH_SIZE"))


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    yield from named(tree, TABLE)
    for key, path in CLIPS:
        if has(tree, path) and plain(at(tree, path)):
            yield key, path
            break
    if tree.get("NUM_SHARDS", 1) == 1:  # with several machines the batch is that of one
        yield from named(tree, [("total_batch", "TRAIN.BATCH_SIZE")])
    if has(tree, "SOLVER.WARMUP_EPOCHS") and plain(at(tree, "SOLVER.WARMUP_EPOCHS")):
        yield "warmup", "SOLVER.WARMUP_EPOCHS"


def _lengths(tree: Tree) -> Iterator[str]:
    policy = at(tree, "SOLVER.LR_POLICY") if has(tree, "SOLVER.LR_POLICY") else "cosine"
    if str(policy).startswith("steps_"):
        yield "SOLVER.STEPS"


pyslowfast = Layout(
    name="pyslowfast",
    rank=25,
    recognises=_recognises,
    find=_find,
    lengths=_lengths,
    accumulated=counted("AUG.NUM_SAMPLE"),
    load_site="TRAIN.CHECKPOINT_FILE_PATH",
    work_dir=("OUTPUT_DIR", "."),
    # Otherwise the epoch, the optimizer and so the schedule are taken from the checkpoint, or it is read as Caffe2's.
    fresh=(("TRAIN.CHECKPOINT_EPOCH_RESET", True), ("TRAIN.CHECKPOINT_TYPE", "pytorch")),
)
