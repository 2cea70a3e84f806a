"""A config of mmaction2 or pyskl, as nested plain values, becomes a recipe: each key translated, known and left, or unknown.

Keys that hold what every recipe has anyway (the preprocessing of RGBPoseConv3D) are taken when they say the same. What is
left is listed: a person has to decide about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from defib.action.errors.training import NotTranslated
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Tree = dict[str, Any]
BACKBONES = {"RGBPoseConv3D": ("rgb", "pose"), "ResNet3dSlowOnly": None}
OTHER_BACKBONE = Words(
    en="its backbone is {found}; expected RGBPoseConv3D or ResNet3dSlowOnly",
    zh="其主干网络为 {found}；应为 RGBPoseConv3D 或 ResNet3dSlowOnly",
)
NO_MODEL = Words(en="it has no model.backbone", zh="其中没有 model.backbone")
CLASSES = {60: "ntu60", 120: "ntu120", 52: "ma52"}
TREES = {(60, 8): "ntu60_tree8"}
PASSING = (
    "default_scope", "default_hooks.runtime_info", "default_hooks.timer", "default_hooks.logger", "default_hooks.param_scheduler",
    "default_hooks.sampler_seed", "default_hooks.sync_buffers", "env_cfg", "log_processor", "log_level", "launcher", "vis_backends",
    "visualizer", "dist_params", "log_config", "workflow", "find_unused_parameters", "gpu_ids", "custom_imports",
    "data_preprocessor", "model.data_preprocessor", "model.type", "val_cfg", "test_cfg", "val_evaluator", "test_evaluator",
    "model.test_cfg", "model.train_cfg", "randomness.diff_rank_seed",
)  # fmt: skip
"""What a recipe has no key for and does not need one."""


FIXED: dict[str, dict[str, object]] = {
    "rgb_pathway": {
        "num_stages": 4, "lateral_infl": 1, "lateral_activate": [0, 0, 1, 1], "conv1_kernel": [1, 7, 7], "inflate": [0, 0, 1, 1],
        "with_pool2": False,
    },
    "pose_pathway": {
        "num_stages": 3, "lateral": True, "lateral_inv": True, "lateral_infl": 16, "lateral_activate": [0, 1, 1], "fusion_kernel": 7,
        "out_indices": [2], "conv1_kernel": [1, 7, 7], "conv1_stride_s": 1, "conv1_stride_t": 1, "pool1_stride_s": 1,
        "pool1_stride_t": 1, "inflate": [0, 1, 1], "spatial_strides": [2, 2, 2], "temporal_strides": [1, 1, 1],
        "dilations": [1, 1, 1], "with_pool2": False,
    },
}  # fmt: skip
"""What the network has anyway; a config that says otherwise is told so."""


JITTER = ("brightness", "contrast", "saturation", "hue")
STEPS: dict[str, tuple[str, str, object] | None] = {
    **dict.fromkeys(
        (
            "MMUniformSampleFrames",
            "UniformSampleFrames",
            "Resize",
            "ColorJitter",
            "MMDecode",
            "DecordInit",
            "DecordDecode",
        )
    ),
    **dict.fromkeys(
        ("PoseDecode", "CenterCrop", "FormatShape", "PackActionInputs", "Normalize", "Collect", "ToTensor")
    ),
    "MMCompact": ("padding", "padding", None),
    "PoseCompact": ("padding", "padding", None),
    "RandomResizedCrop": ("area_range", "area_range", [0.08, 1.0]),
    "Flip": ("flip", "flip_ratio", 0.5),
    "GeneratePoseTarget": ("sigma", "sigma", None),
}
"""Steps of a pipeline that a recipe's has too: its key, the step's argument, mmaction2's own default."""


class Row(NamedTuple):
    """One thing that was translated."""

    source: str
    """Key of the config."""
    key: str
    """Key of the recipe."""
    value: object


@dataclass(slots=True)
class Translation:
    """A recipe, and how it came about."""

    recipe: Tree = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    left: list[tuple[str, object]] = field(default_factory=list)
    """Keys and values that no recipe has a place for."""
    notes: list[Words] = field(default_factory=list)


