"""defib's own recipes: keys are the canonical names themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Layout, named
from defib.settings.tree import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.settings.tree import Tree

KEYS = (
    "lr",
    "weight_decay",
    "momentum",
    "optimizer",
    "clip",
    "batch_size",
    "max_epochs",
    "load_from",
    "resume",
    "work_dir",
    "classes",
    "model",
    "pretrained",
)


def _recognises(tree: Tree) -> bool:
    return "lr" in tree and "max_epochs" in tree and ("clip" in tree or isinstance(tree.get("loss_weight"), dict))


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    yield from named(tree, [(key, key) for key in KEYS])
    if plain(tree.get("warmup")):
        yield "warmup", "warmup"
    weights = tree.get("loss_weight")
    if isinstance(weights, dict):
        yield from named(tree, [(f"loss_weight.{branch}", f"loss_weight.{branch}") for branch in weights])


recipe = Layout(name="recipe", rank=40, recognises=_recognises, find=_find, load_site="load_from")
