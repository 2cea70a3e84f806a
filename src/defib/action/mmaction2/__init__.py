"""A config of mmaction2 or pyskl, as nested plain values, becomes a recipe: each key translated, known and left, or unknown.

Keys that hold what every recipe has anyway (the preprocessing of RGBPoseConv3D) are taken when they say the same. What is
left is listed: a person has to decide about it.
"""

from __future__ import annotations

from defib.action.mmaction2.data import clips, data
from defib.action.mmaction2.leftovers import left
from defib.action.mmaction2.network import heads, network
from defib.action.mmaction2.reading import Reading, Row, Translation, Tree
from defib.action.mmaction2.training import optimizer, schedule, training

__all__ = ["Row", "Translation", "translate"]


def translate(tree: Tree, path: str) -> Translation:
    """A recipe from a config.

    path: of the config, for the message.

    Raises NotTranslated when the network is none of ours.
    """
    config = Reading(tree)
    streams = network(config, path)
    heads(config)
    data(config)
    clips(config)
    optimizer(config)
    schedule(config)
    training(config)
    config.made.recipe.setdefault("model", {})["streams"] = list(streams)
    if len(streams) == 1:
        config.put("evaluate.metric", f"val/top1/{streams[0]}", "model.backbone")
    config.made.left = list(left(config))
    return config.made
