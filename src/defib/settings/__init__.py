"""Canonical settings: what they are called here, in words, and where each framework keeps them.

Causes and plays speak of `lr`, `clip` or `loss_weight.pose`, never of a framework's keys. `read` finds them in a
parsed config; each `Setting` carries every path at which the value is written, the copies that a framework keeps in
variables and resolved pipelines included. Each file in `layouts` is one way to lay out a config.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from defib import catalogue
from defib.records import Config, Setting
from defib.settings import layouts
from defib.settings.layout import Layout
from defib.settings.layouts.mmengine import WARMUPS, schedulers
from defib.settings.tree import EXPRESSION, at, get, has, plain, steps
from defib.settings.twins import twins
from defib.words import Words

if TYPE_CHECKING:
    from defib.settings.tree import Tree

__all__ = [
    "EXPRESSION",
    "NAMES",
    "WARMUPS",
    "Layout",
    "all_layouts",
    "at",
    "get",
    "has",
    "layout_of",
    "name_of",
    "notes",
    "plain",
    "read",
    "schedulers",
    "steps",
    "twins",
]

NAMES: dict[str, Words] = {
    "lr": Words(en="learning rate", zh="学习率"),
    "weight_decay": Words(en="weight decay", zh="权重衰减"),
    "momentum": Words(en="momentum", zh="动量"),
    "optimizer": Words(en="optimizer", zh="优化器"),
    "clip": Words(en="gradient clipping (largest norm)", zh="梯度裁剪（最大范数）"),
    "clip_value": Words(en="gradient clipping (largest value of an element)", zh="梯度裁剪（单个分量的最大值）"),
    "batch_size": Words(en="batch size per GPU", zh="每张 GPU 的批大小"),
    "total_batch": Words(en="batch size over all GPUs", zh="所有 GPU 合计的批大小"),
    "max_steps": Words(en="number of steps", zh="训练步数"),
    "max_epochs": Words(en="number of epochs", zh="训练轮数"),
    "warmup": Words(en="warm-up", zh="学习率预热"),
    "schedule": Words(en="learning-rate schedule", zh="学习率调度"),
    "schedule_factor": Words(en="factor of a schedule step", zh="调度步的倍率"),
    "loss_weight": Words(en="loss weight of {branch}", zh="{branch} 的损失权重"),
    "crop_area": Words(en="area range of the random crop", zh="随机裁剪的面积范围"),
    "color_jitter": Words(en="colour jitter", zh="颜色扰动（ColorJitter）"),
    "test_clips": Words(en="clips per video at test time", zh="测试时每个视频的片段数"),
    "val_clips": Words(en="clips per video in validation", zh="验证时每个视频的片段数"),
    "load_from": Words(en="start checkpoint (weights only)", zh="起始检查点（仅权重）"),
    "resume": Words(en="resume optimizer and schedule", zh="恢复优化器与调度器"),
    "work_dir": Words(en="work directory", zh="工作目录"),
    "save_best": Words(en="metric by which the best is kept", zh="保存最佳检查点所依据的指标"),
    "max_keep": Words(en="checkpoints kept", zh="保留的检查点个数"),
    "classes": Words(en="number of classes", zh="类别数"),
    "model": Words(en="model", zh="模型"),
    "pretrained": Words(en="pre-trained weights of the backbone", zh="骨干网络的预训练权重"),
}
"""Every canonical setting; a key such as `loss_weight.pose` is looked up without what follows the dot."""


PYTHON = frozenset({"mmengine", "mmcv", "detectron2_lazy"})
"""The layouts that are written as Python."""


def name_of(key: str) -> Words:
    """A setting in words.

    >>> name_of("loss_weight.pose").zh
    'pose 的损失权重'
    """
    stem, _, rest = key.partition(".")
    return NAMES[stem].fill(branch=rest) if rest and stem == "loss_weight" else NAMES[stem]


@cache
def all_layouts() -> dict[str, Layout]:
    """Every layout, by name."""
    return catalogue.entries(layouts, Layout)


def layout_of(config: Config) -> Layout | None:
    """How a config is laid out, or None when nothing in it is recognised.

    A Python config that shows no other layout is mmengine's: only its programs are parsed as such.
    """
    tree: Tree = config.tree
    found = next(
        (one for one in sorted(all_layouts().values(), key=lambda one: one.rank) if one.recognises(tree)), None
    )
    python = config.dialect.startswith("mmengine")
    return all_layouts()["mmengine"] if python and (found is None or found.name not in PYTHON) else found


UNKNOWN = Words(
    en="{path}: no setting is found at a place that is known, so its settings are unknown",
    zh="{path}：没有在已知的位置找到任何设置，因此其中的设置未知",
)


def notes(config: Config) -> tuple[Words, ...]:
    """What has to be said about the settings of a config: that none is known, or that one is ambiguous."""
    layout = layout_of(config)
    if layout is None:
        return (UNKNOWN.fill(path=config.path),)
    return tuple(layout.notes(config.tree)) if layout.notes is not None else ()


def read(config: Config) -> dict[str, Setting]:
    """All canonical settings that a config holds, by key. A value that could not be evaluated is left out."""
    found: dict[str, Setting] = {}
    layout = layout_of(config)
    for key, path in () if layout is None else layout.find(config.tree):
        value = at(config.tree, path)
        if isinstance(value, dict) and EXPRESSION in value:
            continue
        if key not in found:
            found[key] = Setting(key=key, value=value, paths=(path,))
        elif found[key].value == value:  # a second one that differs is another decision, not another site
            found[key] = Setting(key=key, value=value, paths=_unique((*found[key].paths, path)))
    for key, setting in found.items():
        paths = tuple(copy for path in setting.paths for copy in (path, *twins(config, path)))
        found[key] = Setting(key=key, value=setting.value, paths=_unique(paths))
    return found


def _unique(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paths))
