"""detectron2's YAML: `SOLVER`, counted in steps; `IMS_PER_BATCH` counts all GPUs together.

Keys and defaults: facebookresearch/detectron2, detectron2/config/defaults.py; how they are used: solver/build.py,
engine/defaults.py. `MODEL.WEIGHTS` is loaded as weights only unless `--resume` is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Layout, named
from defib.settings.tree import at, has, plain
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.settings.tree import Tree

TABLE = (
    ("lr", "SOLVER.BASE_LR"),
    ("weight_decay", "SOLVER.WEIGHT_DECAY"),
    ("momentum", "SOLVER.MOMENTUM"),
    ("max_steps", "SOLVER.MAX_ITER"),
    ("load_from", "MODEL.WEIGHTS"),
    ("work_dir", "OUTPUT_DIR"),
)
CLIPPED = {"value": "clip_value", "full_model": "clip"}
"""`full_model` is what DETR and its descendants add; detectron2's own `norm` limits every parameter by itself."""
BY_PARAMETER = Words(
    en="CLIP_TYPE is 'norm': detectron2 then limits the gradient of each parameter by itself, which no logged norm can be "
    "compared with",
    zh="CLIP_TYPE 为 'norm'：detectron2 会逐个参数限制梯度，无法与日志中的任何范数比较",
)
SCALED = Words(
    en="SOLVER.REFERENCE_WORLD_SIZE is {size}: with another number of GPUs detectron2 scales batch, learning rate and steps "
    "by itself, so the batch is not known from this config",
    zh="SOLVER.REFERENCE_WORLD_SIZE 为 {size}：GPU 数量不同时 detectron2 会自行缩放批大小、学习率与步数，因此无法从该配置得知批大小",
)


def _recognises(tree: Tree) -> bool:
    return has(tree, "SOLVER.BASE_LR") and (has(tree, "SOLVER.IMS_PER_BATCH") or has(tree, "SOLVER.MAX_ITER"))


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    yield from named(tree, TABLE)
    if not _reference(tree):
        yield from named(tree, [("total_batch", "SOLVER.IMS_PER_BATCH")])
    if has(tree, "SOLVER.WARMUP_ITERS") and plain(at(tree, "SOLVER.WARMUP_ITERS")):
        yield "warmup", "SOLVER.WARMUP_ITERS"
    held = _clip(tree)
    kind = CLIPPED.get(held.get("CLIP_TYPE", "value"))
    if kind is not None and plain(held.get("CLIP_VALUE")):
        yield kind, "SOLVER.CLIP_GRADIENTS.CLIP_VALUE"


def _clip(tree: Tree) -> Tree:
    """The part about clipping where it is switched on, else nothing."""
    part = "SOLVER.CLIP_GRADIENTS"
    held = at(tree, part) if has(tree, part) else None
    return held if isinstance(held, dict) and held.get("ENABLED") is True else {}


def _reference(tree: Tree) -> float:
    """The number of GPUs that the numbers are meant for; 0 where they are meant for any."""
    path = "SOLVER.REFERENCE_WORLD_SIZE"
    return plain(at(tree, path)) or 0 if has(tree, path) else 0


def _lengths(tree: Tree) -> Iterator[str]:
    name = at(tree, "SOLVER.LR_SCHEDULER_NAME") if has(tree, "SOLVER.LR_SCHEDULER_NAME") else "WarmupMultiStepLR"
    if name == "WarmupMultiStepLR":
        yield "SOLVER.STEPS"


def _notes(tree: Tree) -> Iterator[Words]:
    if _clip(tree).get("CLIP_TYPE") == "norm":
        yield BY_PARAMETER
    if _reference(tree):
        yield SCALED.fill(size=int(_reference(tree)))


detectron2 = Layout(
    name="detectron2",
    rank=30,
    recognises=_recognises,
    find=_find,
    lengths=_lengths,
    load_site="MODEL.WEIGHTS",
    work_dir=("OUTPUT_DIR", "./output"),
    notes=_notes,
)
