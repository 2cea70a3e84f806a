"""The network, its heads and their losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defib.action.errors.training import NotTranslated
from defib.action.naming import named
from defib.words import Words

if TYPE_CHECKING:
    from defib.action.mmaction2.reading import Reading

BACKBONES = {"RGBPoseConv3D": ("rgb", "pose"), "ResNet3dSlowOnly": None}
OTHER_BACKBONE = Words(
    en="its backbone is {found}; expected RGBPoseConv3D or ResNet3dSlowOnly",
    zh="其主干网络为 {found}；应为 RGBPoseConv3D 或 ResNet3dSlowOnly",
)
NO_MODEL = Words(en="it has no model.backbone", zh="其中没有 model.backbone")
NO_TAXONOMY = Words(
    en="no taxonomy of ours has {classes} classes and {groups} groups: name one in the recipe",
    zh="没有 {classes} 类、{groups} 组的内置分类体系：请在配方中指明",
)
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


def network(config: Reading, path: str) -> tuple[str, ...]:
    """The sizes; returns the streams. Raises NotTranslated."""
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


def heads(config: Reading) -> None:
    """Classes, groups, losses and dropout."""
    head = "model.cls_head"
    classes, groups = config.at(f"{head}.num_classes"), config.at(f"{head}.num_coarse_classes")
    found = named(classes, groups)
    if found is not None:
        config.put("taxonomy", found, f"{head}.num_classes")
    else:
        config.made.notes.append(NO_TAXONOMY.fill(classes=classes, groups="-" if groups is None else groups))
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
