"""Where each framework keeps a setting, for its page; a test reads each place back through the framework's layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.settings.layouts import detectron2, detectron2_lazy, huggingface, lightning, mmcv, pyslowfast, timm, trainer
from defib.settings.layouts import ultralytics as yolo

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES: dict[str, tuple[tuple[str, str], ...]] = {
    "mmcv": (*mmcv.TABLE, ("warmup", "lr_config.warmup"), ("schedule_factor", "lr_config.gamma")),
    "Hugging Face": (
        *huggingface.KEYS,
        ("batch_size", "per_device_train_batch_size"),
        ("max_steps", "max_steps"),
        ("max_epochs", "num_train_epochs"),
        ("clip", "max_grad_norm"),
        ("warmup", "warmup_steps"),
        ("warmup", "warmup_ratio"),
    ),
    "Lightning CLI": (
        *lightning.TABLE,
        *(("lr", path) for path in lightning.RATES),
        ("optimizer", "optimizer.class_path"),
        ("clip", "trainer.gradient_clip_val"),
        ("clip_value", "trainer.gradient_clip_val"),
        ("schedule_factor", "lr_scheduler.init_args.gamma"),
    ),
    "Ultralytics": (
        *yolo.IGNORED,
        *yolo.TABLE,
        ("total_batch", "batch"),
        ("warmup", "warmup_epochs"),
        ("work_dir", "save_dir"),
    ),
    "detectron2": (
        *detectron2.TABLE,
        ("total_batch", "SOLVER.IMS_PER_BATCH"),
        ("warmup", "SOLVER.WARMUP_ITERS"),
        ("clip", "SOLVER.CLIP_GRADIENTS.CLIP_VALUE"),
        ("clip_value", "SOLVER.CLIP_GRADIENTS.CLIP_VALUE"),
    ),
    "detectron2 LazyConfig": (*detectron2_lazy.TABLE, ("clip", f"{detectron2_lazy.CLIP}.params.max_norm")),
    "PySlowFast": (
        *pyslowfast.TABLE,
        *pyslowfast.CLIPS,
        ("total_batch", "TRAIN.BATCH_SIZE"),
        ("warmup", "SOLVER.WARMUP_EPOCHS"),
    ),
    "timm": (
        *timm.TABLE,
        ("clip", "clip_grad"),
        ("clip_value", "clip_grad"),
        ("warmup", "warmup_epochs"),
        ("work_dir", "experiment"),
    ),
    "defib train": (
        *trainer.TABLE,
        *trainer.PIPELINE,
        ("warmup", "schedule.warmup_epochs"),
        ("schedule_factor", "schedule.factor"),
        ("loss_weight", "loss.weights"),
    ),
}
"""Program -> (setting, path), the usual place first."""


def places(setting: str) -> Iterator[tuple[str, str]]:
    """(program, path) for each program that has the setting: the usual place of each.

    >>> dict(places("clip"))["PySlowFast"], "mmcv" in dict(places("color_jitter"))
    ('SOLVER.CLIP_GRAD_L2NORM', False)
    """
    for program, table in TABLES.items():
        found = next((path for key, path in table if key == setting), None)
        if found is not None:
            yield program, found
