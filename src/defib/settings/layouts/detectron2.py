"""detectron2: `SOLVER`, counted in steps; `IMS_PER_BATCH` counts all GPUs together."""

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
    ("total_batch", "SOLVER.IMS_PER_BATCH"),
    ("max_steps", "SOLVER.MAX_ITER"),
    ("load_from", "MODEL.WEIGHTS"),
    ("work_dir", "OUTPUT_DIR"),
)


def _recognises(tree: Tree) -> bool:
    return has(tree, "SOLVER.BASE_LR") and (has(tree, "SOLVER.IMS_PER_BATCH") or has(tree, "SOLVER.MAX_ITER"))


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    yield from named(tree, TABLE)
    if has(tree, "SOLVER.WARMUP_ITERS") and plain(at(tree, "SOLVER.WARMUP_ITERS")):
        yield "warmup", "SOLVER.WARMUP_ITERS"
    part = "SOLVER.CLIP_GRADIENTS"
    held = at(tree, part) if has(tree, part) else None
    if isinstance(held, dict) and held.get("ENABLED") is True and plain(held.get("CLIP_VALUE")):
        kind = held.get("CLIP_TYPE", "value")
        if kind in ("value", "norm"):  # other kinds are a project's own
            yield "clip_value" if kind == "value" else "clip", f"{part}.CLIP_VALUE"


detectron2 = Layout(name="detectron2", rank=30, recognises=_recognises, find=_find, load_site="MODEL.WEIGHTS")
