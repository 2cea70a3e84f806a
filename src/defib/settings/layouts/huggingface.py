"""Hugging Face `TrainingArguments`, from JSON, YAML or a command line, with `-` or `_`.

Names and meanings: huggingface/transformers, src/transformers/training_args.py. `max_steps` above 0 overrides the
epochs; `warmup_steps` above 0 overrides `warmup_ratio` (from version 5 it may itself be a share below 1);
`max_grad_norm` 0 switches clipping off. `model_name_or_path` is the argument of the example scripts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Clipping, Layout, named
from defib.settings.tree import plain
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.settings.tree import Tree

KEYS = (
    ("lr", "learning_rate"),
    ("weight_decay", "weight_decay"),
    ("optimizer", "optim"),
    ("schedule", "lr_scheduler_type"),
    ("load_from", "model_name_or_path"),
    ("model", "model_name_or_path"),
    ("resume", "resume_from_checkpoint"),
    ("work_dir", "output_dir"),
    ("save_best", "metric_for_best_model"),
    ("max_keep", "save_total_limit"),
)
MARKS = frozenset(
    {"per_device_train_batch_size", "num_train_epochs", "max_grad_norm", "lr_scheduler_type", "output_dir"}
)
LEAST = 2
"""Names of TrainingArguments that must be there: one alone may be anybody's."""
FOUND = Words(
    en="auto_find_batch_size is on: the Trainer halves the batch until it fits, so the batch size is not known from this config",
    zh="auto_find_batch_size 已开启：Trainer 会不断减半批大小直到显存够用，因此无法从该配置得知批大小",
)


def _recognises(tree: Tree) -> bool:
    return len(MARKS & {key.replace("-", "_") for key in tree}) >= LEAST


def _held(tree: Tree, key: str) -> str:
    """The spelling of a key that a config uses."""
    dashed = key.replace("_", "-")
    return dashed if dashed in tree else key


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    yield from named(tree, [(key, _held(tree, path)) for key, path in KEYS])
    if not _searches(tree):
        yield from named(tree, [("batch_size", _held(tree, "per_device_train_batch_size"))])
    steps, epochs, clip = (_held(tree, key) for key in ("max_steps", "num_train_epochs", "max_grad_norm"))
    limited = (plain(tree.get(steps)) or 0) > 0
    if limited:  # it overrides the number of epochs
        yield "max_steps", steps
    elif plain(tree.get(epochs)) is not None:
        yield "max_epochs", epochs
    if plain(tree.get(clip)):  # 0: no clipping
        yield "clip", clip
    for key in ("warmup_steps", "warmup_ratio"):  # steps override the share
        path = _held(tree, key)
        if plain(tree.get(path)):
            yield "warmup", path
            return


def _searches(tree: Tree) -> bool:
    """Whether the Trainer looks for a batch size by itself."""
    return tree.get(_held(tree, "auto_find_batch_size")) is True


def _notes(tree: Tree) -> Iterator[Words]:
    if _searches(tree):
        yield FOUND


huggingface = Layout(
    name="huggingface",
    rank=30,
    recognises=_recognises,
    find=_find,
    accumulates=("gradient_accumulation_steps", "gradient-accumulation-steps"),
    resume_off=None,
    load_site="model_name_or_path",
    clipping=Clipping("max_grad_norm", absent=False),
    work_dir=("output_dir", "trainer_output"),
    notes=_notes,
)
