"""timm: `args.yaml`, flat; `batch_size` is that of one GPU.

Names: huggingface/pytorch-image-models, train.py. `initial_checkpoint` loads weights only, `resume` the optimizer and
the epoch too. `decay_milestones` belong to the schedule `multistep` and `decay_epochs` to `step`; both stand in every
`args.yaml`. Without `lr` the rate is `lr_base`, scaled to the batch by its linear or square root.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Clipping, Layout, named
from defib.settings.tree import plain
from defib.words import Words, number

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
LENGTHS = {"multistep": "decay_milestones", "step": "decay_epochs"}
SCALED = Words(
    en="lr is not set: timm scales lr_base ({base}, for a batch of {size}) to the batch by itself, so the rate is not known "
    "from this config; a number for lr takes its place",
    zh="lr 未设置：timm 会按批大小自行缩放 lr_base（{base}，对应批大小 {size}），因此无法从该配置得知学习率；写上 lr 的数值即可取代它",
)
BASE_SIZE = 256
"""timm's default of `lr_base_size`."""


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


def _lengths(tree: Tree) -> Iterator[str]:
    path = LENGTHS.get(str(tree.get("sched")))
    if path is not None:
        yield path


def _notes(tree: Tree) -> Iterator[Words]:
    base = plain(tree.get("lr_base"))
    if base and not plain(tree.get("lr")):
        yield SCALED.fill(base=number(base), size=tree.get("lr_base_size", BASE_SIZE))


timm = Layout(
    name="timm",
    rank=30,
    recognises=_recognises,
    find=_find,
    lengths=_lengths,
    accumulates=("grad_accum_steps",),
    resume_off="",
    load_site="initial_checkpoint",
    clipping=Clipping("clip_grad", absent=False),
    undone=(("start_epoch", None),),  # the schedule would begin there
    notes=_notes,
)
