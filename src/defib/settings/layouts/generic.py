"""Hand-written YAML, JSON and TOML, Hydra and OmegaConf among them: well-known names in well-known places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Layout, fits
from defib.settings.tree import at, has
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.settings.tree import Tree

PARENTS = ("", "optimizer", "optim", "train", "training", "solver", "trainer", "hparams", "optimizer.params")
NAMES = {
    "lr": ("lr", "learning_rate", "base_lr"),
    "weight_decay": ("weight_decay",),
    "momentum": ("momentum",),
    "clip": ("clip_grad_norm", "max_grad_norm", "grad_clip_norm"),
    "max_epochs": ("max_epochs", "epochs", "num_epochs", "total_epochs"),
    "max_steps": ("max_steps",),
    "warmup": ("warmup_epochs", "warmup_steps"),
    "load_from": ("load_from",),
    "work_dir": ("work_dir", "output_dir"),
}
"""Only what can mean one thing. A batch size is not here: whether it counts one GPU or all is not in its name."""
DIFFER = Words(
    en="{key} is written in several places that differ ({paths}): which of them counts is not known, so it is left out",
    zh="{key} 在多处写法不一（{paths}）：不知道以哪个为准，因此略去",
)


def _candidates(tree: Tree, key: str) -> list[str]:
    paths = [f"{parent}.{name}" if parent else name for parent in PARENTS for name in NAMES[key]]
    found = [path for path in paths if has(tree, path) and fits(key, at(tree, path))]
    return [path for path in found if key != "warmup" or at(tree, path)]


def _agree(tree: Tree, paths: list[str]) -> bool:
    first = at(tree, paths[0])
    return all(at(tree, path) == first for path in paths)


def _recognises(tree: Tree) -> bool:
    return any(_candidates(tree, key) for key in NAMES)


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    for key in NAMES:
        paths = _candidates(tree, key)
        if paths and _agree(tree, paths):
            yield from ((key, path) for path in paths)


def _notes(tree: Tree) -> Iterator[Words]:
    for key in NAMES:
        paths = _candidates(tree, key)
        if paths and not _agree(tree, paths):
            yield DIFFER.fill(key=key, paths=", ".join(paths))


generic = Layout(name="generic", rank=90, recognises=_recognises, find=_find, notes=_notes)
