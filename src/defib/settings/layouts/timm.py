"""timm: `args.yaml`, flat; `batch_size` is that of one GPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Layout, counted, named
from defib.settings.tree import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.settings.tree import Tree

TABLE = (
    ("lr", "lr"),
    ("weight_decay", "weight_decay"),
    ("momentum", "momentum"),
    ("optimizer", "opt"),
    ("schedule", "sched"),
    ("batch_size", "batch_size"),
    ("max_epochs", "epochs"),
    ("load_from", "initial_checkpoint"),
    ("resume", "resume"),
    ("classes", "num_classes"),
    ("model", "model"),
)


def _recognises(tree: Tree) -> bool:
    return isinstance(tree.get("opt"), str) and "sched" in tree and "epochs" in tree


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    yield from named(tree, TABLE)
    kind = tree.get("clip_mode", "norm")
    if plain(tree.get("clip_grad")) and kind in ("norm", "value"):  # agc is a third thing
        yield "clip" if kind == "norm" else "clip_value", "clip_grad"
    if plain(tree.get("warmup_epochs")):
        yield "warmup", "warmup_epochs"
    if isinstance(tree.get("experiment"), str) and tree["experiment"]:  # empty: named after the moment it starts
        yield "work_dir", "experiment"


timm = Layout(
    name="timm",
    rank=30,
    recognises=_recognises,
    find=_find,
    milestones=("decay_milestones",),
    accumulated=counted("grad_accum_steps"),
    resume_off="",
    load_site="initial_checkpoint",
)
