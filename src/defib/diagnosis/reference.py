"""Which known-good recipe a run follows, if any."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from defib import catalogue, settings
from defib.diagnosis import references
from defib.records import Reference, Run
from defib.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

SAME_MODEL = Words(
    en="same model ({model}) and number of classes ({classes})",
    zh="模型（{model}）与类别数（{classes}）相同",
)
OTHER_CLASSES = Words(
    en="same model ({model}), but {classes} classes instead of {theirs}: its settings can be compared, its scores not",
    zh="模型（{model}）相同，但类别数为 {classes} 而非 {theirs}：可以比较设置，不能比较分数",
)
UNKNOWN_CLASSES = Words(
    en="same model ({model}), but how many classes it tells apart is not known: its settings can be compared, its scores not",
    zh="模型（{model}）相同，但类别数未知：可以比较设置，不能比较分数",
)

STREAMS = "model.streams"
"""Where a recipe of defib's trainer says what it trains."""
TAXONOMIES = {"ntu60": 60, "ntu120": 120, "ma52": 52}
"""Classes of the taxonomies that it ships."""
PUBLISHED = {"rgb_channels": 64, "pose_channels": 32, "depth": 50}
"""Sizes of the published networks."""


@cache
def all_references() -> dict[str, Reference]:
    """Every reference, by name."""
    return catalogue.entries(references, Reference)


def match(run: Run) -> Reference | None:
    """The reference for a run's model, and whether its scores can be expected here.

    A recipe for another number of classes still says which rate and weights are known to work; what it reaches is
    then left out.
    """
    model, classes = run.setting("model"), run.setting("classes")
    if model is None:
        model, classes = _of_our_trainer(run)
    if not isinstance(model, str):
        return None
    same = [one for one in all_references().values() if one.settings["model"] == model and _stream_fits(run, one)]
    if not same:
        return None
    exact = next((one for one in same if one.settings["classes"] == classes), None)
    if exact is not None:
        return msgspec.structs.replace(exact, why=SAME_MODEL.fill(model=model, classes=classes))
    first = _preferred(same)
    words = UNKNOWN_CLASSES if classes is None else OTHER_CLASSES
    why = words.fill(model=model, classes=classes, theirs=first.settings["classes"])
    return msgspec.structs.replace(first, expects=(), why=why)


def _of_our_trainer(run: Run) -> tuple[str | None, int | None]:
    """Model and number of classes where a recipe of defib's trainer names neither: it trains one network.

    References call a single stream by mmaction2's backbone for it.
    """
    tree = {} if run.config is None else run.config.tree
    streams, taxonomy = _streams(run), settings.get(tree, "taxonomy", "ntu60")
    classes = next((size for name, size in TAXONOMIES.items() if str(taxonomy).startswith(name)), None)
    full = all(settings.get(tree, f"model.{key}", size) == size for key, size in PUBLISHED.items())
    if not isinstance(streams, list) or classes is None or not full:
        return None, None  # made-up people and small networks have no published recipe
    return ("RGBPoseConv3D" if len(streams) > 1 else "ResNet3dSlowOnly"), classes


def _streams(run: Run) -> object:
    """What a recipe of defib's trainer trains; both streams where it does not say, None for every other config."""
    layout = None if run.config is None else settings.layout_of(run.config)
    if run.config is None or layout is None or layout.name != "trainer":
        return None
    return settings.get(run.config.tree, STREAMS, ["rgb", "pose"])


def _preferred(same: Iterable[Reference]) -> Reference:
    """The one tuned at the largest batch: a rate that was scaled up is better known than one that was not."""
    return max(same, key=lambda one: one.batch)


def _stream_fits(run: Run, reference: Reference) -> bool:
    """Single streams share a backbone class; the pose stream takes one channel a keypoint."""
    stream = reference.settings.get("stream")
    if stream is None:
        return True
    streams = _streams(run)
    if streams is not None:
        return bool(streams == [stream])
    tree = {} if run.config is None else run.config.tree
    channels = settings.get(tree, "model.backbone.in_channels", 3)
    return bool((stream == "pose") == (channels != 3))  # noqa: PLR2004 (red, green and blue)
