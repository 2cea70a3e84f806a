"""Ultralytics: `args.yaml`, flat. `batch` counts all GPUs together.

Names: ultralytics/ultralytics, ultralytics/cfg/default.yaml; how they are used: engine/trainer.py. `model` may be a
checkpoint, of which the weights are taken; `pretrained: false` drops them again, and a path there replaces them. The
rate falls from `lr0` to `lr0 * lrf`. Gradients are clipped at a norm of 10 that no key changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Layout, named
from defib.settings.tree import plain
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.settings.tree import Tree

NOMINAL = 64
"""Ultralytics' default of `nbs`: batches are gathered until about so many samples are in one step."""
AUTO = Words(
    en="optimizer is 'auto': Ultralytics then chooses the optimizer and ignores lr0 and momentum, so the learning rate is not "
    "known from this config and an edit of lr0 alone would do nothing; name the optimizer as well",
    zh="optimizer 为 'auto'：Ultralytics 会自行选择优化器并忽略 lr0 与 momentum，因此无法从该配置得知学习率，只改 lr0 也不起作用；请同时指定 optimizer",
)
TABLE = (
    ("weight_decay", "weight_decay"),
    ("optimizer", "optimizer"),
    ("max_epochs", "epochs"),
    ("model", "model"),
    ("load_from", "model"),
    ("resume", "resume"),
)
IGNORED = (("lr", "lr0"), ("momentum", "momentum"))
"""What Ultralytics reads only when the optimizer is named."""


def _recognises(tree: Tree) -> bool:
    return "lr0" in tree and "epochs" in tree


def _automatic(tree: Tree) -> bool:
    return bool(tree.get("optimizer", "auto") == "auto")


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    yield from named(tree, TABLE if _automatic(tree) else (*IGNORED, *TABLE))
    batch = tree.get("batch")
    if isinstance(batch, int) and batch > 0:  # -1 and shares of the memory: chosen when the run starts
        yield "total_batch", "batch"
    if plain(tree.get("warmup_epochs")):
        yield "warmup", "warmup_epochs"
    folder = next((key for key in ("save_dir", "name") if isinstance(tree.get(key), str) and tree[key]), None)
    if folder is not None:  # save_dir wins where both are set
        yield "work_dir", folder


def _accumulated(tree: Tree) -> int | None:
    batch, nominal = tree.get("batch"), tree.get("nbs", NOMINAL)
    if not isinstance(batch, int) or batch <= 0 or not isinstance(nominal, int):
        return None
    return max(round(nominal / batch), 1)


def _notes(tree: Tree) -> Iterator[Words]:
    if _automatic(tree):
        yield AUTO


ultralytics = Layout(
    name="ultralytics",
    rank=30,
    recognises=_recognises,
    find=_find,
    accumulated=_accumulated,
    load_site="model",
    undone=(("pretrained", True),),
    notes=_notes,
)