class _Reading:
    """A config of which is remembered what was looked at."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self.seen = tree, set[str]()
        self.made = Translation()

    def at(self, path: str) -> Any:  # noqa: ANN401 (any config value)
        """The value under a dotted path, None where there is none."""
        here: Any = self.tree
        for part in path.split("."):
            if isinstance(here, list) and part.isdigit() and int(part) < len(here):
                here = here[int(part)]
            elif isinstance(here, dict) and part in here:
                here = here[part]
            else:
                return None
        self.seen.add(path)
        return here

    def first(self, *paths: str) -> tuple[str, Any]:
        """The first path that is there, and its value."""
        for path in paths:
            found = self.at(path)
            if found is not None:
                return path, found
        return paths[0], None

    def put(self, key: str, value: object, source: str) -> None:
        """Set a key of the recipe."""
        *way, last = key.split(".")
        here = self.made.recipe
        for part in way:
            here = here.setdefault(part, {})
        here[last] = value
        self.made.rows.append(Row(source, key, value))

    def take(self, key: str, *paths: str) -> Any:  # noqa: ANN401 (any config value)
        """Set a key of the recipe from the first path that is there."""
        path, found = self.first(*paths)
        if found is not None and not _opaque(found):
            self.put(key, found, path)
        return found


def translate(tree: Tree, path: str) -> Translation:
    """A recipe from a config.

    path: of the config, for the message.

    Raises NotTranslated when the network is none of ours.
    """
    config = _Reading(tree)
    streams = _network(config, path)
    _heads(config)
    _data(config)
    _clips(config)
    _optimizer(config)
    _schedule(config)
    _training(config)
    config.made.recipe.setdefault("model", {})["streams"] = list(streams)
    if len(streams) == 1:
        config.put("evaluate.metric", f"val/top1/{streams[0]}", "model.backbone")
    config.made.left = list(_left(config))
    return config.made


def _network(config: _Reading, path: str) -> tuple[str, ...]:
    kind = config.at("model.backbone.type")
    if kind is None:
        raise NotTranslated(path=path, reason=NO_MODEL)
    if kind not in BACKBONES:
        raise NotTranslated(path=path, reason=OTHER_BACKBONE.fill(found=kind))
    both = BACKBONES[kind]
    if both is None:
        channels = config.at("model.backbone.in_channels") or 3
        stream = "rgb" if channels == 3 else "pose"  # noqa: PLR2004 (red, green, blue)
        config.take(f"model.{stream}_channels", "model.backbone.base_channels")
        if stream == "pose":
            config.put("model.keypoints", channels, "model.backbone.in_channels")
            config.take("model.pose_blocks", "model.backbone.stage_blocks")
        else:
            config.take("model.depth", "model.backbone.depth")
        return (stream,)
    pathways = "model.backbone.{}_pathway"
    config.take("model.frames_ratio", "model.backbone.speed_ratio")
    config.at("model.backbone.channel_ratio")
    config.take("model.keypoints", f"{pathways.format('pose')}.in_channels")
    for stream in both:
        config.take(f"model.{stream}_channels", f"{pathways.format(stream)}.base_channels")
        config.take(f"model.{stream}_blocks", f"{pathways.format(stream)}.stage_blocks")
        config.take(f"model.{stream}_detach", f"model.backbone.{stream}_detach")
        config.take(f"model.{stream}_drop_path", f"model.backbone.{stream}_drop_path")
    for pathway, values in FIXED.items():
        for key, value in values.items():
            name = f"model.backbone.{pathway}.{key}"
            if config.at(name) != value:
                config.seen.discard(name)  # it stays among what is left over
    config.take("model.lateral_kernel", f"{pathways.format('rgb')}.fusion_kernel")
    config.take("model.laterals", f"{pathways.format('rgb')}.lateral")
    return both


def _heads(config: _Reading) -> None:
    head = "model.cls_head"
    classes, groups = config.at(f"{head}.num_classes"), config.at(f"{head}.num_coarse_classes")
    named = TREES.get((classes, groups)) or CLASSES.get(classes)
    if named is not None:
        config.put("taxonomy", named, f"{head}.num_classes")
    else:
        config.made.notes.append(
            Words(
                en="no taxonomy of ours has {classes} classes: name one in the recipe",
                zh="没有 {classes} 类的内置分类体系：请在配方中指明",
            ).fill(classes=classes)
        )
    parts = config.take("loss.components", f"{head}.loss_components")
    config.take("loss.weights", f"{head}.loss_weights")
    if groups is not None or any("coarse" in str(part) for part in parts or ()):
        config.put(
            "model.coarse",
            value=True,
            source=f"{head}.num_coarse_classes" if groups is not None else f"{head}.loss_components",
        )
    if "PCAN" in str(config.at(f"{head}.type")):
        for key, value in (
            ("model.prototypes", {}),
            ("loss.tree", 1.0),
            ("loss.calibration", 0.2),
            ("loss.diversity", 0.2),
        ):
            config.put(key, value, f"{head}.type")
    for key in ("in_channels", "average_clips", "type"):
        config.at(f"{head}.{key}")
    dropout = config.at(f"{head}.dropout") or config.at(f"{head}.dropout_ratio")
    if isinstance(dropout, dict):
        dropout = next(iter(dropout.values()), None)
    if isinstance(dropout, int | float):
        config.put("model.dropout", dropout, f"{head}.dropout")
    config.take("loss.label_smoothing", f"{head}.label_smooth_eps")


def _data(config: _Reading) -> None:
    front, whole = _dataset(config)
    if front is None:
        return
    config.put("data.kind", "videos", front)
    config.take("data.annotations", f"{front}.ann_file", "ann_file")
    videos = config.take(
        "data.videos", f"{front}.data_prefix.video", f"{front}.data_prefix.img", f"{front}.data_prefix", "data_root"
    )
    if not isinstance(videos, str):
        config.put("data.videos", "videos", f"{front}.data_prefix")
    config.take("data.train_split", f"{front}.split")
    config.take("data.repeat", f"{whole}.times")
    config.take("data.val_split", "val_dataloader.dataset.split", "data.val.split")
    for name in ("dataset_type", "data_root", "ann_file", "ann_file_train", "ann_file_val", "left_kp", "right_kp"):
        config.at(name)
    config.take(
        "train.batch", "train_dataloader.batch_size", "data.videos_per_gpu", "data.train_dataloader.videos_per_gpu"
    )
    config.take("train.workers", "train_dataloader.num_workers", "data.workers_per_gpu")
    for split in ("train", "val", "test"):
        for key in ("persistent_workers", "sampler", "pin_memory"):
            config.at(f"{split}_dataloader.{key}")
    for split in ("val", "test"):
        config.at(f"{split}_dataloader.batch_size")
        config.at(f"{split}_dataloader.num_workers")
        for key in ("type", "ann_file", "split", "data_prefix", "test_mode"):
            config.at(f"{split}_dataloader.dataset.{key}")
            config.at(f"data.{split}.{key}")


def _dataset(config: _Reading) -> tuple[str | None, str]:
    """Where the training set stands: within one that repeats it, or by itself."""
    for whole in ("train_dataloader.dataset", "data.train"):
        if config.at(whole) is None:
            continue
        front = f"{whole}.dataset" if isinstance(config.at(f"{whole}.dataset"), dict) else whole
        config.at(f"{whole}.type")
        config.at(f"{front}.type")
        return front, whole
    return None, ""


def _clips(config: _Reading) -> None:
    """The steps of the pipelines. What every recipe does anyway is taken where it says the same."""
    sides = {"train": "size", "val": "test_size", "test": "test_size"}
    for split, side in sides.items():
        for front in (
            f"{split}_pipeline",
            f"{split}_dataloader.dataset.pipeline",
            f"{split}_dataloader.dataset.dataset.pipeline",
            f"data.{split}.pipeline",
            f"data.{split}.dataset.pipeline",
        ):
            steps = config.at(front)
            if isinstance(steps, list):
                for at, step in enumerate(steps):
                    if isinstance(step, dict):
                        _step(config, f"{front}.{at}", step, split, side)


def _step(config: _Reading, front: str, step: Tree, split: str, side: str) -> None:
    kind, train = step.get("type"), split == "train"
    if kind not in STEPS:
        return
    config.seen.add(front)
    scale = _side(step.get("scale"))
    if kind in {"MMUniformSampleFrames", "UniformSampleFrames"}:
        _lengths(config, front, step)
        if split == "test":
            _once(config, "evaluate.clips", step.get("num_clips"), f"{front}.num_clips")
    elif kind == "Resize" and scale is not None:  # the last of several counts
        config.made.rows = [row for row in config.made.rows if row.key != f"data.pipeline.{side}"]
        config.put(f"data.pipeline.{side}", scale, f"{front}.scale")
    elif kind == "ColorJitter" and train:
        values = {name: step[name] for name in JITTER if isinstance(step.get(name), int | float)}
        _once(config, "data.pipeline.jitter", values, f"{front}.type")
    elif kind in STEPS and STEPS[kind] is not None and (train or kind == "MMCompact"):
        key, name, usual = STEPS[kind] or ("", "", None)
        _once(config, f"data.pipeline.{key}", step.get(name, usual), f"{front}.{name}")


def _lengths(config: _Reading, front: str, step: Tree) -> None:
    length = step.get("clip_len")
    if isinstance(length, dict):
        _once(config, "data.pipeline.rgb_frames", length.get("RGB"), f"{front}.clip_len")
        _once(config, "data.pipeline.pose_frames", length.get("Pose"), f"{front}.clip_len")
    elif length is not None:
        pose = "GeneratePoseTarget" in str(config.at(front.rsplit(".", 1)[0]))
        _once(config, f"data.pipeline.{'pose' if pose else 'rgb'}_frames", length, f"{front}.clip_len")


def _once(config: _Reading, key: str, value: object, source: str) -> None:
    if value is not None and all(row.key != key for row in config.made.rows):
        config.put(key, value, source)


def _side(scale: object) -> int | None:
    """The side of a square; mmaction2 writes -1 for `as the picture has it`."""
    if isinstance(scale, list) and len(scale) == 2 and scale[0] == scale[1] and isinstance(scale[0], int):  # noqa: PLR2004 (width, height)
        return scale[0]
    return None


def _optimizer(config: _Reading) -> None:
    front = "optim_wrapper.optimizer" if config.at("optim_wrapper.optimizer") is not None else "optimizer"
    kind = str(config.at(f"{front}.type") or "SGD").lower()
    if kind in {"sgd", "adamw"}:
        config.put("optim.type", kind, f"{front}.type")
    else:
        config.seen.discard(f"{front}.type")
    for key in ("lr", "momentum", "weight_decay", "nesterov", "betas"):
        config.take(f"optim.{key}", f"{front}.{key}")
    config.take("optim.clip", "optim_wrapper.clip_grad.max_norm", "optimizer_config.grad_clip.max_norm")
    for path in ("optim_wrapper.clip_grad.norm_type", "optimizer_config.grad_clip.norm_type", "optim_wrapper.type"):
        config.at(path)
    if "optim.clip" not in {row.key for row in config.made.rows}:
        config.put("optim.clip", None, "optim_wrapper.clip_grad")
    config.take("train.accumulate", "optim_wrapper.accumulative_counts")
    if config.at("optim_wrapper.type") == "AmpOptimWrapper":
        half = config.at("optim_wrapper.dtype")
        config.put("train.precision", "bf16" if half == "bfloat16" else "fp16", "optim_wrapper.type")
        config.at("optim_wrapper.loss_scale")
    base = config.at("auto_scale_lr.base_batch_size")
    if config.at("auto_scale_lr.enable"):
        config.put("optim.base_batch", base, "auto_scale_lr.base_batch_size")
    elif base is not None:
        words = Words(
            en="auto_scale_lr is off in the config: the rate is taken as it is, whatever the batch",
            zh="配置中 auto_scale_lr 已关闭：无论批大小如何，学习率都按原值使用",
        )
        config.made.notes.append(words)


def _schedule(config: _Reading) -> None:
    listed = config.at("param_scheduler")
    for at, one in enumerate(listed if isinstance(listed, list) else [listed] if isinstance(listed, dict) else []):
        front = f"param_scheduler.{at}" if isinstance(listed, list) else "param_scheduler"
        _scheduler(config, front, one if isinstance(one, dict) else {})
    if config.at("lr_config.warmup") == "linear" and config.at("lr_config.warmup_by_epoch"):
        config.take("schedule.warmup_epochs", "lr_config.warmup_iters")
        config.take("schedule.warmup_start", "lr_config.warmup_ratio")
    policy = str(config.at("lr_config.policy") or "").lower()
    if policy == "step":
        config.put("schedule.type", "steps", "lr_config.policy")
        config.take("schedule.milestones", "lr_config.step")
        config.take("schedule.factor", "lr_config.gamma")
    elif policy == "cosineannealing":
        config.put("schedule.type", "cosine", "lr_config.policy")
        for key in ("min_lr", "by_epoch"):
            config.at(f"lr_config.{key}")
    elif listed is None:
        config.put("schedule.type", "constant", "param_scheduler")


def _scheduler(config: _Reading, front: str, one: Tree) -> None:
    kind = one.get("type")
    rate = config.made.recipe.get("optim", {}).get("lr")
    if kind == "LinearLR":
        config.put("schedule.warmup_epochs", one.get("end", 0) - one.get("begin", 0), f"{front}.end")
        config.put("schedule.warmup_start", one.get("start_factor", 1 / 3), f"{front}.start_factor")
    elif kind == "CosineAnnealingLR":
        config.put("schedule.type", "cosine", f"{front}.type")
        end = one.get("eta_min_ratio", one.get("eta_min", 0) / rate if rate else 0)
        config.put("schedule.end", end, f"{front}.eta_min")
    elif kind == "MultiStepLR":
        config.put("schedule.type", "steps", f"{front}.type")
        config.put("schedule.milestones", one.get("milestones"), f"{front}.milestones")
        config.put("schedule.factor", one.get("gamma", 0.1), f"{front}.gamma")
    else:
        return
    config.seen.add(front)


def _training(config: _Reading) -> None:
    config.take("train.max_epochs", "train_cfg.max_epochs", "total_epochs", "runner.max_epochs")
    config.take("evaluate.every", "train_cfg.val_interval", "evaluation.interval")
    for path in (
        "train_cfg.type",
        "train_cfg.val_begin",
        "evaluation.metrics",
        "evaluation.topk",
        "default_hooks.checkpoint.type",
    ):
        config.at(path)
    config.take("keep.every", "default_hooks.checkpoint.interval", "checkpoint_config.interval")
    config.at("default_hooks.checkpoint.save_best")
    config.take("work_dir", "work_dir")
    config.take("seed", "randomness.seed", "seed")
    config.take("deterministic", "randomness.deterministic")
    config.take("load_from", "load_from")
    if config.at("resume") is True:
        config.seen.add("resume")
        words = Words(
            en="resume was true: checkpoints of mmaction2 can be taken as weights (load_from), not resumed",
            zh="原配置 resume 为 true：mmaction2 的检查点只能作为权重载入（load_from），不能续训",
        )
        config.made.notes.append(words)
    for name in ("resume", "resume_from", "load_from", "work_dir"):
        if name in config.tree:
            config.seen.add(name)
    config.made.recipe.setdefault("work_dir", "runs/translated")


def _left(config: _Reading) -> Iterator[tuple[str, object]]:
    """What was not looked at, each key once, without copies of what was: variables that the config also uses elsewhere."""
    used = [
        value for value in (config.at(path) for path in list(config.seen)) if isinstance(value, dict | list) and value
    ]
    for path, value in _leaves(config.tree, ""):
        covered = any(path == seen or path.startswith(f"{seen}.") for seen in _ends(config)) or _within(path, PASSING)
        if not covered and not any(value is one or value == one for one in used) and not _variable(config, path):
            yield path, value


def _ends(config: _Reading) -> set[str]:
    """Paths whose whole value was used; those that were only looked into have longer ones beside them."""
    return {path for path in config.seen if not any(other.startswith(f"{path}.") for other in config.seen)} | {
        path for path in config.seen if path.rsplit(".", 1)[-1].isdigit()
    }


def _variable(config: _Reading, path: str) -> bool:
    """Whether a key at the top is only a name for something that stands elsewhere in the config too."""
    top = path.split(".", 1)[0]
    value = config.tree[top]
    return isinstance(value, dict | list) and any(
        value == other for name, part in config.tree.items() if name != top for other in _parts(part)
    )


def _parts(value: object) -> Iterator[object]:
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(inner)


def _leaves(value: object, way: str) -> Iterator[tuple[str, object]]:
    items: Iterable[tuple[object, object]] = ()
    if isinstance(value, dict) and not _opaque(value):
        items = value.items()
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        items = enumerate(value)
    else:
        yield way, value
        return
    for key, inner in items:
        yield from _leaves(inner, f"{way}.{key}" if way else str(key))


def _within(path: str, fronts: Iterable[str]) -> bool:
    return any(path == front or path.startswith(f"{front}.") for front in fronts)


def _opaque(value: object) -> bool:
    """What the parser could not evaluate without executing it."""
    return isinstance(value, dict) and "$expression" in value
