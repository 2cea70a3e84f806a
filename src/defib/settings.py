"""Canonical settings: what they are called here, in words, and where each framework keeps them.

Causes and plays speak of `lr`, `clip` or `loss_weight.pose`, never of a framework's keys. `read` finds them in a
parsed config; each `Setting` carries every path at which the value is written, the copies that a framework keeps in
variables and resolved pipelines included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defib.records import Config, Setting
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    Tree = dict[str, Any]

EXPRESSION = "$expression"

NAMES: dict[str, Words] = {
    "lr": Words(en="learning rate", zh="学习率"),
    "weight_decay": Words(en="weight decay", zh="权重衰减"),
    "momentum": Words(en="momentum", zh="动量"),
    "optimizer": Words(en="optimizer", zh="优化器"),
    "clip": Words(en="gradient clipping (largest norm)", zh="梯度裁剪（最大范数）"),
    "batch_size": Words(en="batch size per GPU", zh="每张 GPU 的批大小"),
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


def name_of(key: str) -> Words:
    """A setting in words.

    >>> name_of("loss_weight.pose").zh
    'pose 的损失权重'
    """
    stem, _, rest = key.partition(".")
    return NAMES[stem].fill(branch=rest) if rest and stem == "loss_weight" else NAMES[stem]


def read(config: Config) -> dict[str, Setting]:
    """All canonical settings that a config holds, by key. A value that could not be evaluated is left out."""
    found: dict[str, Setting] = {}
    for key, path in _mmengine(config.tree):
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


def twins(config: Config, path: str) -> tuple[str, ...]:
    """The other paths that hold the same value because they are, or were, the same object.

    A config as written links them by variables (`Config.links`); a config as dumped repeats them, and then the
    conventional variables (`train_pipeline`, `head_cfg`, ...) count where they hold the same value.
    """
    found = [path]
    for seen in found:  # grows while we walk: a link may lead to another link
        for usage, variable in config.links.items():
            for one, other in ((usage, variable), (variable, usage)):
                if seen == one or seen.startswith(f"{one}."):
                    copy = other + seen.removeprefix(one)
                    if copy not in found:
                        found.append(copy)
    for seen in list(found):
        for used, variable in _DUMPED:
            copy = variable + seen.removeprefix(used)
            held = seen.startswith(f"{used}.") and has(config.tree, copy)
            if held and copy not in found and _same_step(config.tree, seen, copy):
                found.append(copy)
    return tuple(other for other in found[1:] if has(config.tree, other))


def at(tree: Any, path: str) -> Any:  # noqa: ANN401 (any config value)
    """The value at a dotted path; list positions are numbers.

    Raises KeyError when there is nothing.

    >>> at({"param_scheduler": [{"gamma": 25.0}]}, "param_scheduler.0.gamma")
    25.0
    """
    value = tree
    for step in path.split("."):
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, ValueError, TypeError):
            raise KeyError(path) from None
    return value


def has(tree: Any, path: str) -> bool:  # noqa: ANN401 (any config value)
    """Whether there is something at a dotted path."""
    try:
        at(tree, path)
    except KeyError:
        return False
    return True


def steps(tree: Tree, key: str) -> list[tuple[str, Tree]]:
    """Every `dict` in the list at `key`, with its path; a single one counts as a list of one."""
    value = tree.get(key)
    if isinstance(value, dict) and EXPRESSION not in value:
        return [(key, value)]
    if not isinstance(value, list):
        return []
    return [(f"{key}.{index}", item) for index, item in enumerate(value) if isinstance(item, dict)]


def schedulers(tree: Tree) -> list[tuple[str, Tree]]:
    """The learning-rate schedulers of an mmengine config, in order, with their paths."""
    return [(path, step) for path, step in steps(tree, "param_scheduler") if isinstance(step.get("type"), str)]


WARMUPS = frozenset({"LinearLR", "ConstantLR"})

# (where the framework uses it, the variable from which a dump keeps a dead copy)
_DUMPED = (
    ("train_dataloader.dataset.pipeline", "train_pipeline"),
    ("train_dataloader.dataset.dataset.pipeline", "train_pipeline"),
    ("val_dataloader.dataset.pipeline", "val_pipeline"),
    ("test_dataloader.dataset.pipeline", "test_pipeline"),
    ("model.cls_head", "head_cfg"),
)

_PLAIN = (
    ("lr", "optim_wrapper.optimizer.lr"),
    ("weight_decay", "optim_wrapper.optimizer.weight_decay"),
    ("momentum", "optim_wrapper.optimizer.momentum"),
    ("optimizer", "optim_wrapper.optimizer.type"),
    ("clip", "optim_wrapper.clip_grad.max_norm"),
    ("batch_size", "train_dataloader.batch_size"),
    ("max_epochs", "train_cfg.max_epochs"),
    ("load_from", "load_from"),
    ("resume", "resume"),
    ("work_dir", "work_dir"),
    ("save_best", "default_hooks.checkpoint.save_best"),
    ("max_keep", "default_hooks.checkpoint.max_keep_ckpts"),
    ("classes", "model.cls_head.num_classes"),
    ("model", "model.backbone.type"),
    ("pretrained", "model.backbone.pretrained"),
    ("schedule", "param_scheduler"),
)


def _mmengine(tree: Tree) -> Iterator[tuple[str, str]]:
    """(key, path) for each setting of an mmengine config."""
    for key, path in _PLAIN:
        if has(tree, path):
            yield key, path
    for path, step in schedulers(tree):
        if step["type"] in WARMUPS and step.get("begin", 0) == 0:
            yield "warmup", path
        if isinstance(step.get("gamma"), int | float) and not isinstance(step.get("gamma"), bool):
            yield "schedule_factor", f"{path}.gamma"
    yield from _loss_weights(tree)
    for loader, kind, name, key in (
        ("train_dataloader", "RandomResizedCrop", "area_range", "crop_area"),
        ("train_dataloader", "ColorJitter", "", "color_jitter"),
        ("test_dataloader", "", "num_clips", "test_clips"),
        ("val_dataloader", "", "num_clips", "val_clips"),
    ):
        for path, step in _pipeline(tree, loader):
            if (kind and step.get("type") != kind) or (name and name not in step):
                continue
            yield key, f"{path}.{name}" if name else path


def _pipeline(tree: Tree, loader: str) -> list[tuple[str, Tree]]:
    """The transforms that a dataloader applies, through RepeatDataset and the like, with their paths."""
    path = f"{loader}.dataset"
    while has(tree, f"{path}.dataset"):
        path = f"{path}.dataset"
    path = f"{path}.pipeline"
    value = at(tree, path) if has(tree, path) else None
    if not isinstance(value, list):
        variable = loader.removesuffix("_dataloader") + "_pipeline"
        return steps(tree, variable)
    return [(f"{path}.{index}", step) for index, step in enumerate(value) if isinstance(step, dict)]


def _loss_weights(tree: Tree) -> Iterator[tuple[str, str]]:
    """The head's loss weights by branch; weights beyond the named components belong to their coarse heads."""
    head = "model.cls_head"
    if not has(tree, f"{head}.loss_weights"):
        return
    weights = at(tree, f"{head}.loss_weights")
    parts = at(tree, f"{head}.loss_components") if has(tree, f"{head}.loss_components") else None
    if not isinstance(weights, list):
        return
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        parts = ["rgb", "pose"]
    if len(weights) == 2 * len(parts):
        parts = [*parts, *(f"{part}_coarse" for part in parts)]
    if len(weights) == len(parts):
        yield from ((f"loss_weight.{part}", f"{head}.loss_weights.{index}") for index, part in enumerate(parts))


def _same_step(tree: Tree, path: str, copy: str) -> bool:
    """Whether a dead copy still agrees: the value itself, and for a transform also its type."""
    if at(tree, path) != at(tree, copy):
        return False
    parent, other = path.rpartition(".")[0], copy.rpartition(".")[0]
    mine, theirs = at(tree, parent) if parent else tree, at(tree, other) if other else tree
    return not isinstance(mine, dict) or not isinstance(theirs, dict) or mine.get("type") == theirs.get("type")


def _unique(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paths))
