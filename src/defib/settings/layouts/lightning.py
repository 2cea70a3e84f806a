"""Lightning CLI: `trainer`, `model`, `data`, `optimizer`, `lr_scheduler`.

Keys: Lightning-AI/pytorch-lightning, src/lightning/pytorch/cli.py and the Trainer's own arguments. A part is a
`class_path` with `init_args` where its class is chosen in the config, and its arguments alone where it is fixed in the
program. `ckpt_path` restores the optimizer and the loops too. The CLI steps an `lr_scheduler` once an epoch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Clipping, Layout, Stepped, milestones, named
from defib.settings.tree import at, get, has, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.settings.tree import Tree

TABLE = (
    ("weight_decay", "optimizer.init_args.weight_decay"),
    ("weight_decay", "model.init_args.weight_decay"),
    ("weight_decay", "model.weight_decay"),
    ("momentum", "optimizer.init_args.momentum"),
    ("max_steps", "trainer.max_steps"),
    ("max_epochs", "trainer.max_epochs"),
    ("batch_size", "data.init_args.batch_size"),
    ("batch_size", "data.batch_size"),
    ("resume", "ckpt_path"),
    ("work_dir", "trainer.default_root_dir"),
    ("model", "model.class_path"),
)
RATES = (
    "optimizer.init_args.lr",
    "model.init_args.optimizer.init_args.lr",
    *(f"{part}.{name}" for part in ("model.init_args", "model") for name in ("lr", "learning_rate")),
)
LENGTHS = {
    "MultiStepLR": ("milestones",),
    "StepLR": ("step_size",),
    "CosineAnnealingLR": ("T_max",),
}
"""What of a scheduler of torch counts epochs."""


def _recognises(tree: Tree) -> bool:
    trainer = tree.get("trainer")
    if not isinstance(trainer, dict) or not any(key in trainer for key in ("max_epochs", "max_steps", "accelerator")):
        return False
    return (
        "seed_everything" in tree
        or "ckpt_path" in tree
        or any(
            has(tree, f"{part}.{key}") for part in ("model", "data", "optimizer") for key in ("class_path", "init_args")
        )
    )


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    for key, path in named(tree, TABLE):
        if not key.startswith("max_") or (plain(at(tree, path)) or 0) > 0:  # -1: no limit
            yield key, path
    rates = [path for _, path in named(tree, [("lr", path) for path in RATES])]
    if len({at(tree, path) for path in rates}) == 1:  # two that differ: which of them counts is not known
        yield from (("lr", path) for path in rates)
    name = "optimizer.class_path"
    if has(tree, name) and isinstance(at(tree, name), str):
        yield "optimizer", name
    clip = "trainer.gradient_clip_val"
    if has(tree, clip) and plain(at(tree, clip)):
        kind = "trainer.gradient_clip_algorithm"
        by_value = has(tree, kind) and at(tree, kind) == "value"
        yield "clip_value" if by_value else "clip", clip


def _lengths(tree: Tree) -> Iterator[str]:
    if plain(get(tree, "trainer.max_epochs")) is None:
        return
    kind = get(tree, "lr_scheduler.class_path")
    for name in LENGTHS.get(str(kind).rpartition(".")[2], ()):
        yield f"lr_scheduler.init_args.{name}"


def _stepped(tree: Tree) -> Iterator[Stepped]:
    yield from milestones(tree, "lr_scheduler.init_args.gamma", "lr_scheduler.init_args.milestones")


lightning = Layout(
    name="lightning",
    rank=30,
    recognises=_recognises,
    find=_find,
    lengths=_lengths,
    stepped=_stepped,
    accumulates=("trainer.accumulate_grad_batches",),
    resume_off=None,
    clipping=Clipping("trainer.gradient_clip_val", absent=True),
)
