"""Where the clips come from, and the steps of the pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defib.action.mmaction2.reading import Reading, Tree

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


def data(config: Reading) -> None:
    """Dataset and loaders."""
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


def _dataset(config: Reading) -> tuple[str | None, str]:
    """Where the training set stands: within one that repeats it, or by itself."""
    for whole in ("train_dataloader.dataset", "data.train"):
        if config.at(whole) is None:
            continue
        front = f"{whole}.dataset" if isinstance(config.at(f"{whole}.dataset"), dict) else whole
        config.at(f"{whole}.type")
        config.at(f"{front}.type")
        return front, whole
    return None, ""


def clips(config: Reading) -> None:
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


def _step(config: Reading, front: str, step: Tree, split: str, side: str) -> None:
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
    elif (known := STEPS[kind]) is not None and (train or kind == "MMCompact"):
        key, name, usual = known
        _once(config, f"data.pipeline.{key}", step.get(name, usual), f"{front}.{name}")


def _lengths(config: Reading, front: str, step: Tree) -> None:
    length = step.get("clip_len")
    if isinstance(length, dict):
        _once(config, "data.pipeline.rgb_frames", length.get("RGB"), f"{front}.clip_len")
        _once(config, "data.pipeline.pose_frames", length.get("Pose"), f"{front}.clip_len")
    elif length is not None:
        pose = "GeneratePoseTarget" in str(config.at(front.rsplit(".", 1)[0]))
        _once(config, f"data.pipeline.{'pose' if pose else 'rgb'}_frames", length, f"{front}.clip_len")


def _once(config: Reading, key: str, value: object, source: str) -> None:
    if value is not None and all(row.key != key for row in config.made.rows):
        config.put(key, value, source)


def _side(scale: object) -> int | None:
    """The side of a square; mmaction2 writes -1 for `as the picture has it`."""
    if isinstance(scale, list) and len(scale) == 2 and scale[0] == scale[1] and isinstance(scale[0], int):  # noqa: PLR2004 (width, height)
        return scale[0]
    return None
