"""mmcv 0.x and 1.x (pyskl, mmaction 0.x, PCAN, mmdetection 2): `optimizer`, `lr_config`, `total_epochs`.

Keys: open-mmlab/mmcv (1.x), mmcv/runner/hooks/optimizer.py (`grad_clip` goes to clip_grad_norm_; `cumulative_iters` of
GradientCumulativeOptimizerHook) and lr_updater.py (`step` belongs to the policy `step` and counts epochs, or iterations
where `by_epoch` is False); mmdetection 2 insists that `total_epochs` and `runner.max_epochs` agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layout import Clipping, Layout, Stepped, counted, milestones, named
from defib.settings.tree import at, has

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defib.settings.tree import Tree

NEWER = ("optim_wrapper", "param_scheduler", "train_dataloader")
MARKS = ("optimizer_config", "lr_config", "total_epochs", "runner")
TABLE = (
    ("lr", "optimizer.lr"),
    ("weight_decay", "optimizer.weight_decay"),
    ("momentum", "optimizer.momentum"),
    ("optimizer", "optimizer.type"),
    ("clip", "optimizer_config.grad_clip.max_norm"),
    ("batch_size", "data.videos_per_gpu"),
    ("batch_size", "data.samples_per_gpu"),
    ("batch_size", "data.train_dataloader.videos_per_gpu"),
    ("batch_size", "data.train_dataloader.samples_per_gpu"),
    ("max_epochs", "total_epochs"),
    ("max_steps", "runner.max_iters"),
    ("max_epochs", "runner.max_epochs"),
    ("load_from", "load_from"),
    ("resume", "resume_from"),
    ("work_dir", "work_dir"),
    ("save_best", "evaluation.save_best"),
    ("max_keep", "checkpoint_config.max_keep_ckpts"),
    ("classes", "model.cls_head.num_classes"),
    ("model", "model.backbone.type"),
    ("pretrained", "model.backbone.pretrained"),
)


def _recognises(tree: Tree) -> bool:
    if any(key in tree for key in NEWER):
        return False
    return isinstance(tree.get("optimizer"), dict) and any(mark in tree for mark in MARKS)


def _find(tree: Tree) -> Iterator[tuple[str, str]]:
    yield from named(tree, TABLE)
    # Without a kind there is no warm-up, whatever its length says.
    if has(tree, "lr_config.warmup") and isinstance(at(tree, "lr_config.warmup"), str):
        yield "warmup", "lr_config.warmup"


def _lengths(tree: Tree) -> Iterator[str]:
    schedule = tree.get("lr_config")
    if not isinstance(schedule, dict) or str(schedule.get("policy")).lower() != "step":
        return
    runner = tree.get("runner")
    steps = isinstance(runner, dict) and "max_iters" in runner
    if schedule.get("by_epoch", True) is not steps:  # it counts what the length of the run counts
        yield "lr_config.step"


def _stepped(tree: Tree) -> Iterator[Stepped]:
    schedule = tree.get("lr_config")
    if isinstance(schedule, dict) and str(schedule.get("policy")).lower() == "step":
        yield from milestones(
            tree, "lr_config.gamma", "lr_config.step", by_epoch=schedule.get("by_epoch", True) is True
        )


mmcv = Layout(
    name="mmcv",
    rank=10,
    recognises=_recognises,
    find=_find,
    lengths=_lengths,
    stepped=_stepped,
    accumulated=counted("optimizer_config.cumulative_iters"),
    warmup_off=None,
    resume_off=None,
    load_site="load_from",
    clipping=Clipping("optimizer_config.grad_clip", absent=True, inside="max_norm"),
)
